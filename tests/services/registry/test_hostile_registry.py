"""What somebody tried against the registry's procedures, and must not succeed with again."""

import asyncio

import pytest

from services.registry.law.rules import MOST, UNITS
from services.registry.organisations.names import are_near, edits
from shared.contracts.law import Limit
from shared.contracts.money import money
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.system import System


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("klub", "klub", 0),
        ("klub", "kulb", 2),
        ("klub", "klob", 1),
        ("klub", "kluby", 1),
        ("klub", "xklub", 1),
        ("abcdef", "badcfe", 3),
        ("aaaa", "bbbb", 3),
        ("ab", "abcde", 3),
    ],
)
def test_edits_are_counted_up_to_the_bound(one: str, other: str, count: int) -> None:
    assert edits(one, other, 2) == edits(other, one, 2) == count


async def test_names_made_to_look_alike_hold_up_nobody(city: System) -> None:
    token = city.token(Role.RESIDENT, subject=new_id("sub"))
    for tail in ("x", "y", "z"):
        names = ["a" * 270 + chr(98 + place) * 10 + tail * 15 for place in range(20)]
        command = {"name": names[0] + tail, "legalForm": "OTHER", "aliases": names}
        async with asyncio.timeout(8):
            status, _ = await city.call("registry", "submitOrganization", command, token)
        assert status == 200


def test_misprints_are_still_found_in_long_names() -> None:
    name = "Stowarzyszenie na rzecz wspierania aktywności lokalnej mieszkańców dzielnicy"
    assert are_near(name, name.replace("aktywności", "aktwności"))
    assert not are_near(name, name.replace("aktywności", "edukacji"))


async def test_a_request_sent_again_shows_nothing_that_is_no_longer_to_be_seen(city: System) -> None:
    subject, key, name = new_id("sub"), new_id("key"), new_id("xyz")
    command = {"name": name, "legalForm": "OTHER"}
    token = city.token(Role.RESIDENT, subject=subject)
    await city.call("registry", "submitOrganization", command, token, **{"Idempotency-Key": key})
    official = city.token(Role.OFFICIAL, subject=subject)
    key = new_id("key")
    other = await city.organization(status="SUBMITTED")
    decision = {"id": other, "expectedVersion": 1, "publish": False, "reason": "Nie działa w mieście"}
    status, _ = await city.call("registry", "reviewOrganization", decision, official, **{"Idempotency-Key": key})
    assert status == 200
    # the same person, no longer an official, asks for the rejected record by sending the decision again
    status, answer = await city.call("registry", "reviewOrganization", decision, token, **{"Idempotency-Key": key})
    assert (status, answer["errors"][0]["code"]) == (403, "FORBIDDEN")


async def test_days_at_the_edge_of_the_calendar_are_refused_in_filters_too(city: System) -> None:
    status, answer = await city.call("registry", "snapshots/find", {"filter": {"until": "9999-12-31"}})
    assert (status, answer["errors"][0]["field"]) == (422, "filter.until")


@pytest.mark.parametrize("limit", list(Limit))
async def test_a_limit_of_law_is_bounded_by_its_unit(city: System, limit: Limit) -> None:
    command = {"name": limit, "value": 2_000_000_000, "validFrom": "2098-01-01", "legalBasis": "art. 1"}
    status, answer = await city.call("registry", "setLegalSetting", command, city.token(Role.OPERATOR))
    if MOST[UNITS[limit]] < 2_000_000_000:
        assert (status, answer["errors"][0]["code"]) == (422, "LIMIT_OUT_OF_RANGE")


@pytest.mark.parametrize("amount", [-1, 10**14])
def test_a_sum_that_money_cannot_say_is_refused(amount: int) -> None:
    with pytest.raises(Refused) as refused:
        money(amount)
    assert refused.value.code == "AMOUNT_OUT_OF_RANGE"


async def test_an_import_refuses_parts_of_what_has_none_and_ids_of_others(city: System) -> None:
    token = city.token(Role.OPERATOR)
    krs = f"{int(new_id('x')[-6:], 36) % 10**10:010}"
    organization = await city.organization(krs=krs)
    for set_, column in (({"krs": krs, "name.x": "y"}, "name.x"), ({"id": new_id("dis"), "krs": krs}, "id")):
        rows = {"rows": [{"number": 1, "set": set_}]}
        status, answer = await city.call("registry", "importOrganizations", rows, token)
        assert (status, [error["column"] for error in answer["errors"]]) == (200, [column]), answer
    assert organization
