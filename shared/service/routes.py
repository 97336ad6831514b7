"""The routes of a service, from its table of what is read, written and imported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from shared.contracts.base import Command, Entity
from shared.service.importing import Tell, import_route
from shared.service.reading import Listing, read_routes
from shared.service.writing import Decide, OpenDecide, command_route
from shared.store.port import Collection, Store


@dataclass(frozen=True)
class Write:
    """A command at POST /v1/<command>: `decide` answers an entity of the collection, shown as the contract."""

    collection: Collection[Any]
    contract: type[Entity]
    command: type[Command]
    decide: Decide
    open_to_visitors: bool = False

    @classmethod
    def for_everybody(
        cls, collection: Collection[Any], contract: type[Entity], command: type[Command], decide: OpenDecide
    ) -> "Write":
        """One that needs no token (docs/decisions/0011)."""
        return cls(collection, contract, command, decide, open_to_visitors=True)


@dataclass(frozen=True)
class Routes:
    listings: tuple[Listing[Any, Any], ...]
    writes: tuple[Write, ...]
    imported: tuple[Collection[Any], ...]
    tell_imported: Tell

    def __call__(self, store: Store, committed: Callable[[], None]) -> Iterator[web.RouteDef]:
        """`committed` is called whenever there may be something new in the outbox."""
        for listing in self.listings:
            yield from read_routes(store, listing)
        visible = {listing.collection.name: listing.visible for listing in self.listings}
        for write in self.writes:
            may_see = visible[write.collection.name]
            yield command_route(
                store,
                write.collection,
                write.contract,
                write.command,
                write.decide,
                committed,
                may_see,
                open_to_visitors=write.open_to_visitors,
            )
        yield import_route(store, {one.name: one for one in self.imported}, self.tell_imported, committed)
