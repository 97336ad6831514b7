"""What the calendar does on other services' changes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

import msgspec

from services.events import rules
from services.events.collections import EVENTS, FOLLOWED, Followed
from services.events.commands import tell_event
from shared.bus.outbox import once
from shared.clock import now
from shared.contracts.changes import Change, ConsultationSchedule
from shared.contracts.events import Event, EventStatus
from shared.service.handing import Keeper
from shared.service.replacing import next_version
from shared.store.port import Eq, Query, Store, Transaction, position

DURABLE = "calendar"
PAGE = 100

KEEPER = Keeper("events", {EVENTS.prefix: EVENTS}, rules.sound, partial(tell_event, verb="corrected"))
"""Corrections of entries, as the registry passes them on."""


async def follow_consultation(store: Store, committed: Callable[[], None], change: Change) -> None:
    """The opening, the meetings and the closing day of a consultation are entries of the calendar, and stay so.

    Whatever order changes come in and however often, the calendar ends at the newest version.
    """
    schedule = msgspec.convert(change.data, ConsultationSchedule)

    async def work(tx: Transaction) -> None:
        if await once(tx, DURABLE, change) and await _is_newer(tx, change):
            await _follow(tx, change, schedule)

    await store.transaction(work)
    committed()


async def _is_newer(tx: Transaction, change: Change) -> bool:
    id_ = "fol_" + change.entity_id.partition("_")[2]
    followed = await tx.get(FOLLOWED, id_)
    if followed is not None and followed.consultation_version >= change.version:
        return False
    moment = now()
    await tx.put(
        FOLLOWED,
        Followed(
            id=id_,
            version=followed.version + 1 if followed else 1,
            created_at=followed.created_at if followed else moment,
            updated_at=moment,
            consultation_version=change.version,
        ),
    )
    return True


async def _follow(tx: Transaction, change: Change, schedule: ConsultationSchedule) -> None:
    entries = dict(rules.entries_of(change.entity_id, schedule))
    # entries that somebody scheduled by hand are theirs: only those with `follows_version` are touched
    dropped = {event.id: event async for event in _standing(tx, change.entity_id)}
    earlier = {event.id: event for event in await tx.get_many(EVENTS, tuple(entries))}
    for id_, fields in entries.items():
        given = fields | {"status": EventStatus.SCHEDULED, "follows_version": change.version}
        await _put(tx, earlier.get(id_), id_, given)
        dropped.pop(id_, None)
    for event in dropped.values():
        await _put(tx, event, event.id, {"status": EventStatus.CANCELLED, "follows_version": change.version})


async def _standing(tx: Transaction, consultation_id: str) -> AsyncIterator[Event]:
    where = (Eq("follows", consultation_id), Eq("status", EventStatus.SCHEDULED))
    query = Query(EVENTS, where, limit=PAGE)
    while page := await tx.find(query):
        for event in page:
            yield event
        query = replace(query, after=position(query, page[-1]))


async def _put(tx: Transaction, earlier: Event | None, id_: str, fields: dict[str, object]) -> None:
    moment = now()
    if earlier is None:
        event = Event(id=id_, version=1, created_at=moment, updated_at=moment, **fields)  # type: ignore[arg-type]
        await tx.put(EVENTS, event)
        await tell_event(tx, event, "scheduled")
        return
    event = next_version(earlier, **fields)
    await tx.put(EVENTS, event)
    await tell_event(tx, event, "cancelled" if event.status is EventStatus.CANCELLED else "moved")
