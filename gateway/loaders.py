"""DataLoaders: what one operation asks for is collected, and each service is asked once per level."""

from typing import Any

from strawberry.dataloader import DataLoader

from gateway.clients import Caller, Clients
from gateway.kinds import Kind
from shared.contracts.reading import BATCH_MAX, FindRequest, Page


class Loader(DataLoader[str, Any]):
    def get(self, key: str) -> Any:
        """The value where it is in memory, and a future of it otherwise."""
        future: Any = self.load(key)
        return future.result() if future.done() and future.exception() is None else future


class Loaders:
    """Of one operation: what was loaded is kept until it ends, and never longer."""

    def __init__(self, clients: Clients, caller: Caller) -> None:
        self._clients = clients
        self._caller = caller
        self._by_id: dict[str, Loader] = {}
        self._related: dict[tuple[str, str, FindRequest[Any]], Loader] = {}

    def by_id(self, kind: Kind) -> Loader:
        """Loads an entity, or None for an id that is unknown or not for this caller to see."""
        if (loader := self._by_id.get(kind.collection)) is None:

            async def load(ids: list[str]) -> list[Any]:
                found = await self._clients.batch(kind, ids, self._caller)
                return [found.get(id_) for id_ in ids]

            loader = self._by_id[kind.collection] = Loader(load, max_batch_size=BATCH_MAX)
        return loader

    def related(self, kind: Kind, by: str, request: FindRequest[Any]) -> Loader:
        """Loads the page that belongs to a parent; one loader per relation and arguments."""
        key = (kind.collection, by, request)
        if (loader := self._related.get(key)) is None:

            async def load(parents: list[str]) -> list[Page[Any]]:
                return list(await self._clients.related(kind, by, parents, request, self._caller))

            loader = self._related[key] = Loader(load, max_batch_size=BATCH_MAX)
        return loader

    def find(self, kind: Kind, request: FindRequest[Any]) -> Any:
        """The page, or an awaitable of it."""
        return self._clients.find(kind, request, self._caller)
