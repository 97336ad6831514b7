"""Limits of law by the day, and the working days that some of them are counted in."""

from datetime import date
from typing import Any

import pytest

from services.registry.law.rules import STATUTE, UNITS, in_force
from shared.clock import working_day_after
from shared.contracts.law import Limit
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from tests.services.registry.grants.procedure import offer, plan, published, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System


def test_every_limit_has_a_unit_and_what_the_act_says() -> None:
    assert set(STATUTE) == set(UNITS) == set(Limit)


def test_a_day_before_the_law_is_refused() -> None:
    with pytest.raises(Refused, match="LAW_UNKNOWN"):
        in_force(None, Limit.SMALL_GRANT_AMOUNT, date(2010, 3, 11))
    assert in_force(None, Limit.SMALL_GRANT_AMOUNT, date(2010, 3, 12)).value == 1_000_000


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 7, 1), 7, date(2026, 7, 10)),  # Wednesday over one weekend
        (date(2026, 7, 4), 7, date(2026, 7, 14)),  # received on a Saturday
        (date(2026, 12, 22), 7, date(2027, 1, 5)),  # 24, 25, 26 December and 1 January are days off
    ],
)
def test_a_term_in_working_days_skips_days_off(day: date, count: int, last: date) -> None:
    assert working_day_after(day, count) == last


async def test_a_limit_changes_on_the_day_from_which_it_holds(city: System, at: Travel) -> None:
    body = {"name": "SMALL_GRANT_AMOUNT", "value": 1_500_000, "validFrom": "2040-07-01", "legalBasis": "art. 19a nowy"}
    token = city.token(Role.OPERATOR)
    status, setting = await city.call("registry", "setLegalSetting", body, token)
    assert (status, setting["unit"], setting["version"]) == (200, "GROSZE", 1)
    organization = await city.organization()
    at(date(2040, 6, 30))
    answer = await submit(city, organization, date(2040, 6, 30), amount="15000.00")
    assert refusal(answer) == (422, "AMOUNT_ABOVE_LIMIT", "amount")
    at(date(2040, 7, 1))
    assert (await submit(city, organization, date(2040, 7, 1), amount="15000.00"))[0] == 200
    answer = await submit(city, organization, date(2040, 7, 1), amount="15000.01")
    assert refusal(answer) == (422, "AMOUNT_ABOVE_LIMIT", "amount")
    assert answer[1]["errors"][0]["legalBasis"] == "art. 19a nowy"
    # an offer on paper has the law of its own day, whenever it is entered
    on_paper = offer(organization, date(2040, 7, 1), amount="15000.00", receivedOn="2040-06-30")
    answer = await city.call("registry", "submitSmallGrant", on_paper, city.token(Role.OFFICIAL))
    assert refusal(answer) == (422, "AMOUNT_ABOVE_LIMIT", "amount")
    # the same day again corrects it
    status, setting = await city.call("registry", "setLegalSetting", body | {"value": 1_500_001}, token)
    assert (status, setting["version"]) == (200, 2)
    assert (await submit(city, organization, date(2040, 7, 1), amount="15000.01"))[0] == 200
    _, page = await city.call("registry", "legalsettings/find", {"filter": {"name": "SMALL_GRANT_AMOUNT"}})
    assert [(item["value"], item["validUntil"]) for item in page["items"]] == [
        (1_500_001, None),
        (1_000_000, "2040-06-30"),
    ]


async def test_a_report_keeps_the_term_of_the_day_on_which_its_agreement_was_signed(city: System, at: Travel) -> None:
    at(date(2062, 5, 4))
    await plan(city, 2062, "1000000.00")
    grants = [await published(city, at, await city.organization(), date(2062, 5, 4)) for _ in range(2)]
    body = {"name": "TASK_REPORT_DAYS", "value": 60, "validFrom": "2062-06-02", "legalBasis": "art. 18 ust. 1"}
    await city.call("registry", "setLegalSetting", body, city.token(Role.OPERATOR))
    # the tasks end on 3 July
    for grant, day, until in zip(grants, (1, 2), ("2062-08-02", "2062-09-01"), strict=True):
        at(date(2062, 6, day))
        assert (await step(city, "decide", grant, grant=True))[0] == 200
        signing = {"smallGrantId": grant["id"], "signedOn": f"2062-06-0{day}"}
        _, agreement = await city.call("registry", "signAgreement", signing, city.token(Role.OFFICIAL))
        assert agreement["reportUntil"] == until


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"value": 0}, "LIMIT_OUT_OF_RANGE", "value"),
        ({"value": -1}, "INVALID_INPUT", "value"),
        ({"value": 101}, "LIMIT_OUT_OF_RANGE", "value"),
        ({"validFrom": "2041-05-03"}, "LIMIT_IN_THE_PAST", "validFrom"),
        ({"validFrom": "2010-03-12"}, "LIMIT_IN_THE_PAST", "validFrom"),
    ],
)
async def test_a_limit_is_more_than_nothing_and_not_for_days_that_have_been(
    city: System, at: Travel, wrong: dict[str, Any], code: str, field: str
) -> None:
    at(date(2041, 5, 4), 0, 5)  # in Warsaw; by universal time it is still the third
    body = {"name": "SMALL_GRANTS_SHARE", "value": 25, "validFrom": "2041-05-04", "legalBasis": "art. 19a ust. 7"}
    token = city.token(Role.OPERATOR)
    assert refusal(await city.call("registry", "setLegalSetting", body | wrong, token)) == (422, code, field)


async def test_a_limit_entered_in_between_ends_where_the_next_begins(city: System) -> None:
    body = {"name": "AGREEMENT_YEARS", "value": 7, "validFrom": "2060-01-01", "legalBasis": "art. 16 ust. 3"}
    token = city.token(Role.OPERATOR)
    await city.call("registry", "setLegalSetting", body, token)
    _, setting = await city.call("registry", "setLegalSetting", body | {"value": 6, "validFrom": "2050-01-01"}, token)
    assert (setting["validUntil"], setting["builtIn"]) == ("2059-12-31", False)
    for day, value in [("2049-12-31", 5), ("2050-01-01", 6), ("2059-12-31", 6), ("2060-01-01", 7)]:
        asked = {"filter": {"name": "AGREEMENT_YEARS", "asOf": day}}
        _, page = await city.call("registry", "legalsettings/find", asked)
        assert [item["value"] for item in page["items"]] == [value]
