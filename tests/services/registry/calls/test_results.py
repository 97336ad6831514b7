"""The results of a call: evaluated offers only, within its amounts, and public from then on."""

import asyncio
from typing import Any

import pytest

from tests.services.registry.calls.procedure import (
    CLOSED,
    OPEN,
    accepted,
    announced,
    article,
    evaluate,
    evaluator,
    official,
    own,
    publish,
    refusal,
    step,
    submitted,
)
from tests.services.registry.moments import Travel
from tests.system import System


@pytest.fixture
async def call(city: System, at: Travel) -> dict[str, Any]:
    return await announced(city, at)


async def evaluated(city: System, at: Travel, call: dict[str, Any], *points: tuple[int, int]) -> dict[str, Any]:
    offer = await accepted(city, at, call)
    for number, given in enumerate(points):
        assert (await evaluate(city, call, offer, evaluator(city, str(number)), given))[0] == 200
    return offer


async def offers_of(city: System, call: dict[str, Any]) -> dict[str, dict[str, Any]]:
    _, page = await city.call("registry", "offers/find", {"filter": {"callId": call["id"]}})
    return {item["id"]: item for item in page["items"]}


async def test_the_results_are_public_with_points_and_grants(city: System, at: Travel, call: dict[str, Any]) -> None:
    funded = await evaluated(city, at, call, (50, 30), (60, 40), (0, 0))
    unfunded = await evaluated(city, at, call, (1, 1))
    at(OPEN)
    rejected, withdrawn = await submitted(city, call), await submitted(city, call)
    await step(city, "withdrawOffer", withdrawn, own(city, *withdrawn["organizationIds"]))
    at(CLOSED)
    await step(city, "evaluateOfferFormally", rejected, official(city), outcome="REJECT", faults="Brak podpisu.")
    status, decided = await publish(city, call, (funded, "24000.50"))
    assert (status, decided["status"], decided["resultsOn"]) == (200, "DECIDED", "2027-03-23")
    seen = await offers_of(city, call)
    assert {id_: (o["status"], o["granted"], o["points"]) for id_, o in seen.items()} == {
        funded["id"]: ("FUNDED", "24000.50", "60.00"),
        unfunded["id"]: ("UNFUNDED", None, "2.00"),
        rejected["id"]: ("REJECTED", None, None),
    }
    assert refusal(await publish(city, decided)) == (409, "ALREADY_DECIDED", None)
    answer = await evaluate(city, call, funded, evaluator(city, "late"))
    assert refusal(answer) == (409, "WRONG_STATUS", None)


async def test_an_offer_that_nobody_evaluated_is_not_funded(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await accepted(city, at, call)
    answer = await publish(city, call, (offer, "1.00"))
    assert (refusal(answer), article(answer)) == ((422, "NOT_EVALUATED", "funded.0.offerId"), "art. 15 ust. 1")


async def test_no_results_before_every_accepted_offer_has_the_evaluations_that_the_call_asks_for(
    city: System, at: Travel
) -> None:
    call = await announced(city, at, evaluationsPerOffer=2)
    assert call["evaluationsPerOffer"] == 2
    complete = await evaluated(city, at, call, (50, 30), (60, 40))
    once, never = await evaluated(city, at, call, (1, 1)), await accepted(city, at, call)
    for funded in ([(complete, "1.00")], []):
        answer = await publish(city, call, *funded)
        assert (refusal(answer), article(answer)) == ((409, "EVALUATIONS_WAITING", None), "art. 15 ust. 1")
        message = answer[1]["errors"][0]["message"]
        assert [one["id"] in message for one in (complete, once, never)] == [False, True, True]
    assert await offers_of(city, call) == {}
    await evaluate(city, call, once, evaluator(city, "second"))
    await step(city, "withdrawOffer", never, own(city, *never["organizationIds"]))
    assert (await publish(city, call, (complete, "1.00")))[0] == 200
    assert {o["points"] for o in (await offers_of(city, call)).values()} == {"90.00", "41.00"}


async def test_the_grants_are_not_above_the_calls_amount(city: System, at: Travel, call: dict[str, Any]) -> None:
    offers = [await evaluated(city, at, call, (1, 1)) for _ in range(3)]
    answer = await publish(city, call, (offers[0], "25000.00"), (offers[1], "25000.00"), (offers[2], "0.01"))
    assert refusal(answer) == (422, "CALL_AMOUNT_EXCEEDED", "funded")
    assert await offers_of(city, call) == {}
    assert (await publish(city, call, (offers[0], "25000.00"), (offers[1], "25000.00")))[0] == 200


async def test_an_offer_gets_no_more_than_it_asked_for(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await evaluated(city, at, call, (1, 1))
    for grant in ("25000.01", "0.00"):
        assert refusal(await publish(city, call, (offer, grant))) == (422, "GRANT_ABOVE_OFFER", "funded.0.grant")


async def test_only_accepted_offers_of_the_call_are_funded_and_once(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    offer = await evaluated(city, at, call, (1, 1))
    elsewhere = await evaluated(city, at, await announced(city, at), (1, 1))
    for funded, place in [([elsewhere], 0), ([offer, offer], 1)]:
        answer = await publish(city, call, *((one, "1.00") for one in funded))
        assert refusal(answer) == (422, "NOT_AN_ACCEPTED_OFFER", f"funded.{place}.offerId")


async def test_no_results_while_an_offer_waits_for_its_formal_evaluation(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    await submitted(city, call)
    assert refusal(await publish(city, call)) == (409, "CALL_STILL_OPEN", None)
    at(CLOSED)
    assert refusal(await publish(city, call)) == (409, "OFFERS_WAITING", None)


async def test_an_evaluation_and_the_results_at_once_never_pass_each_other(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    offer = await evaluated(city, at, call, (10, 10))
    (status, _), *evaluations = await asyncio.gather(
        publish(city, call, (offer, "1.00")),
        *(evaluate(city, call, offer, evaluator(city, f"more-{n}"), (20, 20)) for n in range(6)),
    )
    assert status == 200
    taken = [1 for answer in evaluations if answer[0] == 200]
    assert {refusal(answer)[1] for answer in evaluations if answer[0] != 200} <= {"WRONG_STATUS"}
    # the published average is that of all evaluations which were taken
    total, count = 20 + 40 * len(taken), 1 + len(taken)
    assert float((await offers_of(city, call))[offer["id"]]["points"]) == round(total / count + 1e-9, 2)
