"""The feed: every change that the bus shows this replica, handed to each subscription that listens."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from shared.contracts.changes import Change

BACKLOG = 1_000
"""Changes a subscriber may be behind before it is cut off: a slow client must not fill the memory."""


class TooSlow(Exception):
    """A subscriber fell too far behind; it has to load anew and subscribe again."""


class Feed:
    def __init__(self) -> None:
        self._subscribers: set[asyncio.Queue[Change]] = set()

    @property
    def listeners(self) -> int:
        return len(self._subscribers)

    async def publish(self, change: Change) -> None:
        for queue in self._subscribers:
            if not queue.full():
                queue.put_nowait(change)

    @contextmanager
    def subscribed(self) -> Iterator[AsyncIterator[Change]]:
        """Changes from now on. Iterating raises TooSlow after BACKLOG changes were not taken in time."""
        queue: asyncio.Queue[Change] = asyncio.Queue(BACKLOG)
        self._subscribers.add(queue)
        try:
            yield self._each(queue)
        finally:
            self._subscribers.discard(queue)

    async def _each(self, queue: asyncio.Queue[Change]) -> AsyncIterator[Change]:
        while True:
            # a full queue has dropped what came since: what it holds is no longer the whole
            if queue.full():
                raise TooSlow
            yield await queue.get()
