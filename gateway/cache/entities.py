"""The entities' level: what the services answered without a token, shared by all operations of this replica."""

import time
import weakref
from collections.abc import Callable
from typing import Any

from gateway.cache import scope
from gateway.cache.figures import Figures
from gateway.cache.memory import Memory
from gateway.cache.place import Place
from gateway.cache.recording import Recording
from gateway.cache.shelf import Shelf
from gateway.clients import Clients
from gateway.kinds import BY_ENTITY, KINDS, Kind
from gateway.transport import Caller
from shared.contracts.changes import Change
from shared.contracts.reading import BATCH_MAX, RELATED_MAX, FindRequest, Page


class Entities:
    """`live` says whether the bus shows every change at this moment."""

    def __init__(
        self,
        clients: Clients,
        limit: int,
        *,
        stale_for: float = 0.0,
        patience: float = 1.0,
        live: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.figures = Figures()
        self.clock = clock
        self.dropped: Callable[[set[str] | None], None] | None = None
        """Told which tags are no longer true; None: all of them."""
        self._clients = clients
        self._memory = Memory(limit, self.figures)
        self._live = live
        self._trusted = False
        self._open: weakref.WeakSet[Recording] = weakref.WeakSet()
        self._shelves = {kind.collection: Shelf(kind, self._memory, clock, stale_for, patience) for kind in KINDS}
        for shelf in self._shelves.values():
            shelf.by_id = Place(shelf, self._ids(shelf.kind), BATCH_MAX)

    def begin(self) -> Recording:
        """Of an operation that starts now."""
        self.look()
        recording = Recording()
        self._open.add(recording)
        return recording

    def look(self) -> bool:
        """Whether the bus tells of changes. When it stops doing so, nothing that was kept is trusted any more."""
        live = self._live()
        if live is not self._trusted:
            self._trusted = live
            for shelf in self._shelves.values():
                shelf.trusted = live
            self.flush()
        return live

    def by_id(self, kind: Kind) -> Place:
        return self._shelves[kind.collection].by_id

    def pages(self, kind: Kind, request: FindRequest[Any]) -> Place:
        """Of one list; any key stands for it."""
        shelf = self._shelves[kind.collection]
        if (place := shelf.lists.get(request)) is None:

            async def call(keys: list[str], caller: Caller) -> list[Page[Any]]:
                return [await self._clients.find(kind, request, caller) for _ in keys]

            place = shelf.lists[request] = Place(shelf, call, 1, request, moves=scope.moves(kind.collection, request))
        return place

    def related(self, kind: Kind, by: str, request: FindRequest[Any]) -> Place:
        """Of the lists of one relation, by parent."""
        shelf = self._shelves[kind.collection]
        if (place := shelf.lists.get((by, request))) is None:

            async def call(parents: list[str], caller: Caller) -> tuple[Page[Any], ...]:
                return await self._clients.related(kind, by, parents, request, caller)

            # together, operations may ask for more than a service gives at once
            limit = min(BATCH_MAX, RELATED_MAX // max(request.first, 1))
            place = Place(shelf, call, limit, (by, request), moves=scope.moves(kind.collection, request))
            shelf.lists[(by, request)] = place
        return place

    def changed(self, change: Change) -> None:
        """A change that the bus shows."""
        if (kind := BY_ENTITY.get(change.entity)) is not None:
            self._drop(kind, change.entity_id)

    def written(self, kind: Kind, id_: str, told: str | None) -> None:
        """A command was answered with this entity, and told these changes: `entity/id/version`, with commas between.

        Done before the client has its answer, so that its next read sees what it wrote.
        """
        self._drop(kind, id_)
        if told is None:
            for shelf in self._shelves.values():
                if shelf.kind.service == kind.service:
                    self._distrust(shelf)
            self._spoil(None)
            return
        for one in told.split(","):
            entity, changed, *_ = one.split("/")
            if (of := BY_ENTITY.get(entity)) is not None:
                self._drop(of, changed)

    def flush(self) -> None:
        """Changes may have been missed."""
        for shelf in self._shelves.values():
            self._distrust(shelf)
        self._spoil(None)

    def close(self) -> None:
        for shelf in self._shelves.values():
            shelf.close()

    def _drop(self, kind: Kind, id_: str) -> None:
        self.figures.invalidations += 1
        self._shelves[kind.collection].changed(id_)
        self._spoil({id_, kind.collection})

    def _distrust(self, shelf: Shelf) -> None:
        self.figures.invalidations += 1
        shelf.distrust()

    def _spoil(self, tags: set[str] | None) -> None:
        for recording in self._open:
            if tags is None or not tags.isdisjoint(recording.tags):
                recording.spoiled = True
        if self.dropped is not None:
            self.dropped(tags)

    def _ids(self, kind: Kind) -> Callable[[list[str], Caller], Any]:
        async def call(ids: list[str], caller: Caller) -> list[Any]:
            found = await self._clients.batch(kind, ids, caller)
            return [found.get(id_) for id_ in ids]

        return call
