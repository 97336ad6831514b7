"""`Bus.watch`: every process sees every change committed from now on, for as long as it lives."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamState

from shared.bus import cloudevents
from shared.bus.connection import LOST, BusUnavailable, Connection, stream_of
from shared.bus.pull import go_on, pull
from shared.bus.traced import handling
from shared.contracts.changes import Change
from shared.ids import new_id

_BATCH = 256
_FORGOTTEN_AFTER = 30.0
_log = logging.getLogger(__name__)


class Watch:
    """`on_gap` is called whenever a stream is followed anew, before any change from behind the gap is handed on.

    The first time counts: what a process kept before its watch stood may be out of date.
    """

    def __init__(
        self,
        connection: Connection,
        services: Sequence[str],
        handler: Callable[[Change], Awaitable[None]],
        on_gap: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._services = services
        self._handler = handler
        self._on_gap = on_gap
        self._followed: set[str] = set()
        self._complete = asyncio.Event()
        self._handed_on: dict[str, int] = {}
        """By service, up to which place of its stream."""
        self._moved = asyncio.Condition()

    @property
    def live(self) -> bool:
        """Whether all streams are followed at this moment, as far as one can know."""
        return self._complete.is_set()

    async def ready(self) -> None:
        """Returns when no change published from here on can be missed."""
        await self._complete.wait()

    async def caught_up(self) -> None:
        """Returns when every change that the streams held at the call has been handed on. Raises BusUnavailable, and
        NotFoundError of NATS."""
        for service in self._services:
            await self._catch_up(service, (await self._state(stream_of(service))).last_seq)

    async def behind(self) -> dict[str, int]:
        """By service, how many changes of its stream were not handed on; of those that are followed. Raises
        BusUnavailable, and NotFoundError of NATS."""
        states = await asyncio.gather(*(self._state(stream_of(service)) for service in self._services))
        return {
            service: max(state.last_seq - self._handed_on[service], 0)
            for service, state in zip(self._services, states, strict=True)
            if service in self._handed_on
        }

    async def _catch_up(self, service: str, last: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._handed_on.get(service, -1) >= last)

    async def _state(self, stream: str) -> StreamState:
        return (await self._connection.ask(lambda js: js.stream_info(stream))).state

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for service in self._services:
                tasks.create_task(self._follow(service))

    async def _follow(self, service: str) -> None:
        stream, seen = stream_of(service), None
        while True:
            go_on()
            await self._connection.up.wait()
            try:
                consumer, seen = await self._consumer(stream, seen)
                await self._reached(service, seen)
                self._stands(service)
                async with contextlib.aclosing(pull(self._connection, stream, consumer, _room)) as messages:
                    async for message in messages:
                        await self._hand_on(message)
                        seen = message.metadata.sequence.stream
                        await self._reached(service, seen)
            except (*LOST, BusUnavailable) as error:
                _log.info("watching %s: starting again: %s", service, error)
            finally:
                self._followed.discard(service)
                self._complete.clear()
            await asyncio.sleep(0.2)

    async def _consumer(self, stream: str, seen: int | None) -> tuple[str, int]:
        """A consumer of our own that starts behind what we have seen, or behind what there is now."""
        state = await self._state(stream)
        if seen is None or seen > state.last_seq:  # more seen than there is: the stream was made anew
            seen = state.last_seq
        config = ConsumerConfig(
            name=new_id("wtc"),
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=seen + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=_FORGOTTEN_AFTER,
            mem_storage=True,
            num_replicas=1,
        )
        info = await self._connection.ask(lambda js: js.add_consumer(stream, config))
        return info.name, seen

    async def _reached(self, service: str, place: int) -> None:
        async with self._moved:
            self._handed_on[service] = place
            self._moved.notify_all()

    def _stands(self, service: str) -> None:
        self._on_gap()
        self._followed.add(service)
        if self._followed == set(self._services):
            self._complete.set()

    async def _hand_on(self, message: Msg) -> None:
        try:
            change = cloudevents.decode(message.data)
            with handling(change):
                await self._handler(change)
        except Exception:
            # a watcher follows what is; it has nothing to repeat later
            _log.exception("watching: could not pass on %s", message.subject)


async def _room() -> int:
    return _BATCH
