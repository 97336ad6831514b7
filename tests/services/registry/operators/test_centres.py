"""Centres from the opening to the closing: when they existed, what they covered, for whom they are."""

import asyncio
from datetime import timedelta
from typing import Any

from shared.clock import today
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.operators.test_operators import assign, centre
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

FIND = """query($day: Date, $district: ID!, $filter: CentreFilter) {
  centres(asOf: $day, filter: $filter) {
    nodes { id existed { since until } operators { name } coverage { district { id } } }
  }
  district(id: $district) { coveringCentres(filter: { asOf: $day }) { nodes { id } } }
}"""


async def step(city: System, path: str, id_: str, **body: Any) -> Answer:
    return await city.call("registry", path, {"id": id_} | body, city.token(Role.OFFICIAL))


async def district(city: System) -> str:
    id_ = new_id("dis")
    await city.load("registry", ("districts", {"id": id_, "name": "Raków", "city": "Częstochowa"}))
    return id_


async def listed(city: System, day: str, id_: str) -> bool:
    _, page = await city.call("registry", "centres/find", {"filter": {"asOf": day}, "first": 100})
    return id_ in [item["id"] for item in page["items"]]


async def test_a_centre_is_listed_on_the_days_on_which_it_existed(city: System) -> None:
    opened = await centre(city, openedOn="2012-09-01")
    await step(city, "closeCentre", opened, closedOn="2020-12-31")
    assigned = await centre(city)
    await assign(city, assigned, "2012-09-01", name="ktoś")
    for day, there in (("2012-08-31", False), ("2012-09-01", True), ("2020-12-31", True), ("2021-01-01", False)):
        assert await listed(city, day, opened) is there, day
        assert await listed(city, day, assigned) is (there or day == "2021-01-01"), day


async def test_a_year_that_a_source_knows_bounds_the_day_that_it_does_not(city: System) -> None:
    id_ = new_id("cen")
    operators = [
        {"name": "miasto", "period": {"notBefore": "2012-01-01", "notAfter": "2016-01-31"}},
        {"name": "organizacje", "period": {"notBefore": "2016-01-01", "asWritten": "od końca stycznia 2016"}},
    ]
    existed = {"notBefore": "2012-01-01", "asWritten": "od 2012 roku"}
    entity = {"id": id_, "name": "OSL", "kind": "OSL", "operators": operators, "existed": existed}
    await city.load("registry", ("centres", entity))
    place = await district(city)
    for day, ran in (("2011-12-31", None), ("2013-05-05", ["miasto"]), ("2016-01-20", ["miasto", "organizacje"]),
                     ("2020-01-01", ["organizacje"])):  # fmt: skip
        found = await city.ask(FIND, {"day": day, "district": place})
        shown = [[one["name"] for one in node["operators"]] for node in found["centres"]["nodes"] if node["id"] == id_]
        assert shown == ([] if ran is None else [ran]), day
    _, body = await assign(city, id_, "2020-01-01", name="nowy")
    assert [one["period"]["until"] for one in body["operators"]] == [None, "2019-12-31", None]


async def test_a_centre_covers_a_district_once_at_a_time(city: System) -> None:
    id_, place = await centre(city, openedOn="2012-09-01"), await district(city)
    early = await step(city, "coverDistrict", id_, districtId=place, since="2012-08-31")
    assert refusal(early) == (422, "BEFORE_THE_OPENING", "since")
    await step(city, "coverDistrict", id_, districtId=place, since="2016-01-31")
    again = await step(city, "coverDistrict", id_, districtId=place, since="2018-01-01")
    assert refusal(again) == (409, "ALREADY_COVERED", "districtId")
    unknown = await step(city, "coverDistrict", id_, districtId=new_id("dis"), since="2018-01-01")
    assert refusal(unknown) == (422, "UNKNOWN_DISTRICT", "districtId")
    early = await step(city, "endCoverage", id_, districtId=place, until="2016-01-30")
    assert refusal(early) == (422, "PERIOD_REVERSED", "until")
    await step(city, "endCoverage", id_, districtId=place, until="2019-12-31")
    again = await step(city, "endCoverage", id_, districtId=place, until="2019-12-31")
    assert refusal(again) == (409, "NOT_COVERED", "districtId")
    assert (await step(city, "coverDistrict", id_, districtId=place, since="2020-01-01"))[0] == 200
    for day, covered in (("2016-01-30", False), ("2016-01-31", True), ("2019-12-31", True)):
        found = await city.ask(FIND, {"day": day, "district": place, "filter": {"coversDistrictId": place}})
        nodes = [{"id": id_}] if covered else []
        assert found["district"]["coveringCentres"]["nodes"] == nodes
        assert [{"id": node["id"]} for node in found["centres"]["nodes"]] == nodes
        assert all(node["coverage"] == [{"district": {"id": place}}] for node in found["centres"]["nodes"])


