"""The services themselves, by somebody who goes round the gateway."""

import asyncio
import base64
from typing import Any

import msgspec
import pytest

from shared.bus import cloudevents
from shared.contracts.changes import trace_of
from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System


@pytest.mark.parametrize(
    "cursor",
    [
        ["districts", "name", 9223372036854775808, "x"],
        ["districts", "name", -9223372036854775809, "x"],
        ["districts", "name", None, "x"],
        ["districts", "name", True, "x"],
        ["districts", "name", 1.5, "x"],
        ["districts", "name", "x"],
        ["districts", "name", "x", 5],
        {"a": 1},
        "x",
    ],
)
async def test_a_forged_cursor_is_refused(city: System, cursor: Any) -> None:
    text = base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")
    status, answer = await city.call("registry", "districts/find", {"after": text})
    assert (status, answer["errors"][0]["code"]) == (422, "CURSOR_INVALID")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31", "2200-01-01"])
async def test_a_day_far_from_now_is_a_misprint(city: System, day: str) -> None:
    command = {"title": "T", "organizerIds": [new_id("org")], "opensOn": "2098-01-01", "closesOn": "2098-02-01"}
    for field in ("opensOn", "closesOn"):
        answer = await city.call("consultations", "openConsultation", command | {field: day}, city.token(Role.OFFICIAL))
        assert answer[0] == 422
        assert (answer[1]["errors"][0]["code"], answer[1]["errors"][0]["field"]) == ("INVALID_INPUT", field)


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
async def test_an_instant_far_from_now_is_a_misprint(city: System, instant: str) -> None:
    command = {"title": "T", "organizerIds": [new_id("org")], "startsAt": instant, "endsAt": instant}
    status, answer = await city.call("events", "scheduleEvent", command, city.token(Role.OFFICIAL))
    assert (status, answer["errors"][0]["field"]) == (422, "startsAt")


async def test_a_text_of_stacked_marks_is_refused_quickly_and_holds_up_nobody(city: System) -> None:
    command = {"consultationId": new_id("con"), "text": "a" + "\u0315\u0300" * 9_000}
    async with asyncio.timeout(5):
        status, answer = await city.call("consultations", "submitRemark", command, city.token(Role.RESIDENT))
    assert (status, answer["errors"][0]["field"]) == (422, "text")


async def test_a_command_larger_than_a_megabyte_is_refused(city: System) -> None:
    status, _ = await city.call("consultations", "submitRemark", {"text": "a" * 1_100_000}, city.token(Role.RESIDENT))
    assert status == 413


@pytest.mark.parametrize("header", ["Jan Kowalski 44051401359", "00-" + "0" * 8_000, "00-xyz", "", "00-" + "A" * 32])
def test_a_trace_is_numbers_and_nothing_that_a_client_writes(header: str) -> None:
    assert trace_of(header) is None


def test_a_real_trace_is_kept() -> None:
    trace = f"00-{'0af7651916cd43dd8448eb211c80319c'}-{'b7ad6b7169203331'}-01"
    assert trace_of(trace) == trace
    with pytest.raises(ValueError, match="traceparent"):
        cloudevents.decode(
            msgspec.json.encode(
                {
                    "specversion": "1.0",
                    "id": new_id("chg"),
                    "source": "/services/events",
                    "type": "pl.jasne.events.event.moved",
                    "subject": new_id("evt"),
                    "time": "2026-01-01T00:00:00Z",
                    "datacontenttype": "application/json",
                    "entityversion": 1,
                    "traceparent": "Jan Kowalski",
                    "data": {"related": []},
                }
            )
        )


async def test_the_same_key_a_thousand_times_is_one(city: System) -> None:
    organization = await city.organization()
    body = {"by": "parent_id", "keys": [organization] * 1_000, "find": {"first": 20}}
    status, answer = await city.call("registry", "organizations/related", body)
    assert (status, len(answer["pages"])) == (200, 1_000)


async def test_too_many_related_at_once_are_refused(city: System) -> None:
    body = {"by": "parent_id", "keys": [new_id("org") for _ in range(1_000)], "find": {"first": 100}}
    status, answer = await city.call("registry", "organizations/related", body)
    assert (status, answer["errors"][0]["code"]) == (422, "TOO_MUCH_AT_ONCE")


async def test_an_import_refuses_ids_of_another_kind_and_keeps_the_other_lines(city: System) -> None:
    stamp = {"version": 1, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "city": "C"}
    good = {"collection": "districts", "entity": stamp | {"id": new_id("dis"), "name": "Dobra"}}
    bad = {"collection": "districts", "entity": stamp | {"id": new_id("org"), "name": "Zła"}}
    late = {
        "collection": "districts",
        "entity": stamp | {"id": new_id("dis"), "name": "P", "createdAt": "9999-01-01T00:00:00Z"},
    }
    body = b"\n".join(msgspec.json.encode(line) for line in (good, bad, late, {"collection": "nope", "entity": {}}))
    headers = {"Authorization": f"Bearer {city.token(Role.OPERATOR)}"}
    async with city.session.post(f"{city.urls['registry']}/v1/import", data=body, headers=headers) as answer:
        imported = await answer.json()
    assert (imported["stored"], [error["line"] for error in imported["errors"]]) == (1, [2, 3, 4])


async def test_changing_the_title_alone_moves_no_deadline(city: System) -> None:
    id_ = new_id("con")
    consultation = {
        "id": id_,
        "title": "T",
        "status": "OPEN",
        "organizerIds": [new_id("org")],
        "closesOn": "2098-02-01",
        "remarksUntil": "2098-02-20",
    }
    await city.load("consultations", ("consultations", consultation))
    command = {"id": id_, "expectedVersion": 1, "title": "Nowy"}
    _, changed = await city.call("consultations", "changeConsultation", command, city.token(Role.OFFICIAL))
    assert (changed["title"], changed["remarksUntil"]) == ("Nowy", "2098-02-20")


async def test_however_many_meetings_are_dropped_all_leave_the_calendar(city: System) -> None:
    id_ = new_id("con")
    meetings = [{"id": new_id("mtg"), "title": f"M {n}", "day": "2098-01-10"} for n in range(120)]
    consultation = {"id": id_, "title": "T", "status": "OPEN", "organizerIds": [new_id("org")], "meetings": meetings}
    await city.load("consultations", ("consultations", consultation))
    query = """query($id: ID!) { all: events(filter: { consultationId: $id }) { totalCount }
      off: events(filter: { consultationId: $id, status: CANCELLED }) { totalCount } }"""
    await city.until(query, {"id": id_}, lambda data: data["all"]["totalCount"] == 120, seconds=30)
    command = {"id": id_, "expectedVersion": 1, "meetings": []}
    await city.call("consultations", "changeConsultation", command, city.token(Role.OFFICIAL))
    await city.until(query, {"id": id_}, lambda data: data["off"]["totalCount"] == 120, seconds=30)
