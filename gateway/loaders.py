"""Loaders: what an operation asks for is found in memory, or collected, and each service is asked once per level.

What a visitor may see is shared with all other operations (gateway/cache); what somebody sees by a token is loaded
with that token, kept until the operation ends, and never longer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import CoroutineType
from typing import Any

from strawberry.dataloader import DataLoader

from gateway.cache.entities import Entities
from gateway.cache.place import Place
from gateway.cache.recording import Recording
from gateway.cache.scope import OPEN, TOGETHER
from gateway.clients import Clients
from gateway.kinds import Kind
from gateway.transport import Caller
from shared.contracts.reading import BATCH_MAX, FindRequest, Page

_LATER = (asyncio.Future, CoroutineType)


class Loader:
    """`get` gives the value where it is in memory, and a future of it otherwise."""

    def get(self, key: str) -> Any:
        raise NotImplementedError

    def get_many(self, keys: Sequence[str]) -> Any:
        """All values in a list, or an awaitable of it."""
        found = [self.get(key) for key in keys]
        return _all(found) if any(isinstance(one, asyncio.Future) for one in found) else found

    async def load(self, key: str) -> Any:
        found = self.get(key)
        return await found if isinstance(found, asyncio.Future) else found


async def _all(found: list[Any]) -> list[Any]:
    return [await one if isinstance(one, asyncio.Future) else one for one in found]


def then(found: Any, use: Callable[[Any], Any]) -> Any:
    """What `use` makes of the value: at once where it is there, an awaitable of that otherwise."""
    return _then(found, use) if isinstance(found, _LATER) else use(found)


async def _then(found: Awaitable[Any], use: Callable[[Any], Any]) -> Any:
    return use(await found)


class Loaders:
    """Of one operation."""

    def __init__(self, clients: Clients, caller: Caller, entities: Entities | None, recording: Recording) -> None:
        self._clients = clients
        self._caller = caller
        self._entities = entities
        self._recording = recording
        self._by_id: dict[str, Loader] = {}
        self._related: dict[tuple[str, str, FindRequest[Any]], Loader] = {}

    def by_id(self, kind: Kind) -> Loader:
        """Loads an entity, or None for an id that is unknown or not for this caller to see."""
        if (loader := self._by_id.get(kind.collection)) is None:
            loader = self._by_id[kind.collection] = self._loader_by_id(kind)
        return loader

    def related(self, kind: Kind, by: str, request: FindRequest[Any]) -> Loader:
        """Loads the page that belongs to a parent; one loader per relation and arguments."""
        key = (kind.collection, by, request)
        if (loader := self._related.get(key)) is None:
            loader = self._related[key] = self._loader_related(kind, by, request)
        return loader

    def find(self, kind: Kind, request: FindRequest[Any]) -> Any:
        """The page, or an awaitable of it."""
        if self._entities is not None and self._is_shared(kind):
            place = self._entities.pages(kind, request)
            return Shared(place, self._caller, self._recording, kind.collection).get("")
        self._recording.spoiled = True
        return self._clients.find(kind, request, self._caller)

    def _is_shared(self, kind: Kind) -> bool:
        return self._caller.authorization is None or kind.collection in OPEN

    def _loader_by_id(self, kind: Kind) -> Loader:
        async def load(ids: list[str]) -> list[Any]:
            found = await self._clients.batch(kind, ids, self._caller)
            return [found.get(id_) for id_ in ids]

        if self._entities is None:
            return Own(load, self._recording)
        place = self._entities.by_id(kind)
        if self._is_shared(kind):
            tag = kind.collection if kind.collection in TOGETHER else None
            return Shared(place, self._caller, self._recording, tag)
        return Own(load, self._recording, place)

    def _loader_related(self, kind: Kind, by: str, request: FindRequest[Any]) -> Loader:
        if self._entities is not None and self._is_shared(kind):
            place = self._entities.related(kind, by, request)
            return Shared(place, self._caller, self._recording, kind.collection)

        async def load(parents: list[str]) -> list[Page[Any]]:
            return list(await self._clients.related(kind, by, parents, request, self._caller))

        return Own(load, self._recording)


class Shared(Loader):
    """What every visitor sees. `tag` is the collection, of lists; of entities each is a tag of its own."""

    def __init__(self, place: Place, caller: Caller, recording: Recording, tag: str | None = None) -> None:
        self._place = place
        self._caller = caller
        self._recording = recording
        self._tag = tag
        if tag is not None:
            recording.tags.add(tag)

    def get(self, key: str) -> Any:
        if self._tag is None:
            self._recording.tags.add(key)
        entry = self._place.fresh(key)
        if entry is None:
            return self._place.fetch(key, self._caller, self._recording)
        if entry.until is not None:
            self._recording.until = min(self._recording.until, entry.until)
        return entry.value


class Own(Loader):
    """What this caller sees. What a visitor sees of `place`, the caller sees, too, and alike."""

    def __init__(self, load: Any, recording: Recording, place: Place | None = None) -> None:
        self._loader: DataLoader[str, Any] = DataLoader(load, max_batch_size=BATCH_MAX)
        self._place = place
        recording.spoiled = True

    def get(self, key: str) -> Any:
        if self._place is not None:
            entry = self._place.fresh(key)
            if entry is not None and entry.value is not None:
                return entry.value
        return self._loader.load(key)
