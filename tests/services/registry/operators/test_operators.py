"""Community centres and who runs them."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

from services.registry.days import AHEAD_MAX
from shared.clock import today
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System


async def centre(city: System, **more: Any) -> str:
    body = {"name": "OSL Raków", "kind": "OSL"} | more
    status, made = await city.call("registry", "registerCentre", body, city.token(Role.OFFICIAL))
    assert status == 200, made
    id_: str = made["id"]
    return id_


async def assign(city: System, id_: str, since: str, **who: Any) -> Answer:
    return await city.call("registry", "assignOperator", {"id": id_, "since": since} | who, city.token(Role.OFFICIAL))


async def test_a_new_operator_ends_the_earlier_ones_period_the_day_before(city: System) -> None:
    id_, office, club = await centre(city), await city.organization(), await city.organization()
    await assign(city, id_, "2012-09-01", organizationId=office)
    status, body = await assign(city, id_, "2016-02-01", organizationId=club)
    assert status == 200
    assert [(o["organizationId"], o["period"]["since"], o["period"]["until"]) for o in body["operators"]] == [
        (office, "2012-09-01", "2016-01-31"),
        (club, "2016-02-01", None),
    ]


async def test_periods_of_operators_never_overlap(city: System) -> None:
    id_ = await centre(city)
    await assign(city, id_, "2016-02-01", name="pierwszy")
    for since in ("2016-02-01", "2015-01-01"):
        assert refusal(await assign(city, id_, since, name="drugi")) == (422, "PERIODS_OVERLAP", "since")


async def test_of_operators_assigned_at_once_no_two_run_it(city: System) -> None:
    id_ = await centre(city)
    days = [f"2016-02-{day:02}" for day in range(1, 7)]
    await asyncio.gather(*(assign(city, id_, day, name=f"operator {day}") for day in days))
    _, found = await city.call("registry", "centres/batch", {"ids": [id_]})
    periods = [operator["period"] for operator in found["items"][0]["operators"]]
    assert all(a["until"] < b["since"] for a, b in pairwise(periods))


async def test_an_operator_is_named_once_is_another_and_exists(city: System) -> None:
    id_, office = await centre(city), await city.organization()
    assert refusal(await assign(city, id_, "2016-02-01"))[1] == "OPERATOR_UNCLEAR"
    assert refusal(await assign(city, id_, "2016-02-01", name="x", organizationId=office))[1] == "OPERATOR_UNCLEAR"
    assert refusal(await assign(city, id_, "2016-02-01", organizationId=new_id("org")))[1] == "UNKNOWN_ORGANIZATION"
    await assign(city, id_, "2016-02-01", organizationId=office)
    assert refusal(await assign(city, id_, "2017-02-01", organizationId=office))[1] == "ALREADY_OPERATES"


async def test_officials_enter_centres_and_operators(city: System) -> None:
    token = city.token(Role.REPRESENTATIVE)
    body = {"name": "OSL", "kind": "OSL"}
    assert refusal(await city.call("registry", "registerCentre", body, token))[1] == "FORBIDDEN"
    body = {"id": await centre(city), "since": "2016-01-01", "name": "x"}
    assert refusal(await city.call("registry", "assignOperator", body, token))[1] == "FORBIDDEN"


async def test_a_period_that_a_source_left_open_ends_the_day_before_the_next(city: System) -> None:
    id_ = new_id("cen")
    operators = [
        {"name": "miasto", "period": {"asWritten": "od 2012 roku do końca stycznia 2016 roku"}},
        {"name": "organizacje", "period": {"asWritten": "od końca stycznia 2016 roku"}},
    ]
    await city.load("registry", ("centres", {"id": id_, "name": "OSL", "kind": "OSL", "operators": operators}))
    _, body = await assign(city, id_, "2020-01-01", name="nowy")
    assert [o["period"]["until"] for o in body["operators"]] == [None, "2019-12-31", None]


async def test_centres_as_of_a_day_have_the_operator_of_that_day(city: System) -> None:
    id_, office, club = await centre(city), await city.organization(), await city.organization()
    await assign(city, id_, "2012-09-01", organizationId=office)
    await assign(city, id_, "2016-02-01", organizationId=club)
    query = """query($day: Date, $office: ID!) {
      centres(asOf: $day, filter: { operatorId: $office }) { nodes { id asOf operators { organization { id } } } }
      organization(id: $office) { centres { nodes { id } } then: centres(filter: { asOf: $day }) { nodes { id } } }
    }"""
    for day, ran in (("2012-08-31", False), ("2012-09-01", True), ("2016-01-31", True), ("2016-02-01", False)):
        data = await city.ask(query, {"day": day, "office": office})
        shown = {"id": id_, "asOf": day, "operators": [{"organization": {"id": office}}]}
        assert data["centres"]["nodes"] == ([shown] if ran else []), day
        assert data["organization"]["centres"]["nodes"] == [{"id": id_}]
        assert data["organization"]["then"]["nodes"] == ([{"id": id_}] if ran else [])


async def test_an_operator_is_assigned_a_year_ahead_at_most(city: System) -> None:
    id_ = await centre(city)
    far = (today() + AHEAD_MAX + timedelta(days=1)).isoformat()
    assert refusal(await assign(city, id_, far, name="x")) == (422, "DAY_TOO_FAR_AHEAD", "since")
    body = {"id": id_, "districtId": new_id("dis"), "since": far}
    covered = await city.call("registry", "coverDistrict", body, city.token(Role.OFFICIAL))
    assert refusal(covered) == (422, "DAY_TOO_FAR_AHEAD", "since")
    assert (await assign(city, id_, (today() + AHEAD_MAX).isoformat(), name="x"))[0] == 200


async def test_an_assignment_is_taken_back_until_it_begins(city: System) -> None:
    official, next_ = city.token(Role.OFFICIAL), (today() + timedelta(days=30)).isoformat()
    # one that came in by an import may lie further ahead
    id_, far = new_id("cen"), "2199-12-31"
    operators = [{"name": "miasto", "period": {"since": "2012-09-01", "until": "2199-12-30"}},
                 {"name": "klub", "period": {"since": far}}]  # fmt: skip
    await city.load("registry", ("centres", {"id": id_, "name": "OSL", "kind": "OSL", "operators": operators}))
    assert refusal(await assign(city, id_, next_, name="inny"))[1] == "PERIODS_OVERLAP"

    async def back(since: str) -> Answer:
        return await city.call("registry", "takeBackOperator", {"id": id_, "since": since}, official)

    assert refusal(await back(next_)) == (409, "NOT_ASSIGNED", "since")
    status, body = await back(far)
    assert status == 200
    assert [(one["name"], one["period"]["until"]) for one in body["operators"]] == [("miasto", None)]
    assert refusal(await back("2012-09-01")) == (409, "ASSIGNMENT_BEGAN", "since")
    assert (await assign(city, id_, next_, name="inny"))[0] == 200
