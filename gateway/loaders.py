"""DataLoaders: what one operation asks for is collected, and each service is asked once per level."""

from typing import Any

from strawberry.dataloader import DataLoader

from gateway.clients import Clients
from gateway.kinds import Kind
from gateway.transport import Caller
from shared.contracts.reading import BATCH_MAX, FindRequest, Page


class Loaders:
    """Of one operation: what was loaded is kept until it ends, and never longer."""

    def __init__(self, clients: Clients, caller: Caller) -> None:
        self._clients = clients
        self._caller = caller
        self._by_id: dict[str, DataLoader[str, Any]] = {}
        self._related: dict[tuple[str, str, FindRequest[Any]], DataLoader[str, Page[Any]]] = {}

    def by_id(self, kind: Kind) -> DataLoader[str, Any]:
        """Loads an entity, or None for an id that is unknown or not for this caller to see."""
        if (loader := self._by_id.get(kind.collection)) is None:

            async def load(ids: list[str]) -> list[Any]:
                found = await self._clients.batch(kind, ids, self._caller)
                return [found.get(id_) for id_ in ids]

            loader = self._by_id[kind.collection] = DataLoader(load, max_batch_size=BATCH_MAX)
        return loader

    def related(self, kind: Kind, by: str, request: FindRequest[Any]) -> DataLoader[str, Page[Any]]:
        """Loads the page that belongs to a parent; one loader per relation and arguments."""
        key = (kind.collection, by, request)
        if (loader := self._related.get(key)) is None:

            async def load(parents: list[str]) -> list[Page[Any]]:
                return list(await self._clients.related(kind, by, parents, request, self._caller))

            loader = self._related[key] = DataLoader(load, max_batch_size=BATCH_MAX)
        return loader
