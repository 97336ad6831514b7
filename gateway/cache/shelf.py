"""All that is kept of one kind: entities by id, lists of the whole kind, lists by parent.

An entity changes when a change names it. A list may be another after any change of its kind: an organisation that
moves to another district leaves one list and enters another, and the change does not say which. So a change drops the
entity it names and every list of the kind, by making `generation` one more.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from gateway.cache import scope
from gateway.cache.figures import Figures
from gateway.cache.memory import Entry, Memory
from gateway.kinds import Kind
from shared.contracts.reading import Page

if TYPE_CHECKING:
    from gateway.cache.place import Place

_NAMED_MAX = 2_000


class Shelf:
    def __init__(
        self, kind: Kind, memory: Memory, clock: Callable[[], float], stale_for: float, patience: float
    ) -> None:
        self.kind = kind
        self.memory = memory
        self.figures: Figures = memory.figures
        self.clock = clock
        self.patience = patience
        """Seconds for which somebody waits for the service where there is something stale to show instead."""
        self.epoch = 0
        self.generation = 0
        self.trusted = False
        """Whether the bus would tell of a change. While it cannot, nothing is kept for longer than a moment."""
        self.by_id: Place
        self.lists: dict[Any, Place] = {}
        self._stale_for = stale_for
        self._named: dict[str, float] = {}
        self._shows_since = float("-inf")
        self._running: set[asyncio.Task[None]] = set()

    def changed(self, id_: str) -> None:
        self.generation += 1
        if self.kind.collection in scope.TOGETHER:
            self.epoch += 1
        self.by_id.drop(id_)
        if len(self._named) >= _NAMED_MAX:
            self._named.clear()
            self._shows_since = self.clock()
        self._named[id_] = self.clock()

    def distrust(self) -> None:
        """Nobody knows what has changed: all is asked for again."""
        self.epoch += 1
        self.generation += 1

    def until(self, now: float, *, moves: bool) -> float | None:
        return now + scope.MOMENT if moves or not self.trusted else None

    def stale(self, entry: Entry | None) -> Entry | None:
        """What may be shown while the service is away: not too old, and nothing in it that is known to be another.

        Whoever was taken from the register, or corrected, does not come back because a service is down.
        """
        if entry is None or entry.stored < max(self.clock() - self._stale_for, self._shows_since):
            return None
        for item in entry.value.items if isinstance(entry.value, Page) else (entry.value,):
            if item is not None and self._named.get(item.id, float("-inf")) >= entry.stored:
                return None
        return entry

    def tidy(self, place: "Place") -> None:
        """A list of which nothing is kept, and nothing on its way, needs no place."""
        if place.request is not None and place.idle and self.lists.get(place.request) is place:
            del self.lists[place.request]

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def close(self) -> None:
        for task in self._running:
            task.cancel()
