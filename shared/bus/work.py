"""`Bus.work`: of all processes that share a durable name, one handles each change, and says when it is done.

A change that fails is tried again where it is, with a growing pause, while changes of other entities go on: later
changes of the same entity wait behind it, so that a process handles an entity's changes in their order.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus import cloudevents
from shared.bus.connection import LOST, BusUnavailable, Connection
from shared.bus.pull import go_on, pull
from shared.bus.traced import handling
from shared.contracts.changes import Change
from shared.store.port import StoreUnavailable

type Handler = Callable[[Change], Awaitable[None]]

ATTEMPTS = 5
ACK_WAIT = 10.0
"""Seconds until the server gives a killed process's changes to another."""
_ROOM = 32
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lag:
    """How far a durable is behind its stream, of all replicas together, as NATS last said."""

    pending: int = 0
    unacknowledged: int = 0
    redelivered: int = 0

    def __add__(self, other: "Lag") -> "Lag":
        return Lag(
            self.pending + other.pending,
            self.unacknowledged + other.unacknowledged,
            self.redelivered + other.redelivered,
        )


@dataclass
class _Held:
    """A message in our hands: the server waits for our answer to `reply`."""

    subject: str
    data: bytes
    sequence: int
    reply: str
    change: Change | None = None
    failure: Exception | None = None


