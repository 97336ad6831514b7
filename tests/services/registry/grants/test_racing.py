"""Decisions at the same instant: the caps hold to the grosz, whoever comes first."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from shared import clock
from shared.contracts.money import grosze
from tests.services.registry.grants.procedure import Answer, plan, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System

AT_MIDNIGHT = 10
AT_ONCE = 50
"""Also against the stand-in for MongoDB, where these take fifteen to thirty seconds a test."""


async def decided_at_once(city: System, at: Travel, year: int, organizations: list[str], amount: str) -> list[Answer]:
    """One offer of each organisation, all decided at one moment; whoever finds the store too busy comes again."""
    day = date(year, 5, 4)
    at(day)
    grants: list[dict[str, Any]] = []
    for organization in organizations:
        _, grant = await submit(city, organization, day, amount=amount)
        _, grant = await step(city, "publish", grant)
        grants.append(grant)
    at(date(year, 6, 1))

    async def decide(grant: dict[str, Any]) -> Answer:
        while True:
            status, body = await step(city, "decide", grant, grant=True)
            if status != 503:
                return status, body

    return await asyncio.gather(*(decide(grant) for grant in grants))


def granted(answers: list[Answer]) -> int:
    return sum(grosze(body["granted"]) for status, body in answers if status == 200)


async def year_of(city: System, year: int) -> int:
    _, page = await city.call("registry", "grantplans/find", {"filter": {"year": year}})
    (found,) = page["items"]
    return grosze(found["smallGrants"])


async def test_decisions_at_once_never_break_the_cap_of_an_organisation(city: System, at: Travel) -> None:
    offers = AT_ONCE
    await plan(city, 2041, "1000000.00")
    organization = await city.organization()
    answers = await decided_at_once(city, at, 2041, [organization] * offers, "1234.56")
    # sixteen times 1 234.56 are 19 752.96; a seventeenth would pass 20 000
    refused = Counter(refusal(answer) for answer in answers if answer[0] != 200)
    assert refused == {(409, "ORGANIZATION_CAP_REACHED", "amount"): offers - 16}
    assert granted(answers) == await year_of(city, 2041) == 1_975_296


async def test_decisions_at_once_never_break_the_cap_of_the_year(city: System, at: Travel) -> None:
    offers = AT_ONCE
    await plan(city, 2042, "350000.00")
    organizations = [await city.organization() for _ in range(offers)]
    answers = await decided_at_once(city, at, 2042, organizations, "9999.99")
    # a fifth is 70 000.00: seven times 9 999.99, with seven grosze left
    refused = Counter(refusal(answer) for answer in answers if answer[0] != 200)
    assert refused == {(409, "YEAR_CAP_REACHED", "amount"): offers - 7}
    assert granted(answers) == await year_of(city, 2042) == 6_999_993


async def test_decisions_at_midnight_of_new_year_each_count_for_one_year(
    city: System, at: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2055, 2056):
        await plan(city, year, "1000000.00")
    organization = await city.organization()
    day = date(2055, 12, 1)
    at(day)
    grants: list[dict[str, Any]] = []
    for _ in range(AT_MIDNIGHT):
        _, grant = await submit(city, organization, day, amount="4000.01")
        _, grant = await step(city, "publish", grant)
        grants.append(grant)
    # every other look at the clock is before midnight in Warsaw, the next one after it
    looks, midnight = count(1), datetime(2055, 12, 31, 23, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(milliseconds=(look := next(looks)) * (-1) ** look))

    async def decide(grant: dict[str, Any]) -> Answer:
        while (answer := await step(city, "decide", grant, grant=True))[0] == 503:
            pass
        return answer

    answers = await asyncio.gather(*(decide(grant) for grant in grants))
    assert {refusal(answer)[1] for answer in answers if answer[0] != 200} <= {"ORGANIZATION_CAP_REACHED"}
    for year in (2055, 2056):
        of_year = [body for status, body in answers if status == 200 and body["budgetYear"] == year]
        assert {body["decidedOn"][:4] for body in of_year} <= {str(year)}
        assert sum(grosze(body["granted"]) for body in of_year) == await year_of(city, year) <= 2_000_000
    assert granted(answers) > 0
