"""Changes to the calendar: load, decide, put, tell."""

import msgspec

from services.events import rules
from services.events.collections import EVENTS
from shared.clock import local, now
from shared.contracts.base import Entity
from shared.contracts.events import Event, ScheduleEvent
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Transaction


async def schedule_event(tx: Transaction, viewer: Viewer, command: ScheduleEvent) -> Event:
    rules.may_schedule(viewer, command)
    rules.is_in_order(command)
    moment = now()
    times = {"starts_at": local(command.starts_at), "ends_at": local(command.ends_at)}
    event = Event(
        **(msgspec.structs.asdict(command) | times), id=new_id("evt"), version=1, created_at=moment, updated_at=moment
    )
    await tx.put(EVENTS, event)
    await tell_event(tx, event, "scheduled")
    return event


async def tell_event(tx: Transaction, event: Event, verb: str) -> None:
    related = (*event.organizer_ids, *event.district_ids, *event.partnership_ids)
    await changed(tx, "events", verb, event, (*related, event.consultation_id) if event.consultation_id else related)


async def tell_imported(tx: Transaction, entity: Entity) -> None:
    if isinstance(entity, Event):
        await tell_event(tx, entity, "imported")
