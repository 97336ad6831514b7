"""Editors and officials change entries of the calendar, on both stores."""

import asyncio
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

CHANGE = """mutation($input: ChangeEventInput!) { changeEvent(input: $input) {
  event { title version endsAt organizers { id } provenance { field source role } } errors { code field } } }"""


async def scheduled(city: System, **more: Any) -> str:
    id_ = new_id("evt")
    times = {"startsAt": "2098-06-01T10:00:00+02:00", "endsAt": "2098-06-01T18:00:00+02:00"}
    await city.load("events", ("events", {"id": id_, "title": "Piknik", "kind": "PICNIC"} | times | more))
    return id_


async def change(city: System, id_: str, role: Role = Role.EDITOR, **more: Any) -> dict[str, Any]:
    input_ = {"id": id_, "expectedVersion": 1} | more
    payload: dict[str, Any] = (await city.ask(CHANGE, {"input": input_}, city.token(role)))["changeEvent"]
    return payload


async def test_an_editor_changes_an_entry_which_says_so(city: System) -> None:
    id_, organizer = await scheduled(city), await city.organization()
    made = await change(city, id_, title="Piknik sąsiedzki", organizerIds=[organizer], endsAt="2098-06-01T17:00:00Z")
    assert made["errors"] == []
    assert made["event"]["provenance"] == [
        {"field": field, "source": "update", "role": "EDITOR"} for field in ("title", "endsAt", "organizerIds")
    ]
    assert made["event"] | {"provenance": []} == {
        "title": "Piknik sąsiedzki",
        "version": 2,
        "endsAt": "2098-06-01T19:00:00+02:00",
        "organizers": [{"id": organizer}],
        "provenance": [],
    }


@pytest.mark.parametrize(
    ("role", "more", "code", "field"),
    [
        (Role.REPRESENTATIVE, {"title": "Gala"}, "FORBIDDEN", None),
        (Role.ANIMATOR, {"title": "Gala"}, "FORBIDDEN", None),
        (Role.OFFICIAL, {}, "NOTHING_TO_CHANGE", None),
        (Role.OFFICIAL, {"id": new_id("evt"), "title": "Gala"}, "UNKNOWN_EVENT", "id"),
        (Role.OFFICIAL, {"title": "Gala", "expectedVersion": 2}, "VERSION_OUTDATED", "expectedVersion"),
        (Role.OFFICIAL, {"endsAt": "2098-06-01T09:00:00+02:00"}, "ENDS_BEFORE_START", "endsAt"),
        (Role.OFFICIAL, {"allDay": True}, "NOT_A_WHOLE_DAY", "startsAt"),
        (Role.OFFICIAL, {"kind": "CONSULTATION_OPENING"}, "KIND_RESERVED", "kind"),
        (Role.OFFICIAL, {"organizerIds": [new_id("org")]}, "UNKNOWN_ID", "organizerIds.0"),
    ],
)
async def test_a_change_that_cannot_be_is_refused(
    city: System, role: Role, more: dict[str, Any], code: str, field: str | None
) -> None:
    made = await change(city, await scheduled(city), role, **more)
    assert made["errors"] == [{"code": code, "field": field}]


async def test_what_an_entry_repeats_of_a_consultation_is_changed_there(city: System) -> None:
    id_ = await scheduled(city, followsVersion=1, consultationId=new_id("con"))
    made = await change(city, id_, venue="Ratusz")
    assert made["errors"] == [{"code": "FOLLOWS_CONSULTATION", "field": "venue"}]
    assert (await change(city, id_, description="Wstęp wolny"))["errors"] == []


async def test_of_two_changes_at_once_one_goes_through(city: System) -> None:
    id_ = await scheduled(city)
    made = await asyncio.gather(*(change(city, id_, title=f"Piknik {number}") for number in range(4)))
    assert sorted(len(one["errors"]) for one in made) == [0, 1, 1, 1]
