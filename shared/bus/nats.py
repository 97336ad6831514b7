"""The bus: publish a change, share the work on changes, watch all of them."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.bus import cloudevents
from shared.bus.connection import SERVICES, BusUnavailable, Connection, stream_of
from shared.bus.traced import publishing
from shared.bus.watch import Watch
from shared.bus.work import Handler, Lag, Work
from shared.contracts.changes import Change

__all__ = ["SERVICES", "Bus", "BusUnavailable", "Watch"]

FINISH_PATIENCE = 3.0
_log = logging.getLogger(__name__)


class Bus:
    """`connected` is set while NATS is there; `dead_letters` counts, by durable name, what was given up."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tasks: set[asyncio.Task[None]] = set()
        self._works: list[Work] = []
        self.connected = connection.up
        self.dead_letters: Counter[str] = Counter()

    @classmethod
    async def connect(cls, url: str, *, name: str, replicas: int = 1, credentials: Path | None = None) -> Self:
        """Returns at once: a service starts, and writes, without NATS. `url` may name several servers, with commas."""
        return cls(Connection(url, name=name, replicas=replicas, credentials=credentials))

    async def finish(self) -> None:
        """No more work: returns when the changes in hand are handled, or after FINISH_PATIENCE seconds. `publish` goes
        on."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_PATIENCE):
                await asyncio.gather(*(work.finish() for work in self._works))

    async def close(self) -> None:
        """Changes in hand go back to the stream; what was published is flushed."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._connection.close()

    async def publish(self, change: Change) -> None:
        """Returns when the stream has it, safely. Publishing a change again does nothing, for some ten minutes."""

        async def publish(js: JetStreamContext) -> None:
            await js.publish(
                change.subject,
                cloudevents.encode(change),
                headers={"Content-Type": cloudevents.CONTENT_TYPE, "Nats-Msg-Id": change.id},
            )

        with publishing(change):
            try:
                await self._connection.ask(publish)
            except NotFoundError as error:
                raise BusUnavailable(str(error)) from error

    def work(self, durable: str, subjects: Sequence[str], handler: Handler) -> None:
        """Handle the changes on these subjects (`changes.<service>.>` or narrower), shared with all who use the name.

        The handler commits before it returns, and asks `once` in the same transaction: a change may come twice.
        """
        for service in dict.fromkeys(subject.split(".")[1] for subject in subjects):
            _known(service)
            own = [subject for subject in subjects if subject.startswith(f"changes.{service}.")]
            work = Work(self._connection, durable, stream_of(service), own, handler, self.dead_letters)
            self._works.append(work)
            self._run(work.run)
        self.dead_letters.setdefault(durable, 0)  # of what was not there before nobody sees the first increase

    def lags(self) -> dict[str, Lag]:
        """By durable that `work` was called with, no older than a few seconds; none while NATS is away."""
        found: dict[str, Lag] = {}
        if self.connected.is_set():
            for work in self._works:
                found[work.durable] = found.get(work.durable, Lag()) + work.lag
        return found

    def watch(
        self,
        services: Sequence[str],
        handler: Callable[[Change], Awaitable[None]],
        on_gap: Callable[[], None],
    ) -> Watch:
        """See every change of these services from now on (from `ready` of what is returned)."""
        for service in services:
            _known(service)
        watch = Watch(self._connection, services, handler, on_gap)
        self._run(watch.run)
        return watch

    async def hear(self, subject: str, callback: Callable[[], None]) -> None:
        await self._connection.hear(subject, callback)

    async def nudge(self, subject: str) -> None:
        await self._connection.nudge(subject)

    def _run(self, consume: Callable[[], Awaitable[None]]) -> None:
        self._tasks.add(asyncio.create_task(_for_ever(consume)))


def _known(service: str) -> None:
    if service not in SERVICES:
        raise ValueError(f"there is no stream of a service {service!r}")


async def _for_ever(consume: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await consume()
        except Exception:  # a consumer that ended would leave changes unhandled without anybody noticing
            _log.exception("a consumer of the bus failed and is started again")
        await asyncio.sleep(1.0)
