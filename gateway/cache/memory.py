"""The bound on what is kept: by bytes, and what was not asked for lately goes first (second chance, "CLOCK")."""

from collections import deque
from collections.abc import Hashable
from typing import Any, Protocol

from gateway.cache.figures import Figures

_SPARE = 1_000


class Home(Protocol):
    """Where an entry is found, and from where it is taken when there is no more room."""

    def forget(self, entry: "Entry") -> None: ...


class Entry:
    __slots__ = ("home", "key", "size", "stamp", "stored", "until", "used", "value")

    def __init__(
        self, home: Home, key: Hashable, value: Any, size: int, stamp: object, stored: float, until: float | None
    ) -> None:
        self.home: Home | None = home
        self.key = key
        self.value = value
        self.size = size
        self.stamp = stamp
        """Of the moment it was asked for: it is fresh for as long as its home has the same."""
        self.stored = stored
        self.until = until
        """After this it is not fresh whatever its stamp: for what time alone changes, and while the bus is away."""
        self.used = False


class Memory:
    """All entries of one level, in the order they came. Asking for one costs nothing but setting `used`."""

    def __init__(self, limit: int, figures: Figures) -> None:
        self.limit = limit
        self.figures = figures
        self._queue: deque[Entry] = deque()

    def add(self, entry: Entry) -> bool:
        """Whether it is kept: one that alone would push out a good part of the others is not."""
        if entry.size > self.limit // 8:
            entry.home = None
            return False
        self.figures.bytes += entry.size
        self.figures.entries += 1
        self._queue.append(entry)
        while self.figures.bytes > self.limit:
            self._evict()
        if len(self._queue) > 2 * self.figures.entries + _SPARE:
            self._queue = deque(one for one in self._queue if one.home is not None)
        return True

    def drop(self, entry: Entry) -> None:
        """Its home has let go of it already."""
        if entry.home is not None:
            entry.home = entry.value = None
            self.figures.bytes -= entry.size
            self.figures.entries -= 1

    def _evict(self) -> None:
        entry = self._queue.popleft()
        if entry.home is None:
            return
        if entry.used:
            entry.used = False
            self._queue.append(entry)
            return
        home = entry.home
        home.forget(entry)
        self.drop(entry)
        self.figures.evictions += 1
