"""The routes of the events service."""

from collections.abc import Callable, Iterable

from aiohttp import web

from services.events import commands, queries
from services.events.collections import ALL, EVENTS
from services.events.reactions import DURABLE, follow_consultation
from shared.contracts.base import Entity
from shared.contracts.events import Event, ScheduleEvent
from shared.service.importing import import_route
from shared.service.process import Reaction, Service
from shared.service.reading import read_routes
from shared.service.writing import command_route
from shared.store.port import Store, Transaction


def routes(store: Store, committed: Callable[[], None]) -> Iterable[web.RouteDef]:
    for listing in queries.LISTINGS:
        yield from read_routes(store, listing)
    yield command_route(store, EVENTS, Event, ScheduleEvent, commands.schedule_event, committed)
    yield import_route(store, {EVENTS.name: EVENTS}, _imported, committed)


async def _imported(tx: Transaction, entity: Entity) -> None:
    if isinstance(entity, Event):
        await commands.tell_event(tx, "imported", entity)


SERVICE = Service(
    "events", ALL, routes, (Reaction(DURABLE, ("changes.consultations.consultation.*",), follow_consultation),)
)
