"""The calendar follows consultations: opening, meetings, closing day; renamed, moved, dropped; nothing doubles."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, timedelta
from pathlib import Path

import msgspec
import pytest

from services.events.collections import ALL, EVENTS
from services.events.reactions import follow_consultation
from services.events.rules import entries_of
from shared.bus.relay import COLLECTIONS
from shared.clock import now
from shared.contracts.changes import Change, ConsultationSchedule, MeetingSchedule
from shared.contracts.events import Event, EventKind, EventStatus
from shared.contracts.people import Role
from shared.ids import new_id
from shared.store.opening import open_store
from shared.store.port import Eq, Query, Store
from tests.system import System


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite://{tmp_path}/events.db", (*ALL, *COLLECTIONS))
    yield store
    await store.close()


MEETING = MeetingSchedule(
    id=new_id("mtg"), title="Warsztat", starts_at=now(), ends_at=now(), place="Centrum Organizacji"
)
SCHEDULE = ConsultationSchedule(
    title="Program współpracy",
    opens_on=date(2026, 10, 1),
    remarks_until=date(2026, 10, 26),
    organizer_ids=(new_id("org"),),
    meetings=(MEETING,),
)


def change(consultation: str, version: int, schedule: ConsultationSchedule) -> Change:
    return Change(
        id=new_id("chg"),
        service="consultations",
        entity="consultation",
        verb="changed",
        entity_id=consultation,
        version=version,
        at=now(),
        data=msgspec.to_builtins(schedule),
    )


async def calendar(store: Store, consultation: str) -> dict[EventKind, Event]:
    events = await store.find(Query(EVENTS, (Eq("consultation_id", consultation),), limit=50))
    assert len({event.kind for event in events}) == len(events), "an entry was doubled"
    return {event.kind: event for event in events}


async def follow(store: Store, change: Change) -> None:
    await follow_consultation(store, lambda: None, change)


async def test_an_opened_consultation_has_its_days_and_meetings_in_the_calendar(store: Store) -> None:
    consultation = new_id("con")
    await follow(store, change(consultation, 1, SCHEDULE))
    entries = await calendar(store, consultation)
    assert set(entries) == {
        EventKind.CONSULTATION_OPENING,
        EventKind.CONSULTATION_MEETING,
        EventKind.CONSULTATION_CLOSING,
    }
    closing = entries[EventKind.CONSULTATION_CLOSING]
    assert closing.starts_at is not None
    assert closing.starts_at.isoformat() == "2026-10-26T00:00:00+01:00"
    opening = entries[EventKind.CONSULTATION_OPENING]
    assert opening.starts_at is not None
    assert opening.starts_at.isoformat() == "2026-10-01T00:00:00+02:00"
    meeting = entries[EventKind.CONSULTATION_MEETING]
    assert (meeting.starts_at, meeting.venue) == (MEETING.starts_at, "Centrum Organizacji")


def test_the_day_on_which_clocks_go_back_has_25_hours() -> None:
    schedule = msgspec.structs.replace(SCHEDULE, opens_on=date(2026, 10, 25), meetings=(), remarks_until=None)
    ((_, fields),) = entries_of(new_id("con"), schedule)
    assert fields["ends_at"].astimezone(UTC) - fields["starts_at"].astimezone(UTC) == timedelta(hours=25)


async def test_a_change_handled_twice_doubles_nothing(store: Store) -> None:
    consultation = new_id("con")
    once = change(consultation, 1, SCHEDULE)
    await asyncio.gather(*(follow(store, once) for _ in range(5)))
    entries = await calendar(store, consultation)
    assert {event.version for event in entries.values()} == {1}


async def test_renaming_and_moving_are_followed(store: Store) -> None:
    consultation = new_id("con")
    await follow(store, change(consultation, 1, SCHEDULE))
    before = await calendar(store, consultation)
    moved = msgspec.structs.replace(SCHEDULE, title="Nowy program", remarks_until=date(2026, 11, 2))
    await follow(store, change(consultation, 2, moved))
    after = await calendar(store, consultation)
    assert {event.id for event in after.values()} == {event.id for event in before.values()}
    assert all("Nowy program" in event.title for event in after.values())
    closing = after[EventKind.CONSULTATION_CLOSING]
    assert closing.starts_at is not None
    assert closing.starts_at.date() == date(2026, 11, 2)


async def test_a_dropped_meeting_is_cancelled_and_comes_back_as_the_same_entry(store: Store) -> None:
    consultation = new_id("con")
    await follow(store, change(consultation, 1, SCHEDULE))
    await follow(store, change(consultation, 2, msgspec.structs.replace(SCHEDULE, meetings=())))
    dropped = (await calendar(store, consultation))[EventKind.CONSULTATION_MEETING]
    assert dropped.status is EventStatus.CANCELLED
    await follow(store, change(consultation, 3, SCHEDULE))
    back = (await calendar(store, consultation))[EventKind.CONSULTATION_MEETING]
    assert (back.id, back.status) == (dropped.id, EventStatus.SCHEDULED)


async def test_an_older_change_that_comes_late_moves_nothing_back(store: Store) -> None:
    consultation = new_id("con")
    newer = msgspec.structs.replace(SCHEDULE, title="Nowy program")
    await follow(store, change(consultation, 2, newer))
    await follow(store, change(consultation, 1, SCHEDULE))
    assert all("Nowy program" in event.title for event in (await calendar(store, consultation)).values())


async def test_an_event_that_somebody_scheduled_about_the_consultation_stays_theirs(store: Store) -> None:
    consultation = new_id("con")
    moment = now()
    own = Event(
        id=new_id("evt"),
        version=1,
        created_at=moment,
        updated_at=moment,
        title="Debata",
        kind=EventKind.MEETING,
        consultation_id=consultation,
    )
    await store.transaction(lambda tx: tx.put(EVENTS, own))
    await follow(store, change(consultation, 1, SCHEDULE))
    await follow(store, change(consultation, 2, msgspec.structs.replace(SCHEDULE, meetings=())))
    assert (await calendar(store, consultation))[EventKind.MEETING] == own


def test_a_consultation_that_a_source_leaves_undated_gives_no_entry() -> None:
    assert list(entries_of(new_id("con"), ConsultationSchedule(title="Program"))) == []


def test_titles_of_entries_stay_within_their_bounds() -> None:
    long = msgspec.structs.replace(SCHEDULE, title="x" * 300)
    assert all(len(fields["title"]) <= 300 for _, fields in entries_of(new_id("con"), long))


async def test_from_the_mutation_to_the_calendar_over_the_bus(city: System) -> None:
    organization = await city.organization()
    token = city.token(Role.OFFICIAL)
    opened = await city.ask(
        """mutation($input: OpenConsultationInput!) {
          openConsultation(input: $input) { consultation { id } errors { code message } }
        }""",
        {
            "input": {
                "title": "Strefa",
                "organizerIds": [organization],
                "opensOn": "2098-01-01",
                "closesOn": "2098-02-03",
                "meetings": [
                    {
                        "title": "Spotkanie",
                        "startsAt": "2098-01-10T17:00:00+01:00",
                        "endsAt": "2098-01-10T19:00:00+01:00",
                    }
                ],
            }
        },
        token,
    )
    id_ = opened["openConsultation"]["consultation"]["id"]
    query = "query($id: ID!) { consultation(id: $id) { events { nodes { title status } } } }"
    await city.until(query, {"id": id_}, lambda data: len(data["consultation"]["events"]["nodes"]) == 3)
    await city.ask(
        """mutation($input: ChangeConsultationInput!) {
          changeConsultation(input: $input) { consultation { version } errors { code message } }
        }""",
        {"input": {"id": id_, "expectedVersion": 1, "title": "Nowa strefa"}},
        token,
    )
    data = await city.until(
        query,
        {"id": id_},
        lambda data: all("Nowa strefa" in node["title"] for node in data["consultation"]["events"]["nodes"]),
    )
    assert len(data["consultation"]["events"]["nodes"]) == 3
