"""Evaluation on merit: points within the criteria, no conflict of interest, nobody's scores before one's own."""

import asyncio
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.calls.procedure import (
    CLOSED,
    OPEN,
    accepted,
    announced,
    article,
    evaluate,
    evaluator,
    official,
    publish,
    refusal,
    submitted,
)
from tests.services.registry.moments import Travel
from tests.system import System


@pytest.fixture
async def call(city: System, at: Travel) -> dict[str, Any]:
    return await announced(city, at)


async def sheets_seen(city: System, call: dict[str, Any], offer: dict[str, Any], token: str | None) -> list[Any]:
    """What every read path at the service shows of the offer's evaluations; all have to agree."""
    asked = {"filter": {"callId": call["id"]}, "total": True}
    _, found = await city.call("registry", "offerevaluations/find", asked, token)
    related = {"by": "offer_id", "keys": [offer["id"]], "find": {"total": True}}
    _, pages = await city.call("registry", "offerevaluations/related", related, token)
    (page,) = pages["pages"]
    _, everything = await city.call("registry", "offerevaluations/find", {"filter": {}}, official(city))
    ids = [item["id"] for item in everything["items"] if item["offerId"] == offer["id"]]
    _, batch = await city.call("registry", "offerevaluations/batch", {"ids": ids}, token)
    assert found["items"] == page["items"] == batch["items"]
    assert found["total"] == page["total"] == len(batch["items"])
    return [one["total"] for item in found["items"] for one in item["evaluations"]]


async def test_evaluators_do_not_see_each_others_scores_before_their_own_is_in(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    offer = await accepted(city, at, call)
    first, second = evaluator(city, "1"), evaluator(city, "2")
    status, sheet = await evaluate(city, call, offer, first, (50, 30))
    assert (status, [one["total"] for one in sheet["evaluations"]]) == (200, [80])
    # an official who evaluates, too, waits like all evaluators
    both = city.token(Role.EVALUATOR, Role.OFFICIAL, subject="evaluator-3")
    for token, seen in [(first, [80]), (second, []), (both, []), (official(city), [80]), (None, [])]:
        assert await sheets_seen(city, call, offer, token) == seen
    _, sheet = await evaluate(city, call, offer, second, (60, 40))
    assert [one["total"] for one in sheet["evaluations"]] == [80, 100]
    for token, seen in [(first, [80, 100]), (second, [80, 100]), (both, []), (None, [])]:
        assert await sheets_seen(city, call, offer, token) == seen
    # and the offer itself says nothing of points
    _, batch = await city.call("registry", "offers/batch", {"ids": [offer["id"]]}, both)
    assert [item["points"] for item in batch["items"]] == [None]
    _, call = await publish(city, call)
    assert await sheets_seen(city, call, offer, None) == [80, 100]


async def test_who_evaluated_is_never_sent(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await accepted(city, at, call)
    _, sheet = await evaluate(city, call, offer, evaluator(city, "private"))
    asked = {"filter": {"offerId": offer["id"]}}
    _, page = await city.call("registry", "offerevaluations/find", asked, official(city))
    assert "evaluator-private" not in str((sheet, page))


async def test_an_evaluator_evaluates_an_offer_once(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await accepted(city, at, call)
    answers = await asyncio.gather(*(evaluate(city, call, offer, evaluator(city, "1")) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409]
    assert {refusal(answer)[1] for answer in answers if answer[0] == 409} == {"EVALUATED_ALREADY"}


async def test_evaluations_at_once_are_all_kept(city: System, at: Travel, call: dict[str, Any]) -> None:
    offer = await accepted(city, at, call)
    answers = await asyncio.gather(*(evaluate(city, call, offer, evaluator(city, str(n)), (n, n)) for n in range(8)))
    assert {status for status, _ in answers} == {200}
    assert sorted(await sheets_seen(city, call, offer, official(city))) == [2 * n for n in range(8)]


async def test_who_represents_an_applicant_evaluates_nothing_in_the_call(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    other = await submitted(city, call)
    offer = await accepted(city, at, call)
    answer = await evaluate(city, call, offer, evaluator(city, "1", organizations=other["organizationIds"]))
    assert (refusal(answer), article(answer)) == ((403, "CONFLICT_OF_INTEREST", "offerId"), "art. 15 ust. 2d")
    assert (await evaluate(city, call, offer, evaluator(city, "1", organizations=[new_id("org")])))[0] == 200


@pytest.mark.parametrize(
    ("points", "code", "field"),
    [
        ((61, 0), "POINTS_ABOVE_MAXIMUM", "scores.0.points"),
        ((60, 41), "POINTS_ABOVE_MAXIMUM", "scores.1.points"),
        ((60, -1), "INVALID_INPUT", "scores.1.points"),
        ((60,), "CRITERION_MISSING", "scores"),
    ],
)
async def test_points_are_within_the_criteria(
    city: System, at: Travel, call: dict[str, Any], points: tuple[int, ...], code: str, field: str
) -> None:
    offer = await accepted(city, at, call)
    assert refusal(await evaluate(city, call, offer, evaluator(city, "1"), points)) == (422, code, field)


async def test_a_criterion_is_scored_once_and_belongs_to_the_call(
    city: System, at: Travel, call: dict[str, Any]
) -> None:
    offer = await accepted(city, at, call)
    first, second = (one["id"] for one in call["criteria"])
    for ids, place in [((first, first), 1), ((new_id("crt"), second), 0)]:
        body = {
            "offerId": offer["id"],
            "scores": [{"criterionId": id_, "points": 1} for id_ in ids],
            "justification": "X",
        }
        answer = await city.call("registry", "evaluateOffer", body, evaluator(city, "1"))
        assert refusal(answer) == (422, "UNKNOWN_CRITERION", f"scores.{place}.criterionId")


async def test_only_accepted_offers_are_evaluated(city: System, at: Travel, call: dict[str, Any]) -> None:
    at(OPEN)
    offer = await submitted(city, call)
    at(CLOSED)
    # it is not there to be seen yet
    assert refusal(await evaluate(city, call, offer, evaluator(city, "1"))) == (422, "UNKNOWN_OFFER", "offerId")
    both = city.token(Role.EVALUATOR, Role.OFFICIAL, subject="evaluator-2")
    assert refusal(await evaluate(city, call, offer, both)) == (409, "WRONG_STATUS", None)
    offer = await accepted(city, at, call)
    assert (await evaluate(city, call, offer, evaluator(city, "1")))[0] == 200
