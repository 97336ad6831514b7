"""The routes of the consultations service."""

from collections.abc import Callable, Iterable

from aiohttp import web

from services.consultations import commands, queries
from services.consultations.collections import ALL, CONSULTATIONS, REMARKS
from shared.contracts.consultations import (
    ChangeConsultation,
    Consultation,
    OpenConsultation,
    Remark,
    SubmitRemark,
)
from shared.service.importing import import_route
from shared.service.process import Service
from shared.service.reading import read_routes
from shared.service.writing import command_route
from shared.store.port import Store


def routes(store: Store, committed: Callable[[], None]) -> Iterable[web.RouteDef]:
    for listing in queries.LISTINGS:
        yield from read_routes(store, listing)
    yield command_route(store, CONSULTATIONS, Consultation, OpenConsultation, commands.open_consultation, committed)
    yield command_route(store, CONSULTATIONS, Consultation, ChangeConsultation, commands.change_consultation, committed)
    yield command_route(store, REMARKS, Remark, SubmitRemark, commands.submit_remark, committed)
    yield import_route(store, {collection.name: collection for collection in ALL}, commands.tell_imported, committed)


SERVICE = Service("consultations", ALL, routes)