async def test_a_centre_closes_last_and_nothing_begins_after_it(city: System) -> None:
    id_, place = await centre(city, openedOn="2012-09-01"), await district(city)
    await assign(city, id_, "2016-02-01", name="ktoś")
    await step(city, "coverDistrict", id_, districtId=place, since="2017-01-01")
    assert refusal(await step(city, "closeCentre", id_, closedOn="2016-12-31"))[1:] == ("CLOSED_TOO_EARLY", "closedOn")
    ahead = (today() + timedelta(days=1)).isoformat()
    assert refusal(await step(city, "closeCentre", id_, closedOn=ahead))[1] == "DAY_AHEAD"
    status, body = await step(city, "closeCentre", id_, closedOn="2019-06-30")
    ends = [one["period"]["until"] for one in (*body["operators"], *body["coverage"])]
    assert (status, body["existed"]["until"], ends) == (200, "2019-06-30", ["2019-06-30", "2019-06-30"])
    for answer in (
        await step(city, "closeCentre", id_, closedOn="2019-07-31"),
        await assign(city, id_, "2019-07-01", name="inny"),
        await step(city, "coverDistrict", id_, districtId=place, since="2019-07-01"),
    ):
        assert refusal(answer) == (409, "CENTRE_CLOSED", "id")


async def test_of_assignments_and_a_closing_at_once_none_outlasts_it(city: System) -> None:
    id_, place = await centre(city, openedOn="2012-09-01"), await district(city)
    await asyncio.gather(
        *(assign(city, id_, f"2016-0{month}-01", name=f"operator {month}") for month in (1, 2, 3)),
        *(step(city, "coverDistrict", id_, districtId=place, since="2016-01-01") for _ in range(2)),
        step(city, "closeCentre", id_, closedOn="2019-06-30"),
    )
    _, found = await city.call("registry", "centres/batch", {"ids": [id_]})
    body = found["items"][0]
    assert body["existed"]["until"] == "2019-06-30"
    assert len(body["coverage"]) <= 1
    periods = [one["period"] for one in (*body["operators"], *body["coverage"])]
    assert all(period["until"] is not None and period["until"] <= "2019-06-30" for period in periods)


async def test_a_coordinator_has_its_centres(city: System) -> None:
    institute = await city.organization()
    id_ = await centre(city, kind="DOSL", coordinatorId=institute)
    query = "query($id: ID!) { organization(id: $id) { coordinates(filter: { kind: DOSL }) { nodes { id } } } }"
    found = await city.ask(query, {"id": institute})
    assert found["organization"]["coordinates"]["nodes"] == [{"id": id_}]


async def test_centres_are_found_by_what_they_do_and_for_whom(city: System) -> None:
    id_ = await centre(city, activityKinds=["READING"], targetGroupKinds=["CHILDREN"], activities=["czytelnia"])
    status, body = await step(city, "changeCentre", id_, expectedVersion=1, activityKinds=["READING", "ECOLOGY"])
    assert (status, body["activities"], body["version"]) == (200, ["czytelnia"], 2)
    assert refusal(await step(city, "changeCentre", id_, expectedVersion=1, name="X"))[1] == "VERSION_OUTDATED"
    place = await district(city)
    for asked, there in (
        ({"activity": "ECOLOGY", "targetGroup": "CHILDREN"}, True),
        ({"activity": "ECOLOGY", "targetGroup": "SENIORS"}, False),
    ):
        found = await city.ask(FIND, {"district": place, "filter": asked})
        assert [node["id"] for node in found["centres"]["nodes"]] == ([id_] if there else [])
