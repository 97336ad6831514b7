"""How both adapters run a transaction's work: again after a conflict, for a while; and never on past a failure."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress

from shared.store.port import StoreUnavailable

PATIENCE = 10.0
"""Seconds until a transaction that is always overtaken, or finds the database busy, gives up."""

_FIRST_PAUSE = 0.004
_LONGEST_PAUSE = 0.25


class Conflict(Exception):
    """Somebody else was faster, or is just writing: run the work again on what they leave."""


async def repeated[R](
    attempt: Callable[[float], Awaitable[R]], patience: float, again: asyncio.Lock | None = None
) -> R:
    """Make attempts until one comes through. Each is told the loop's time at which patience ends.

    Who was overtaken tries again while holding `again`, if it can be had in half of the time left: of those who want
    the same record most would only overtake one another. It is one for all records: a long attempt delays the others,
    and never makes them give up.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    pause = _FIRST_PAUSE
    overtaken = False
    while True:
        try:
            async with _behind(again, (deadline - loop.time()) / 2) if again and overtaken else nullcontext():
                return await attempt(deadline)
        except Conflict as conflict:
            if loop.time() + pause > deadline:
                raise StoreUnavailable("overtaken by other writers at every attempt") from conflict
        overtaken = True
        # a random part of the pause, lest those that met once meet again
        await asyncio.sleep(pause * random.uniform(0.1, 1))  # noqa: S311 - no secret
        pause = min(pause * 2, _LONGEST_PAUSE)


@asynccontextmanager
async def _behind(lock: asyncio.Lock, seconds: float) -> AsyncIterator[None]:
    held = False
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            held = await lock.acquire()
    try:
        yield
    finally:
        if held:
            lock.release()


@asynccontextmanager
async def turn(lock: asyncio.Lock, deadline: float) -> AsyncIterator[None]:
    """Raises StoreUnavailable if it does not come before the deadline, of the loop's time."""
    try:
        async with asyncio.timeout_at(deadline):
            await lock.acquire()
    except TimeoutError:
        raise StoreUnavailable("too many writers are waiting") from None
    try:
        yield
    finally:
        lock.release()


class Steps:
    """The operations of one attempt, one at a time. After one failed the attempt is dead: every further operation and
    the commit raise the same, even if the work caught it (MongoDB has aborted the transaction by then)."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._failure: Exception | None = None

    async def step[R](self, operation: Callable[[], Awaitable[R]]) -> R:
        async with self._turn:
            self.verify()
            try:
                return await operation()
            except Exception as failure:
                self._failure = failure
                raise
            except BaseException:
                self._failure = RuntimeError("an operation of this transaction was cancelled")
                raise

    def verify(self) -> None:
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """What still comes from a task that the work left behind must not reach the next transaction."""
        self._failure = self._failure or RuntimeError("this transaction is over")
