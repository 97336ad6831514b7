"""Offers in an open call: in time, single and joint, with a schedule and a budget that add up; who sees them."""

import asyncio
from datetime import date
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.calls.procedure import (
    CLOSED,
    LAST_DAY,
    OPEN,
    announced,
    article,
    content,
    new_call,
    official,
    own,
    refusal,
    step,
    submit,
    submitted,
)
from tests.services.registry.moments import Travel
from tests.system import System


@pytest.fixture
async def call(city: System, at: Travel) -> dict[str, Any]:
    return await announced(city, at)


async def test_offers_are_taken_until_midnight_in_warsaw(city: System, at: Travel, call: dict[str, Any]) -> None:
    organization = await city.organization()
    at(LAST_DAY, 23, 59)
    assert (await submit(city, call, organization))[0] == 200
    at(CLOSED, 0, 0)
    assert refusal(await submit(city, call, organization)) == (409, "OFFERS_CLOSED", "callId")


async def test_an_offer_on_paper_is_in_time_by_its_moment_of_receipt(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    organization = await city.organization()
    body = {
        "callId": call["id"],
        "taskId": call["tasks"][0]["id"],
        "organizationIds": [organization],
        "content": content(),
    }
    at(CLOSED, 9)
    in_time, late = body | {"receivedAt": "2027-03-22T22:59:59Z"}, body | {"receivedAt": "2027-03-22T23:00:00Z"}
    status, offer = await city.call("registry", "submitOffer", in_time, official(city))
    assert (status, offer["receivedAt"]) == (200, "2027-03-22T23:59:59+01:00")
    answer = await city.call("registry", "submitOffer", late, official(city))
    assert refusal(answer) == (409, "OFFERS_CLOSED", "callId")
    answer = await city.call("registry", "submitOffer", in_time, own(city, organization))
    assert refusal(answer) == (422, "RECEIPT_WRONG", "receivedAt")
    # the results are decided on a call that knows of every offer
    _, seen = await city.call("registry", "calls/batch", {"ids": [call["id"]]})
    assert seen["items"][0]["version"] == call["version"] + 1


async def test_an_offer_is_changed_and_withdrawn_until_the_term_ends(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    offer = await submitted(city, call)
    token = own(city, *offer["organizationIds"])
    status, offer = await step(city, "changeOffer", offer, token, content=content(title="Klub w Błesznie"))
    assert (status, offer["content"]["title"], offer["version"]) == (200, "Klub w Błesznie", 2)
    at(CLOSED)
    answer = await step(city, "changeOffer", offer, token, content=content())
    assert refusal(answer) == (409, "OFFERS_CLOSED", "callId")
    at(OPEN)
    status, offer = await step(city, "withdrawOffer", offer, token)
    assert (status, offer["status"]) == (200, "WITHDRAWN")
    assert refusal(await step(city, "changeOffer", offer, token, content=content())) == (409, "WRONG_STATUS", None)


async def test_nobody_changes_an_offer_of_others(city: System, call: dict[str, Any]) -> None:
    offer = await submitted(city, call)
    stranger = own(city, new_id("org"))
    for name, more in [("changeOffer", {"content": content()}), ("withdrawOffer", {})]:
        assert refusal(await step(city, name, offer, stranger, **more)) == (403, "FORBIDDEN", None)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"total": "31000.01"}, "BUDGET_DOES_NOT_ADD_UP", "content.total"),
        ({"grant": "25000.01"}, "BUDGET_DOES_NOT_ADD_UP", "content.grant"),
        ({"own": "0.00"}, "BUDGET_DOES_NOT_ADD_UP", "content.own"),
        ({"other": "0.00"}, "BUDGET_DOES_NOT_ADD_UP", "content.other"),
        (
            {"budget": [{"name": "X", "total": "1.00", "grant": "0.50", "own": "0.49"}]},
            "POSITION_DOES_NOT_ADD_UP",
            "content.budget.0.total",
        ),
        (
            {
                "budget": [{"name": "X", "total": "50000.01", "grant": "50000.01"}],
                "total": "50000.01",
                "grant": "50000.01",
                "own": "0.00",
                "other": "0.00",
            },
            "GRANT_ABOVE_TASK",
            "content.grant",
        ),
        (
            {"schedule": [{"name": "X", "startsOn": "2027-04-30", "endsOn": "2027-05-02"}]},
            "ACTION_OUTSIDE_TASK",
            "content.schedule.0",
        ),
        (
            {
                "schedule": [
                    {"name": "X", "startsOn": "2027-05-01", "endsOn": "2027-05-02", "organizationId": new_id("org")}
                ]
            },
            "NOT_AN_OFFERER",
            "content.schedule.0.organizationId",
        ),
        ({"schedule": []}, "INVALID_INPUT", "content.schedule"),
    ],
)
async def test_an_offer_that_does_not_agree_with_itself_is_refused(
    city: System, call: dict[str, Any], wrong: dict[str, Any], code: str, field: str
) -> None:
    answer = await submit(city, call, await city.organization(), content=content(**wrong))
    assert refusal(answer) == (422, code, field)


async def test_an_entrusted_task_is_paid_in_full(city: System, at: Travel) -> None:
    task = (await announced(city, at))["tasks"][0] | {"mode": "ENTRUSTED"}
    del task["id"]
    call = await announced(city, at, tasks=[task])
    answer = await submit(city, call, await city.organization())
    assert refusal(answer) == (422, "ENTRUSTED_IS_PAID_IN_FULL", "content.own")


