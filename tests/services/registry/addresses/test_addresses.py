"""Sharing an address: one agreement per organisation and place at a time."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from services.registry.addresses.names import place_of
from shared.contracts.base import Address
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

PLACE = {"street": "ul. Focha", "building": "19/21", "city": "Częstochowa"}
FIND = """query($day: Date, $organization: ID!, $host: ID!) {
  addressAgreements(asOf: $day, filter: { organizationId: $organization }) {
    nodes { id room terms host { id } organization { id } address { street } }
  }
  organization(id: $host) { hostedAddresses(filter: { asOf: $day }) { totalCount } }
}"""


@pytest.mark.parametrize(
    ("street", "building", "same"),
    [
        ("ul. Focha", "19/21", True),
        ("FOCHA", "19 / 21", True),
        ("ulica  Focha", "19/21", True),
        ("ul. Focha", "19", False),
        ("ul. Śląska", "19/21", False),
        ("plac Focha", "19/21", False),
    ],
)
def test_one_place_under_any_writing_is_one_place(street: str, building: str, same: bool) -> None:
    place = place_of(Address(street="Focha", building="19/21", city="Częstochowa"), None)
    assert (place_of(Address(street=street, building=building, city="czestochowa"), None) == place) is same


def test_a_street_a_square_and_an_avenue_of_one_name_are_three() -> None:
    ways = [("ul. Wolności", "Wolności", "ULICA WOLNOŚCI"), ("plac Wolności", "pl. Wolności"),
            ("al. Wolności", "Aleja Wolności", "ul. Aleja Wolności"), ("os. Wolności", "osiedle wolnosci")]  # fmt: skip
    places = [{place_of(Address(street=name, building="5"), None) for name in names} for names in ways]
    assert [len(same) for same in places] == [1, 1, 1, 1]
    assert len(set().union(*places)) == 4


async def share(
    city: System, host: str, organization: str, since: str, until: str | None = None, **more: Any
) -> Answer:
    body = {"hostId": host, "organizationId": organization, "address": PLACE, "terms": "Korespondencja w pokoju 29."}
    body |= {"startsOn": since, "endsOn": until} | more
    return await city.call("registry", "shareAddress", body, city.token(Role.OFFICIAL))


async def end(city: System, agreement: dict[str, Any], on: str) -> Answer:
    body = {"id": agreement["id"], "expectedVersion": agreement["version"], "endedOn": on}
    return await city.call("registry", "endAddressSharing", body, city.token(Role.OFFICIAL))


async def test_an_organisation_has_one_agreement_on_one_place_at_a_time(city: System) -> None:
    host, club, other = [await city.organization() for _ in range(3)]
    assert (await share(city, host, club, "2020-01-01", "2020-12-31"))[0] == 200
    again = await share(city, host, club, "2020-12-31", address=PLACE | {"street": "FOCHA"})
    assert refusal(again) == (409, "ADDRESS_SHARED_ALREADY", "startsOn")
    assert refusal(await share(city, host, club, "2019-01-01"))[1] == "ADDRESS_SHARED_ALREADY"
    assert (await share(city, host, club, "2019-01-01", "2019-12-31"))[0] == 200
    assert (await share(city, host, club, "2020-06-01", room="29"))[0] == 200
    assert (await share(city, host, other, "2020-06-01"))[0] == 200
    _, open_ended = await share(city, host, club, "2021-01-01")
    assert refusal(await share(city, host, club, "2030-01-01"))[1] == "ADDRESS_SHARED_ALREADY"
    await end(city, open_ended, "2022-03-31")
    assert (await share(city, host, club, "2022-04-01"))[0] == 200


async def test_of_agreements_entered_at_once_one_holds(city: System) -> None:
    host, club = await city.organization(), await city.organization()
    days = [f"2020-01-{day:02}" for day in range(1, 7)]
    answers = await asyncio.gather(*(share(city, host, club, day) for day in days))
    codes = Counter("agreed" if status == 200 else refusal((status, body))[1] for status, body in answers)
    assert codes == {"agreed": 1, "ADDRESS_SHARED_ALREADY": 5}


async def test_agreements_as_of_a_day(city: System) -> None:
    host, club = await city.organization(), await city.organization()
    _, first = await share(city, host, club, "2018-01-01", "2019-12-31", room="29")
    _, second = await share(city, host, club, "2020-01-01")
    await end(city, second, "2020-06-30")
    for day, there in (
        ("2017-12-31", None), ("2018-01-01", first), ("2019-12-31", first),
        ("2020-01-01", second), ("2020-06-30", second), ("2020-07-01", None),
    ):  # fmt: skip
        found = await city.ask(FIND, {"day": day, "organization": club, "host": host})
        nodes = found["addressAgreements"]["nodes"]
        assert [node["id"] for node in nodes] == ([there["id"]] if there else []), day
        assert found["organization"]["hostedAddresses"]["totalCount"] == len(nodes)
        assert all(node["host"] == {"id": host} and node["organization"] == {"id": club} for node in nodes)


async def test_an_agreement_ends_once_in_its_time(city: System) -> None:
    _, made = await share(city, await city.organization(), await city.organization(), "2020-01-01", "2020-12-31")
    assert refusal(await end(city, made, "2019-12-31")) == (422, "PERIOD_REVERSED", "endedOn")
    assert refusal(await end(city, made, "2021-01-01")) == (422, "ENDED_TOO_LATE", "endedOn")
    _, ended = await end(city, made, "2020-05-31")
    assert ended["endedOn"] == "2020-05-31"
    assert refusal(await end(city, ended, "2020-05-30")) == (409, "ALREADY_ENDED", "id")


async def test_an_address_is_shared_between_two_that_are_there(city: System) -> None:
    host = await city.organization()
    assert refusal(await share(city, host, host, "2020-01-01")) == (422, "OWN_ADDRESS", "organizationId")
    assert refusal(await share(city, host, new_id("org"), "2020-01-01"))[1] == "UNKNOWN_ORGANIZATION"
    assert refusal(await share(city, new_id("org"), host, "2020-01-01"))[2] == "hostId"
    reversed_ = await share(city, host, await city.organization(), "2020-01-02", "2020-01-01")
    assert refusal(reversed_) == (422, "PERIOD_REVERSED", "endsOn")
