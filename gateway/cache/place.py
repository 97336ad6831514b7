"""A place in the cache: what one call to a service brings, key by key; asked for together, by whoever asks.

Keys that are missed in one turn of the event loop are asked for in one call, whichever operations they are of, and a
key that is on its way is not asked for again. Each who waits has a future of its own: one who goes away, or is told
of an error, takes nothing from the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from time import monotonic
from typing import Any

from gateway.cache.memory import Entry
from gateway.cache.recording import Recording
from gateway.cache.shelf import Shelf
from gateway.transport import Caller, Reason, ServiceUnavailable
from shared.contracts.base import encode
from shared.contracts.refusals import Language

type Call = Callable[[list[Any], Caller], Awaitable[Sequence[Any]]]

_DECODED = 2
"""What decoded objects take, measured in bytes of their JSON."""
_ENTRY = 500
_SLACK = 0.05
"""Seconds by which somebody may be told late that a service does not answer."""


class Flight:
    """A key that is being asked for, and who waits for it."""

    __slots__ = ("asked", "key", "late", "stamp", "timer", "until", "waiting")

    def __init__(self, key: Hashable, asked: Caller, stamp: object) -> None:
        self.key = key
        self.asked = asked
        self.stamp = stamp
        self.until = asked.until
        self.late = False
        """The service has been waited for long enough, where there is something to show instead."""
        self.timer: asyncio.TimerHandle | None = None
        self.waiting: list[tuple[asyncio.Future[Any], Caller, Recording]] = []


class Place:
    """`request` is by which the shelf finds it: of lists; None is the place of entities."""

    def __init__(self, shelf: Shelf, call: Call, limit: int, request: Any = None, *, moves: bool = False) -> None:
        self.entries: dict[Any, Entry] = {}
        self.request = request
        self._shelf = shelf
        self._call = call
        self._limit = limit
        self._moves = moves
        self._flights: dict[tuple[Language, Hashable], Flight] = {}
        self._queue: dict[Language, list[Flight]] = {}

    @property
    def idle(self) -> bool:
        return not self.entries and not self._flights

    def fresh(self, key: Hashable) -> Entry | None:
        entry = self.entries.get(key)
        if entry is None or entry.stamp != self._stamp():
            return None
        if entry.until is not None and entry.until < self._shelf.clock():
            return None
        self._shelf.figures.hits += 1
        entry.used = True
        return entry

    def fetch(self, key: Hashable, caller: Caller, recording: Recording) -> asyncio.Future[Any]:
        """The value as the service has it now, or a moment ago for somebody else."""
        # a refusal is worded in a language; the values are the same in all
        flights = self._flights
        named = (caller.language, key)
        flight = flights.get(named)
        stamp = self._stamp()
        if flight is None or flight.stamp != stamp:
            self._shelf.figures.misses += 1
            if self.request is not None:
                self._shelf.lists.setdefault(self.request, self)
            flight = flights[named] = Flight(key, caller, stamp)
            queue = self._queue.setdefault(caller.language, [])
            if not queue:
                asyncio.get_running_loop().call_soon(self._send, caller.language)
            queue.append(flight)
            if self._shelf.stale(self.entries.get(key)) is not None:
                wait = self._shelf.patience
                flight.timer = asyncio.get_running_loop().call_later(wait, self._show_stale, flight)
        else:
            self._shelf.figures.joined += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        flight.waiting.append((future, caller, recording))
        self._limit_wait(flight, future, caller, recording)
        if flight.late:
            self._show_stale(flight)
        return future

    def drop(self, key: Hashable) -> None:
        """It has changed: neither what is kept nor what is on its way is to be trusted."""
        for language in Language:
            self._flights.pop((language, key), None)
        if (entry := self.entries.pop(key, None)) is not None:
            self._shelf.memory.drop(entry)

    def forget(self, entry: Entry) -> None:
        if self.entries.get(entry.key) is entry:
            del self.entries[entry.key]
            self._shelf.tidy(self)

    def _stamp(self) -> int:
        return self._shelf.epoch if self.request is None else self._shelf.generation

    def _send(self, language: Language) -> None:
        flights = self._queue.pop(language)
        for start in range(0, len(flights), self._limit):
            self._shelf.run(self._fly(flights[start : start + self._limit]))

    async def _fly(self, flights: list[Flight]) -> None:
        asked = flights[0].asked
        # without anybody's token: what comes back is everybody's
        untils = [flight.asked.until for flight in flights]
        until = None if None in untils else max(one for one in untils if one is not None)
        for flight in flights:
            flight.until = until
            for future, each, recording in flight.waiting:
                self._limit_wait(flight, future, each, recording)
        caller = Caller(None, asked.language, until)
        try:
            values = await self._call([flight.key for flight in flights], caller)
        except BaseException as error:
            for flight in flights:
                self._fail(flight, error)
            if not isinstance(error, Exception):
                raise
        else:
            for flight, value in zip(flights, values, strict=True):
                self._land(flight, value)
        finally:
            self._shelf.tidy(self)

    def _limit_wait(self, flight: Flight, future: asyncio.Future[Any], caller: Caller, recording: Recording) -> None:
        """Who has less time than those asked together with is told at the own time. A timer only for them: it costs."""
        if caller.until is not None and (flight.until is None or caller.until < flight.until - _SLACK):
            left = caller.until - monotonic()
            asyncio.get_running_loop().call_later(left, self._late, flight, future, recording)

    def _late(self, flight: Flight, future: asyncio.Future[Any], recording: Recording) -> None:
        if not future.done():
            error = ServiceUnavailable(self._shelf.kind.service, Reason.TIMEOUT)
            self._tell(future, error, self._shelf.stale(self.entries.get(flight.key)), recording)

    def _show_stale(self, flight: Flight) -> None:
        """To all who wait for it; the service's answer, when it comes, is for those who ask then."""
        flight.late = True
        if (stale := self._shelf.stale(self.entries.get(flight.key))) is None:
            return
        waiting, flight.waiting = flight.waiting, []
        for future, _, recording in waiting:
            if not future.done():
                self._tell(future, ServiceUnavailable(self._shelf.kind.service, Reason.TIMEOUT), stale, recording)

    def _land(self, flight: Flight, value: Any) -> None:
        now = self._shelf.clock()
        until = self._shelf.until(now, moves=self._moves)
        if self._ends(flight):
            self._keep(flight, value, now, until)
        for future, _, recording in flight.waiting:
            if until is not None:
                recording.until = min(recording.until, until)
            if not future.done():
                future.set_result(value)

    def _keep(self, flight: Flight, value: Any, now: float, until: float | None) -> None:
        size = _ENTRY if value is None else _ENTRY + _DECODED * len(encode(value))
        old = self.entries.pop(flight.key, None)
        if old is not None:
            self._shelf.memory.drop(old)
        entry = self.entries[flight.key] = Entry(self, flight.key, value, size, flight.stamp, now, until)
        if not self._shelf.memory.add(entry):
            self.entries.pop(flight.key, None)

    def _fail(self, flight: Flight, error: BaseException) -> None:
        self._ends(flight)
        away = isinstance(error, ServiceUnavailable)
        late = isinstance(error, ServiceUnavailable) and error.reason is Reason.TIMEOUT
        stale = self._shelf.stale(self.entries.get(flight.key)) if away else None
        for future, caller, recording in flight.waiting:
            if future.done():
                continue
            if late and _waits_longer(caller, flight):
                # whoever asked first had less time than this one
                _pass_on(self.fetch(flight.key, caller, recording), future)
            else:
                self._tell(future, error, stale, recording)

    def _tell(
        self, future: asyncio.Future[Any], error: BaseException, stale: Entry | None, recording: Recording
    ) -> None:
        if stale is not None:
            age = self._shelf.clock() - stale.stored
            self._shelf.figures.served_stale(age)
            recording.served_stale(self._shelf.kind.service, age)
            future.set_result(stale.value)
        elif isinstance(error, asyncio.CancelledError):
            future.cancel()
        else:
            future.set_exception(error)
            future.exception()  # whoever waited may have gone: that is nothing to be logged

    def _ends(self, flight: Flight) -> bool:
        """Whether nothing it may speak of has changed since it was asked for."""
        if flight.timer is not None:
            flight.timer.cancel()
        named = (flight.asked.language, flight.key)
        if self._flights.get(named) is not flight:
            return False
        del self._flights[named]
        return flight.stamp == self._stamp()


def _waits_longer(caller: Caller, flight: Flight) -> bool:
    return flight.until is not None and (caller.until is None or caller.until > flight.until)


def _pass_on(later: asyncio.Future[Any], future: asyncio.Future[Any]) -> None:
    def landed(done: asyncio.Future[Any]) -> None:
        if future.done():
            return
        if done.cancelled():
            future.cancel()
        elif (error := done.exception()) is not None:
            future.set_exception(error)
            future.exception()
        else:
            future.set_result(done.result())

    later.add_done_callback(landed)
