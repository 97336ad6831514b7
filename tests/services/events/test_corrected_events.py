"""Corrections that the registry passes on to the calendar: applied once, by the calendar's rules, and answered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.events import rules
from services.events.collections import ALL, EVENTS
from services.events.reactions import KEEPER
from shared.bus.outbox import OUTBOX
from shared.bus.relay import COLLECTIONS
from shared.clock import now
from shared.contracts.base import Address
from shared.contracts.changes import Change
from shared.contracts.events import Event, EventKind
from shared.contracts.handovers import Answered, PassedOn
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.store.opening import open_store
from shared.store.port import Query, Store

DECIDED = datetime(2026, 5, 4, 10, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite://{tmp_path}/events.db", (*ALL, *COLLECTIONS))
    yield store
    await store.close()


def event(**more: Any) -> Event:
    values: dict[str, Any] = {
        "title": "Piknik",
        "kind": EventKind.PICNIC,
        "starts_at": datetime(2098, 6, 1, 8, tzinfo=UTC),
        "ends_at": datetime(2098, 6, 1, 16, tzinfo=UTC),
    }
    return Event(id=new_id("evt"), version=1, created_at=now(), updated_at=now(), **values | more)


def passed_on(record: str, field: str, value: str, decided_at: datetime = DECIDED, role: Role = Role.EDITOR) -> Change:
    passed = PassedOn(
        record_id=record,
        field=field,
        value=value,
        decided_at=decided_at,
        decided_on=decided_at.date(),
        role=role,
    )
    return Change(
        id=new_id("chg"),
        service="registry",
        entity="correction",
        verb="passedon",
        entity_id=new_id("cor"),
        version=2,
        at=decided_at,
        data=msgspec.to_builtins(passed),
    )


async def carry_out(store: Store, *changes: Change) -> None:
    for change in changes:
        await KEEPER.carry_out(store, lambda: None, change)


async def kept(store: Store, one: Event) -> Event:
    found = await store.get(EVENTS, one.id)
    assert found is not None
    return found


async def answers(store: Store) -> dict[str, str | None]:
    told = await store.find(Query(OUTBOX, order="at", limit=50))
    found = [msgspec.convert(one.change.data, Answered) for one in told if one.change.entity == "handover"]
    assert len({one.correction_id for one in found}) == len(found), "a correction was answered twice"
    return {one.correction_id: one.code for one in found}


async def test_a_correction_that_comes_again_is_applied_once(store: Store) -> None:
    one = event()
    await store.transaction(lambda tx: tx.put(EVENTS, one))
    change = passed_on(one.id, "title", "Piknik sąsiedzki")
    await asyncio.gather(*(carry_out(store, change) for _ in range(5)))
    # told anew under another id, as after a restored backup of the registry: still the same correction
    await carry_out(store, msgspec.structs.replace(change, id=new_id("chg")))
    found = await kept(store, one)
    assert (found.title, found.version) == ("Piknik sąsiedzki", 2)
    (source,) = found.provenance
    assert (source.field, source.source, source.decision_id, source.on) == (
        "title",
        "correction",
        change.entity_id,
        DECIDED.date(),
    )
    assert await answers(store) == {change.entity_id: None}


async def test_what_was_decided_last_holds_in_whatever_order_it_comes(store: Store) -> None:
    one = event()
    await store.transaction(lambda tx: tx.put(EVENTS, one))
    earlier = passed_on(one.id, "title", "Piknik w parku")
    later = passed_on(one.id, "title", "Piknik sąsiedzki", DECIDED + timedelta(minutes=1))
    other = passed_on(one.id, "venue", "Park Lisiniec")
    await carry_out(store, later, earlier, other)
    found = await kept(store, one)
    assert (found.title, found.venue, found.version) == ("Piknik sąsiedzki", "Park Lisiniec", 3)
    assert await answers(store) == {later.entity_id: None, earlier.entity_id: "SUPERSEDED", other.entity_id: None}


async def test_every_correction_is_answered_and_another_services_is_left_alone(store: Store) -> None:
    one = event()
    await store.transaction(lambda tx: tx.put(EVENTS, one))
    changes = [
        (passed_on(new_id("evt"), "title", "Piknik"), "UNKNOWN_ID"),
        (passed_on(one.id, "title", "Piknik"), "THERE_ALREADY"),
        (passed_on(one.id, "status", "CANCELLED"), "CANNOT_APPLY"),
        (passed_on(one.id, "title", "Gala", role=Role.ANIMATOR), "FORBIDDEN"),
        (passed_on(one.id, "startsAt", "jutro"), "CANNOT_APPLY"),
        (passed_on(one.id, "title", "Piknik 44051401359"), "CANNOT_APPLY"),
        (passed_on(one.id, "endsAt", "2098-06-01T09:00:00+02:00"), "ENDS_BEFORE_START"),
    ]
    await carry_out(store, *(change for change, _ in changes), passed_on(new_id("con"), "title", "Program"))
    assert await answers(store) == {change.entity_id: code for change, code in changes}
    assert await kept(store, one) == one


def test_an_entry_that_follows_a_consultation_is_corrected_there() -> None:
    entry = event(follows_version=3)
    for attribute, value in (("title", "Otwarcie"), ("starts_at", entry.ends_at), ("venue", "Ratusz")):
        with pytest.raises(Refused, match="FOLLOWS_CONSULTATION"):
            rules.sound(entry, {attribute: value})
    address = {"address": Address(city="Częstochowa")}
    assert rules.sound(entry, address) == address


def test_an_entry_of_whole_days_starts_and_ends_at_midnight_in_warsaw() -> None:
    entry = event(
        starts_at=datetime(2098, 5, 31, 22, tzinfo=UTC), ends_at=datetime(2098, 6, 1, 22, tzinfo=UTC), all_day=True
    )
    later = datetime(2098, 6, 2, 22, tzinfo=UTC)
    assert rules.sound(entry, {"ends_at": later})["ends_at"].isoformat() == "2098-06-03T00:00:00+02:00"
    with pytest.raises(Refused, match="NOT_A_WHOLE_DAY"):
        rules.sound(entry, {"ends_at": later + timedelta(hours=1)})
