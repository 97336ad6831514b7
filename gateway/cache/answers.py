"""The answers' level: whole answers as bytes, found by the bytes that asked for them.

Only of what a visitor asked, without an error, and of which nothing has changed since it was read. Tags lead from a
change to the answers that speak of it.
"""

import asyncio
import hashlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from gateway.cache.entities import Entities
from gateway.cache.figures import Figures
from gateway.cache.memory import Entry, Memory
from gateway.cache.recording import Recording

_ENTRY = 1_500
_TAG = 150


class Answer:
    """`tag` is the entity tag of RFC 9110: the same for the same bytes, on every replica."""

    __slots__ = ("body", "headers", "made", "tag", "tags")

    def __init__(self, body: bytes, made: float, tags: frozenset[str]) -> None:
        self.body = body
        self.made = made
        self.tags = tags
        self.tag = entity_tag(body)
        self.headers: Any = None
        """For whoever sends it, and would make the same ones each time."""


def entity_tag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


class Underway:
    """A question that is being answered. `told`: what is for those who wait, but not to be kept."""

    __slots__ = ("done", "told")

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.told: Any = None


class Answers:
    """Its entries drop out when the entities' level hears of a change: that calls `changed`."""

    def __init__(self, entities: Entities, limit: int) -> None:
        self.figures = Figures()
        self._entities = entities
        self._clock: Callable[[], float] = entities.clock
        self._memory = Memory(limit, self.figures)
        self._entries: dict[Hashable, Entry] = {}
        self._by_tag: dict[str, set[Entry]] = {}
        self._underway: dict[Hashable, Underway] = {}
        entities.dropped = self.changed

    def get(self, key: Hashable) -> Answer | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        # without the bus nobody would have told of a change: this lets go of what was kept
        self._entities.look()
        if entry.home is None or (entry.until is not None and entry.until < self._clock()):
            return None
        entry.used = True
        self.figures.hits += 1
        answer: Answer = entry.value
        return answer

    @contextmanager
    def leading(self, key: Hashable) -> Iterator[None]:
        """While the block lasts, others who ask the same wait for how it ends."""
        self.figures.misses += 1
        underway = self._underway[key] = Underway()
        try:
            yield
        finally:
            self._end(key, underway)

    def release(self, key: Hashable) -> None:
        """It turns out to be nothing that could be shared: nobody waits for it any longer."""
        if (underway := self._underway.get(key)) is not None:
            self._end(key, underway)

    def _end(self, key: Hashable, underway: Underway) -> None:
        if self._underway.get(key) is underway:
            del self._underway[key]
        underway.done.set()

    def is_underway(self, key: Hashable) -> bool:
        return key in self._underway

    async def another(self, key: Hashable) -> Any:
        """What somebody else is answered to the same question at this moment: an Answer, what was passed on, or None
        where each must ask for themselves."""
        underway = self._underway[key]
        await underway.done.wait()
        if (answer := self.get(key)) is not None:
            self.figures.hits -= 1
        shared = underway.told if answer is None else answer
        self.figures.joined += shared is not None
        return shared

    def pass_on(self, key: Hashable, told: Any, recording: Recording) -> None:
        """An error, or what may be old: to those who wait for it now, unless something has changed meanwhile."""
        if not recording.spoiled and (underway := self._underway.get(key)) is not None:
            underway.told = told

    def put(self, key: Hashable, size: int, body: bytes, recording: Recording) -> Answer | None:
        """Keeps it, unless it must not be kept."""
        now = self._clock()
        if recording.spoiled or recording.ages or recording.until <= now:
            return None
        answer = Answer(body, now, frozenset(recording.tags))
        until = None if recording.until == float("inf") else recording.until
        whole = _ENTRY + size + len(body) + _TAG * len(answer.tags)
        self._let_go(self._entries.get(key))
        entry = Entry(self, key, answer, whole, None, now, until)
        self._entries[key] = entry
        for tag in answer.tags:
            self._by_tag.setdefault(tag, set()).add(entry)
        if not self._memory.add(entry):
            self._unlink(entry)
        return answer

    def age(self, answer: Answer) -> int:
        return int(self._clock() - answer.made)

    def changed(self, tags: set[str] | None) -> None:
        """None: anything may have changed."""
        gone = list(self._entries.values()) if tags is None else []
        for tag in tags or ():
            gone += self._by_tag.get(tag, ())
        for entry in gone:
            self._let_go(entry)
        self.figures.invalidations += bool(gone)

    def forget(self, entry: Entry) -> None:
        self._unlink(entry)

    def _let_go(self, entry: Entry | None) -> None:
        if entry is not None and entry.home is not None:
            self._unlink(entry)
            self._memory.drop(entry)

    def _unlink(self, entry: Entry) -> None:
        if self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
        for tag in entry.value.tags:
            if (entries := self._by_tag.get(tag)) is not None:
                entries.discard(entry)
                if not entries:
                    del self._by_tag[tag]