class Work:
    """One durable consumer on one stream."""

    def __init__(
        self,
        connection: Connection,
        durable: str,
        stream: str,
        subjects: Sequence[str],
        handler: Handler,
        dead: Counter[str],
    ) -> None:
        self.durable = durable
        self.lag = Lag()
        """Asked for every few seconds anyway (`_beat`): a scrape need not ask."""
        self._connection = connection
        self._stream = stream
        self._subjects = sorted(subjects)
        self._handler = handler
        self._dead = dead
        self._held: dict[int, _Held] = {}
        self._last: dict[str, asyncio.Task[None]] = {}
        self._space = asyncio.Event()
        self._floor = 0
        self._ending = False
        self._pulling: asyncio.Task[None] | None = None

    async def finish(self) -> None:
        """No more changes; returns when those that were begun are done, and the others given back."""
        self._ending = True
        if self._pulling is not None:
            self._pulling.cancel()
            await asyncio.wait([self._pulling])
        while self._held:
            self._space.clear()
            await self._space.wait()

    async def run(self) -> None:
        if self._ending:
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            self._pulling = asyncio.create_task(self._pull(tasks))
            try:
                # when this is cancelled, too, that ends before what is held is given back
                await self._pulling
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise

    async def _pull(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            go_on()
            await self._connection.up.wait()
            try:
                await self._ensure_consumer()
                async with contextlib.aclosing(
                    pull(self._connection, self._stream, self.durable, self._room)
                ) as messages:
                    async for message in messages:
                        self._take(message, tasks)
            except (*LOST, BusUnavailable) as error:
                _log.info("%s: starting again: %s", self.durable, error)
            await asyncio.sleep(0.3)

    async def _ensure_consumer(self) -> None:
        try:
            info: ConsumerInfo = await self._connection.ask(lambda js: js.consumer_info(self._stream, self.durable))
        except NotFoundError:
            last = (await self._connection.ask(lambda js: js.stream_info(self._stream))).state.last_seq
            if self._floor > last:  # the stream was made anew
                self._floor = 0
            info = await self._create_consumer(
                ConsumerConfig(
                    durable_name=self.durable,
                    deliver_policy=DeliverPolicy.BY_START_SEQUENCE if self._floor else DeliverPolicy.ALL,
                    opt_start_seq=self._floor + 1 if self._floor else None,
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=ACK_WAIT,
                    max_deliver=-1,
                    filter_subjects=self._subjects,
                )
            )
        if (info.config.filter_subjects or [info.config.filter_subject or ""]) != self._subjects:
            info = await self._create_consumer(info.config.evolve(filter_subjects=self._subjects, filter_subject=None))
        self._note(info)

    async def _create_consumer(self, config: ConsumerConfig) -> ConsumerInfo:
        return await self._connection.ask(lambda js: js.add_consumer(self._stream, config))

    def _note(self, info: ConsumerInfo) -> None:
        # everything up to here is answered, by all replicas: a consumer made anew can start behind it
        if info.ack_floor is not None:
            self._floor = max(self._floor, info.ack_floor.stream_seq)
        self.lag = Lag(info.num_pending or 0, info.num_ack_pending or 0, info.num_redelivered or 0)

    async def _room(self) -> int:
        while len(self._held) >= _ROOM:
            self._space.clear()
            await self._space.wait()
        return _ROOM - len(self._held)

    def _take(self, message: Msg, tasks: asyncio.TaskGroup) -> None:
        sequence = message.metadata.sequence.stream
        if sequence in self._held:  # given to us again while we are still at it
            self._held[sequence].reply = message.reply
            return
        held = _Held(message.subject, message.data, sequence, message.reply)
        try:
            held.change = cloudevents.decode(message.data)
        except ValueError as error:
            # what is wrong with it may quote it; it is there to be looked at, as a dead letter
            _log.error("%s: message %d on %s is not a change", self.durable, sequence, message.subject)
            held.failure = error
        self._held[sequence] = held
        lane = held.change.entity_id if held.change else ""
        self._last[lane] = tasks.create_task(self._settle(held, lane, self._last.get(lane)))

    async def _settle(self, held: _Held, lane: str, before: asyncio.Task[None] | None) -> None:
        try:
            await self._turn(before)
            if held.change is not None:
                held.failure = await self._try(held.change)
            if held.failure is None:
                await self._answer(held, Msg.Ack.Ack)
            else:
                await self._bury(held, held.failure)
                await self._answer(held, Msg.Ack.Term)
        except asyncio.CancelledError:
            # what was begun is rolled back; another replica shall not wait for it
            with contextlib.suppress(*LOST, BusUnavailable):
                await self._connection.client().publish(held.reply, Msg.Ack.Nak)
            raise
        finally:
            del self._held[held.sequence]
            self._space.set()
            if self._last.get(lane) is asyncio.current_task():
                del self._last[lane]

    async def _turn(self, before: asyncio.Task[None] | None) -> None:
        """Returns when the changes before it are settled. Raises CancelledError when nothing is begun any more."""
        if before is not None:
            await asyncio.wait([before])
        if self._ending:
            if self._pulling is not None:
                # while we still ask, the server would give to us what we give back
                await asyncio.wait([self._pulling])
            raise asyncio.CancelledError

    async def _try(self, change: Change) -> Exception | None:
        """The last failure, if it cannot be handled. A store that is away is waited for, however long."""
        failures = pauses = 0
        while True:
            with handling(change, self.durable) as span:
                try:
                    await self._handler(change)
                except StoreUnavailable:
                    span.fail(StoreUnavailable.__name__)
                    _log.warning("%s: the store is not available; %s waits", self.durable, change.id)
                except Exception as error:
                    span.fail(type(error).__name__)
                    failures += 1
                    _log.warning("%s: attempt %d at %s failed", self.durable, failures, change.id, exc_info=error)
                    if failures == ATTEMPTS:
                        return error
                else:
                    return None
            await asyncio.sleep(min(FIRST_PAUSE * 4**pauses, LONGEST_PAUSE))
            pauses = min(pauses + 1, 10)

    async def _bury(self, held: _Held, error: Exception) -> None:
        """Put the message where people look after it, and be done with it."""

        async def publish(js: JetStreamContext) -> None:
            await js.publish(
                f"dead.{self.durable}.{held.subject}",
                held.data,
                headers={
                    "Content-Type": cloudevents.CONTENT_TYPE,
                    "Jasne-Error": type(error).__name__,
                    "Nats-Msg-Id": f"{self.durable}.{self._stream}.{held.sequence}",
                },
            )

        while True:
            go_on()
            await self._connection.up.wait()
            try:
                await self._connection.ask(publish)
                break
            except (BusUnavailable, NotFoundError) as failure:
                _log.warning("%s: cannot publish a dead letter yet: %s", self.durable, failure)
                await asyncio.sleep(1.0)
        self._dead[self.durable] += 1

    async def _answer(self, held: _Held, answer: bytes) -> None:
        while True:
            go_on()
            await self._connection.up.wait()
            with contextlib.suppress(*LOST, BusUnavailable):
                await self._connection.client().publish(held.reply, answer)
                return
            await asyncio.sleep(0.1)

    async def _beat(self) -> None:
        """Tell the server that we are still at what we hold."""
        while True:
            go_on()
            await asyncio.sleep(ACK_WAIT / 3)
            with contextlib.suppress(*LOST, BusUnavailable):
                for held in list(self._held.values()):
                    await self._connection.client().publish(held.reply, Msg.Ack.Progress)
                self._note(await self._connection.ask(lambda js: js.consumer_info(self._stream, self.durable)))
