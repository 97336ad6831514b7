"""Changes to the calendar: load, decide, put, tell."""

import msgspec

from services.events import rules
from services.events.collections import EVENTS
from shared.clock import local, now, today
from shared.contracts.base import Entity
from shared.contracts.events import ChangeEvent, Event, ScheduleEvent
from shared.contracts.organisations import FieldSource
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.replacing import replaced
from shared.service.writing import changed, version_is_current
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


async def change_event(tx: Transaction, viewer: Viewer, command: ChangeEvent) -> Event:
    role = rules.may_change(viewer)
    values = rules.asked_values(command)
    event = await tx.get(EVENTS, command.id)
    if event is None:
        raise Refused(
            "UNKNOWN_EVENT",
            pl="Nie ma wydarzenia o tym identyfikatorze.",
            en="There is no event with this id.",
            field="id",
        )
    version_is_current(event.version, command.expected_version)
    values = rules.sound(event, values)
    names = {field.name: field.encode_name for field in msgspec.structs.fields(Event)}
    sources = (FieldSource(field=names[name], source="update", on=today(), role=role) for name in values)
    written = replaced(event, values, tuple(sources))
    await tx.put(EVENTS, written)
    await tell_event(tx, written, "changed")
    return written


async def tell_event(tx: Transaction, event: Event, verb: str) -> None:
    related = (*event.organizer_ids, *event.district_ids, *event.partnership_ids)
    await changed(tx, "events", verb, event, (*related, event.consultation_id) if event.consultation_id else related)


async def tell_imported(tx: Transaction, entity: Entity) -> None:
    if isinstance(entity, Event):
        await tell_event(tx, entity, "imported")
