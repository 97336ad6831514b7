"""The pulse of this process: whether it has run all the time, or was stopped, frozen or kept busy for a while.

What came in meanwhile lies unread in the sockets, a request perhaps before the change that it should know of. So after
a pause nothing that was kept counts, until the bus has been read up to where it stands.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

BEAT = 0.05
PAUSE = 0.2
"""Seconds without a beat, after which something may have been missed."""
_AGAIN = 0.2
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""It goes on while the machine sleeps."""


def _now() -> float:
    return time.clock_gettime(_CLOCK)


class Pulse:
    """`catch_up` returns when all has been read that the bus had when it was called, and raises when it cannot tell."""

    def __init__(self, catch_up: Callable[[], Awaitable[None]], clock: Callable[[], float] = _now) -> None:
        self._catch_up = catch_up
        self._clock = clock
        self._beat = clock()
        self._pauses = 0
        """Each begins anew to catch up."""
        self._caught_up = 0
        self._wanted = asyncio.Event()

    @property
    def steady(self) -> bool:
        """Whether nothing can have been missed. Asked in the first moment after a pause, it is what finds the pause."""
        self._look()
        return self._caught_up == self._pauses

    async def run(self) -> None:
        self._beat = self._clock()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beats())
            tasks.create_task(self._catches_up())

    def _look(self) -> None:
        now = self._clock()
        if now - self._beat > PAUSE:
            self._pauses += 1
            self._wanted.set()
            self._beat = now

    async def _beats(self) -> None:
        while True:
            self._look()
            self._beat = self._clock()
            await asyncio.sleep(BEAT)

    async def _catches_up(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            pauses = self._pauses
            try:
                await self._catch_up()
            except Exception:  # whatever it was: until it succeeds nothing counts
                self._wanted.set()
                await asyncio.sleep(_AGAIN)
            else:
                self._caught_up = pauses
