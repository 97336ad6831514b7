"""The registry's routes."""

from collections.abc import Callable, Iterable

from aiohttp import web

from services.registry import commands, queries
from services.registry.collections import ALL, ORGANIZATIONS
from shared.contracts.base import Entity
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.service.importing import import_route
from shared.service.process import Service
from shared.service.reading import read_routes
from shared.service.writing import changed, command_route
from shared.store.port import Store, Transaction


def routes(store: Store, committed: Callable[[], None]) -> Iterable[web.RouteDef]:
    for listing in queries.LISTINGS:
        yield from read_routes(store, listing)
    yield command_route(store, ORGANIZATIONS, Organization, SubmitOrganization, commands.submit_organization, committed)
    yield command_route(store, ORGANIZATIONS, Organization, ReviewOrganization, commands.review_organization, committed)
    yield import_route(store, {collection.name: collection for collection in ALL}, _imported, committed)


async def _imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


SERVICE = Service("registry", ALL, routes)