async def test_a_joint_offer_says_who_does_what(city: System, call: dict[str, Any]) -> None:
    first, second = await city.organization(), await city.organization()
    days: dict[str, Any] = {"name": "X", "startsOn": "2027-05-01", "endsOn": "2027-06-01"}
    for doing in [(None, None), (first, None), (first, first)]:
        schedule = [days | {"organizationId": one} for one in doing]
        answer = await submit(city, call, first, second, content=content(schedule=schedule))
        assert (refusal(answer), article(answer)) == (
            (422, "JOINT_OFFER_UNDIVIDED", "content.schedule"),
            "art. 14 ust. 3",
        )
    schedule = [days | {"organizationId": one} for one in (first, second)]
    status, offer = await submit(city, call, first, second, content=content(schedule=schedule))
    assert (status, offer["organizationIds"]) == (200, [first, second])


async def test_only_organisations_in_the_register_make_offers(city: System, call: dict[str, Any]) -> None:
    office = await city.organization(legalForm="PUBLIC_BODY")
    assert refusal(await submit(city, call, office)) == (422, "NOT_AN_ORGANIZATION", "organizationIds.0")
    assert refusal(await submit(city, call, new_id("org"))) == (422, "UNKNOWN_ORGANIZATION", "organizationIds.0")
    one = await city.organization()
    assert refusal(await submit(city, call, one, one)) == (422, "ORGANIZATION_TWICE", "organizationIds")


async def test_an_unknown_call_or_task_is_said_to_be(city: System, call: dict[str, Any]) -> None:
    one = await city.organization()
    assert refusal(await submit(city, call, one, callId=new_id("cal"))) == (422, "UNKNOWN_CALL", "callId")
    assert refusal(await submit(city, call, one, taskId=new_id("tsk"))) == (422, "UNKNOWN_TASK", "taskId")


async def test_an_offer_is_its_organisations_and_the_citys_until_the_results(
    city: System, call: dict[str, Any]
) -> None:
    offer = await submitted(city, call)
    (organization,) = offer["organizationIds"]
    readers = [
        (None, 0),
        (own(city, new_id("org")), 0),
        (city.token(Role.EVALUATOR), 0),
        (city.token(Role.RESIDENT, organizations=[organization]), 0),
        (own(city, organization), 1),
        (official(city), 1),
    ]
    for token, count in readers:
        _, batch = await city.call("registry", "offers/batch", {"ids": [offer["id"]]}, token)
        _, found = await city.call("registry", "offers/find", {"filter": {"callId": call["id"]}}, token)
        related = {"by": "organization_id", "keys": [organization], "find": {"total": True}}
        _, pages = await city.call("registry", "offers/related", related, token)
        (page,) = pages["pages"]
        counts = {len(batch["items"]), len(found["items"]), len(page["items"]), page["total"]}
        assert counts == {count}, token


async def test_the_term_for_correction_is_kept(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await submitted(city, call)
    token = own(city, *offer["organizationIds"])
    wanted = {"outcome": "CORRECT", "faults": "Brak podpisu."}
    answer = await step(city, "evaluateOfferFormally", offer, official(city), **wanted)
    assert refusal(answer) == (409, "CALL_STILL_OPEN", None)
    # seven days from 24 March end on Wednesday 31 March
    at(date(2027, 3, 24))
    answer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="CORRECT")
    assert refusal(answer) == (422, "FAULTS_REQUIRED", "faults")
    status, offer = await step(city, "evaluateOfferFormally", offer, official(city), **wanted)
    assert (status, offer["status"], offer["correctUntil"]) == (200, "TO_CORRECT", "2027-03-31")
    answer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="REJECT", faults="Brak.")
    assert refusal(answer) == (409, "CORRECTION_NOT_OVER", None)
    at(date(2027, 4, 1))
    answer = await step(city, "changeOffer", offer, token, content=content())
    assert refusal(answer) == (409, "CORRECTION_OVER", None)
    at(date(2027, 3, 31), 23, 59)
    status, offer = await step(city, "changeOffer", offer, token, content=content())
    assert (status, offer["status"]) == (200, "SUBMITTED")
    answer = await step(city, "evaluateOfferFormally", offer, official(city), **wanted)
    assert refusal(answer) == (409, "CORRECTED_ONCE", "outcome")
    status, offer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="ACCEPT")
    assert (status, offer["status"], "faults" in offer and offer["faults"]) == (200, "ACCEPTED", None)


async def test_an_organisation_makes_as_many_offers_for_a_task_as_the_call_allows(city: System, at: Travel) -> None:
    organization, partner = await city.organization(), await city.organization()
    anything = await announced(city, at)
    assert [(await submit(city, anything, organization))[0] for _ in range(3)] == [200, 200, 200]
    tasks = [{**new_call("")["tasks"][0], "title": title} for title in ("Klub", "Kuchnia")]
    call = await announced(city, at, tasks=tasks, offersPerOrganization=1)
    answers = await asyncio.gather(*(submit(city, call, organization) for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 5
    refused = {refusal(answer) for answer in answers if answer[0] != 200}
    assert refused == {(409, "OFFERS_OF_ORGANIZATION_REACHED", "organizationIds.0")}
    # jointly counts, too; for another task it is another offer
    actions = [
        {"name": "Spotkania", "startsOn": "2027-05-01", "endsOn": "2027-12-15", "organizationId": id_}
        for id_ in (partner, organization)
    ]
    joint = content(schedule=actions)
    answer = await submit(city, call, partner, organization, content=joint)
    assert refusal(answer) == (409, "OFFERS_OF_ORGANIZATION_REACHED", "organizationIds.1")
    assert (await submit(city, call, partner, organization, content=joint, taskId=call["tasks"][1]["id"]))[0] == 200
    (made,) = (body for status, body in answers if status == 200)
    await step(city, "withdrawOffer", made, own(city, organization))
    assert (await submit(city, call, organization))[0] == 200
