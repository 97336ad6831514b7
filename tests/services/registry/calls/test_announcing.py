"""Announcing an open call: its three announcements and the term for offers."""

from datetime import date
from typing import Any

import pytest

from shared.ids import new_id
from tests.services.registry.calls.procedure import announced, article, new_call, official, refusal
from tests.services.registry.moments import Travel
from tests.system import System


async def announce(city: System, **more: Any) -> tuple[int, dict[str, Any]]:
    return await city.call("registry", "announceCall", new_call(await city.organization(), **more), official(city))


async def test_a_call_is_everyones_with_its_tasks_and_criteria(city: System, at: Travel) -> None:
    call = await announced(city, at)
    assert (call["status"], call["amount"], call["offersUntil"]) == ("ANNOUNCED", "50000.00", "2027-03-22")
    _, seen = await city.call("registry", "calls/batch", {"ids": [call["id"]]})
    assert [[one["maxPoints"] for one in item["criteria"]] for item in seen["items"]] == [[60, 40]]


@pytest.mark.parametrize("last", ["announcedInBipOn", "announcedOnBoardOn", "announcedOnWebsiteOn"])
async def test_offers_have_at_least_21_days_from_the_last_of_three_announcements(city: System, last: str) -> None:
    days = dict.fromkeys(("announcedInBipOn", "announcedOnBoardOn", "announcedOnWebsiteOn"), "2027-01-01")
    assert (await announce(city, **days | {last: "2027-03-01"}, offersUntil="2027-03-22"))[0] == 200
    answer = await announce(city, **days | {last: "2027-03-02"}, offersUntil="2027-03-22")
    assert (refusal(answer), article(answer)) == ((422, "TERM_TOO_SHORT", "offersUntil"), "art. 13 ust. 1")


async def test_a_term_for_offers_that_ends_on_a_day_off_moves(city: System) -> None:
    # Saturday 27 March 2027, then Easter Sunday and Monday
    status, call = await announce(city, offersUntil="2027-03-27")
    assert (status, call["offersUntil"]) == (200, "2027-03-30")


async def test_the_amount_is_that_of_all_tasks(city: System) -> None:
    task = new_call("")["tasks"][0]
    _, call = await announce(city, tasks=[task | {"amount": "0.10"}, task | {"amount": "0.20"}])
    assert call["amount"] == "0.30"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"startsOn": "2027-03-22"}, "TASK_BEGINS_TOO_EARLY", "tasks.0.startsOn"),
        ({"endsOn": "2027-04-01"}, "DAYS_REVERSED", "tasks.0.endsOn"),
    ],
)
async def test_a_task_in_a_call_has_sound_days(city: System, wrong: dict[str, Any], code: str, field: str) -> None:
    answer = await announce(city, tasks=[new_call("")["tasks"][0] | wrong])
    assert refusal(answer) == (422, code, field)


async def test_an_organiser_outside_the_register_is_refused(city: System) -> None:
    answer = await city.call("registry", "announceCall", new_call(new_id("org")), official(city))
    assert refusal(answer) == (422, "UNKNOWN_ORGANIZATION", "organizerId")


async def test_calls_still_open_on_a_day_are_found(city: System, at: Travel) -> None:
    call = await announced(city, at)
    for day, count in [(date(2027, 3, 22), 1), (date(2027, 3, 23), 0)]:
        asked = {"filter": {"openOn": str(day), "organizerId": call["organizerId"]}}
        _, page = await city.call("registry", "calls/find", asked)
        assert len(page["items"]) == count
