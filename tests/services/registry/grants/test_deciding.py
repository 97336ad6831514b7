"""Deciding on small grants: when, with which reasons, and within which yearly caps."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.people import Role
from tests.services.registry.grants.procedure import Answer, article, plan, published, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System


async def decidable(city: System, at: Travel, year: int, **more: Any) -> dict[str, Any]:
    """An offer of a new organisation whose comments are over; it is the day after."""
    organization = more.pop("organization", None) or await city.organization()
    grant = await published(city, at, organization, date(year, 5, 4), **more)
    at(date(year, 6, 1))
    return grant


async def test_an_offer_is_granted_after_the_comments(city: System, at: Travel) -> None:
    await plan(city, 2030, "1000000.00")
    grant = await decidable(city, at, 2030, amount="9999.99")
    status, grant = await step(city, "decide", grant, grant=True)
    assert (status, grant["status"], grant["granted"], grant["decidedOn"]) == (200, "GRANTED", "9999.99", "2030-06-01")
    _, page = await city.call("registry", "grantplans/find", {"filter": {"year": 2030}})
    assert [item["smallGrants"] for item in page["items"]] == ["9999.99"]


async def test_nothing_is_decided_while_anyone_may_comment(city: System, at: Travel) -> None:
    grant = await published(city, at, await city.organization(), date(2030, 5, 7))
    at(date(2030, 5, 14), 23, 59)
    for grants in (True, False):
        answer = await step(city, "decide", grant, grant=grants, reason="Brak środków.")
        assert refusal(answer) == (409, "COMMENTS_NOT_OVER", None)
        assert article(answer) == "art. 19a ust. 5"


async def test_an_offer_that_was_not_published_is_not_granted(city: System, at: Travel) -> None:
    at(date(2030, 5, 7))
    _, grant = await submit(city, await city.organization(), date(2030, 5, 7))
    answer = await step(city, "decide", grant, grant=True)
    assert (refusal(answer), article(answer)) == ((422, "NOT_PUBLISHED", None), "art. 19a ust. 3")


async def test_an_offer_without_purpose_is_declined_unpublished(city: System, at: Travel) -> None:
    at(date(2030, 5, 7))
    _, grant = await submit(city, await city.organization(), date(2030, 5, 7))
    status, grant = await step(city, "decide", grant, grant=False, reason="Zadanie nie jest lokalne.")
    assert (status, grant["status"], grant["decisionReason"]) == (200, "DECLINED", "Zadanie nie jest lokalne.")
    _, batch = await city.call("registry", "smallgrants/batch", {"ids": [grant["id"]]})
    assert batch["items"] == []


async def test_a_refusal_needs_a_reason(city: System, at: Travel) -> None:
    grant = await decidable(city, at, 2030)
    assert refusal(await step(city, "decide", grant, grant=False)) == (422, "REASON_REQUIRED", "reason")


async def test_less_than_asked_can_be_granted_but_not_more(city: System, at: Travel) -> None:
    await plan(city, 2029, "1000000.00")
    grant = await decidable(city, at, 2029, amount="5000.00")
    for amount in ("5000.01", "0.00"):
        answer = await step(city, "decide", grant, grant=True, amount=amount)
        assert refusal(answer) == (422, "AMOUNT_ABOVE_ASKED", "amount")
    status, grant = await step(city, "decide", grant, grant=True, amount="4999.99")
    assert (status, grant["granted"]) == (200, "4999.99")


async def test_a_decided_offer_is_not_decided_again(city: System, at: Travel) -> None:
    await plan(city, 2031, "1000000.00")
    grant = await decidable(city, at, 2031)
    _, grant = await step(city, "decide", grant, grant=True)
    answer = await step(city, "decide", grant, grant=False, reason="Jednak nie.")
    assert refusal(answer) == (409, "WRONG_STATUS", None)
    assert refusal(await step(city, "decide", grant | {"version": 1}, grant=True)) == (
        409,
        "VERSION_OUTDATED",
        "expectedVersion",
    )


async def test_without_a_plan_for_the_year_nothing_is_granted(city: System, at: Travel) -> None:
    grant = await decidable(city, at, 2032)
    answer = await step(city, "decide", grant, grant=True)
    assert (refusal(answer), article(answer)) == ((422, "NO_GRANT_PLAN", None), "art. 19a ust. 7")


async def test_an_organisation_gets_at_most_twenty_thousand_in_a_calendar_year(city: System, at: Travel) -> None:
    await plan(city, 2033, "1000000.00")
    await plan(city, 2034, "1000000.00")
    organization = await city.organization()
    for amount in ("10000.00", "9999.99"):
        grant = await decidable(city, at, 2033, organization=organization, amount=amount)
        assert (await step(city, "decide", grant, grant=True))[0] == 200
    grant = await decidable(city, at, 2033, organization=organization, amount="0.02")
    answer = await step(city, "decide", grant, grant=True)
    assert (refusal(answer), article(answer)) == ((409, "ORGANIZATION_CAP_REACHED", "amount"), "art. 19a ust. 6")
    assert (await step(city, "decide", grant, grant=True, amount="0.01"))[0] == 200
    grant = await decidable(city, at, 2034, organization=organization)
    assert (await step(city, "decide", grant, grant=True))[0] == 200


async def test_an_offer_of_december_counts_for_the_year_in_which_its_money_is_handed_over(
    city: System, at: Travel
) -> None:
    for year in (2051, 2052):
        await plan(city, year, "1000000.00")
    organization = await city.organization()

    async def decide(received: date, decided: date, **more: Any) -> Answer:
        days = {"startsOn": str(received + timedelta(days=20)), "endsOn": str(received + timedelta(days=45))}
        grant = await published(city, at, organization, received, **days)
        at(decided)
        return await step(city, "decide", grant, grant=True, **more)

    november, december, january = date(2051, 11, 13), date(2051, 12, 15), date(2052, 1, 2)
    for _ in range(2):
        status, grant = await decide(november, december)
        assert (status, grant["budgetYear"]) == (200, 2051)
    # its task ends in the old year, so there is nothing to hand over in the new one
    answer = await decide(november, december, budgetYear=2052)
    assert (refusal(answer), article(answer)) == ((422, "BUDGET_YEAR_WRONG", "budgetYear"), "art. 19a ust. 6 i 7")
    status, grant = await decide(date(2051, 12, 1), december, budgetYear=2052)
    assert (status, grant["budgetYear"], grant["decidedOn"]) == (200, 2052, "2051-12-15")
    assert refusal(await decide(date(2051, 12, 1), december, budgetYear=2053))[1] == "BUDGET_YEAR_WRONG"
    status, grant = await decide(date(2051, 12, 18), january)
    assert (status, grant["budgetYear"]) == (200, 2052)
    assert refusal(await decide(date(2051, 12, 18), january)) == (409, "ORGANIZATION_CAP_REACHED", "amount")
    _, page = await city.call("registry", "grantplans/find", {"filter": {}})
    assert {item["smallGrants"] for item in page["items"] if item["year"] in (2051, 2052)} == {"20000.00"}


async def test_a_joint_offer_counts_whole_for_each_organisation_and_once_for_the_year(city: System, at: Travel) -> None:
    await plan(city, 2053, "1000000.00")
    lead, partner = await city.organization(), await city.organization()
    for wrong, code, field in [
        ([lead], "ORGANIZATION_TWICE", "partnerIds"),
        ([await city.organization(legalForm="PUBLIC_BODY")], "NOT_AN_ORGANIZATION", "partnerIds.0"),
    ]:
        at(date(2053, 5, 4))
        answer = await submit(city, lead, date(2053, 5, 4), partnerIds=wrong)
        assert refusal(answer) == (422, code, field)
    _, hidden = await submit(city, lead, date(2053, 5, 4), partnerIds=[partner])
    token = city.token(Role.REPRESENTATIVE, organizations=[partner])
    asked = {"filter": {"organizationId": partner}}
    _, page = await city.call("registry", "smallgrants/find", asked, token)
    assert [item["id"] for item in page["items"]] == [hidden["id"]]
    for _ in range(2):
        grant = await decidable(city, at, 2053, organization=lead, partnerIds=[partner])
        assert (await step(city, "decide", grant, grant=True))[0] == 200
    grant = await decidable(city, at, 2053, organization=partner, amount="0.01")
    assert refusal(await step(city, "decide", grant, grant=True))[1] == "ORGANIZATION_CAP_REACHED"
    _, page = await city.call("registry", "grantplans/find", {"filter": {"year": 2053}})
    assert page["items"][0]["smallGrants"] == "20000.00"


async def test_an_organisation_keeps_its_account_under_a_new_name(city: System, at: Travel) -> None:
    await plan(city, 2054, "1000000.00")
    organization = await city.organization(name="Fundacja Dawna")
    for _ in range(2):
        grant = await decidable(city, at, 2054, organization=organization)
        assert (await step(city, "decide", grant, grant=True))[0] == 200
    body = {"id": organization, "expectedVersion": 1, "name": "Fundacja Nowa"}
    status, renamed = await city.call("registry", "updateOrganization", body, city.token(Role.OFFICIAL))
    assert (status, renamed["name"]) == (200, "Fundacja Nowa"), renamed
    grant = await decidable(city, at, 2054, organization=organization, amount="0.01")
    assert refusal(await step(city, "decide", grant, grant=True))[1] == "ORGANIZATION_CAP_REACHED"


async def test_small_grants_are_at_most_a_fifth_of_the_years_plan(city: System, at: Travel) -> None:
    await plan(city, 2035, "49999.99")
    grant = await decidable(city, at, 2035, amount="10000.00")
    answer = await step(city, "decide", grant, grant=True)
    assert (refusal(answer), article(answer)) == ((409, "YEAR_CAP_REACHED", "amount"), "art. 19a ust. 7")
    await plan(city, 2035, "50000.00")
    assert (await step(city, "decide", grant, grant=True))[0] == 200


async def test_a_plan_is_not_lowered_below_what_was_granted(city: System, at: Travel) -> None:
    await plan(city, 2036, "50000.00")
    grant = await decidable(city, at, 2036, amount="10000.00")
    assert (await step(city, "decide", grant, grant=True))[0] == 200
    assert refusal(await plan(city, 2036, "49999.99")) == (422, "PLAN_BELOW_GRANTED", "planned")
    status, kept = await plan(city, 2036, "60000.00")
    assert (status, kept["smallGrants"]) == (200, "10000.00")


async def test_a_plan_belongs_to_a_public_body(city: System) -> None:
    body = {"year": 2038, "funderId": await city.organization(), "planned": "1.00"}
    answer = await city.call("registry", "setGrantPlan", body, city.token(Role.OFFICIAL))
    assert refusal(answer) == (422, "NOT_A_PUBLIC_BODY", "funderId")


async def test_an_offer_is_withdrawn_before_the_decision_only(city: System, at: Travel) -> None:
    organization = await city.organization()
    token = city.token(Role.REPRESENTATIVE, organizations=[organization])
    grant = await decidable(city, at, 2037, organization=organization)
    body = {"id": grant["id"], "expectedVersion": grant["version"]}
    status, grant = await city.call("registry", "withdrawSmallGrant", body, token)
    assert (status, grant["status"]) == (200, "WITHDRAWN")
    assert refusal(await step(city, "decide", grant, grant=True)) == (409, "WRONG_STATUS", None)
    answer = await city.call("registry", "withdrawSmallGrant", body | {"expectedVersion": 3}, token)
    assert refusal(answer) == (409, "WRONG_STATUS", None)


@pytest.mark.parametrize("name", ["publish", "decide"])
async def test_an_unknown_offer_is_said_to_be(city: System, name: str) -> None:
    grant = {"id": "smg_00000000000000000000000000", "version": 1}
    more = {"grant": True} if name == "decide" else {}
    assert refusal(await step(city, name, grant, **more)) == (422, "UNKNOWN_SMALL_GRANT", "id")
