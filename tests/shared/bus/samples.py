"""What the bus's tests are about: a note, its changes, and a process that relays them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from nats.js import JetStreamContext

from shared.bus.nats import Bus
from shared.bus.outbox import tell
from shared.bus.relay import COLLECTIONS
from shared.contracts.base import Entity, Line
from shared.contracts.changes import Change
from shared.ids import new_id
from shared.store.port import Collection, Store, Transaction


class Note(Entity, frozen=True, kw_only=True):
    text: Line


NOTES = Collection(name="notes", type=Note, prefix="nte")
ALL = (*COLLECTIONS, NOTES)


def change_of(
    entity_id: str, version: int = 1, *, at: datetime | None = None, service: str = "registry", **data: Any
) -> Change:
    return Change(
        id=new_id("chg"),
        service=service,
        entity="note",
        verb="written",
        entity_id=entity_id,
        version=version,
        at=at or datetime.now(UTC),
        data=data,
    )


async def write(store: Store, entity_id: str) -> Change:
    """Write the note's next version, and tell it, as a service does."""

    async def work(tx: Transaction) -> Change:
        now = datetime.now(UTC)
        before = await tx.get(NOTES, entity_id)
        if before is None:
            note = Note(id=entity_id, version=1, created_at=now, updated_at=now, text="one")
        else:
            later = max(now, before.updated_at + timedelta(microseconds=1))
            note = Note(
                id=entity_id,
                version=before.version + 1,
                created_at=before.created_at,
                updated_at=later,
                text=f"version {before.version + 1}",
            )
        await tx.put(NOTES, note)
        change = change_of(note.id, note.version, at=note.updated_at)
        await tell(tx, change)
        return change

    return await store.transaction(work)


class Seen:
    """A handler that keeps what it gets, and can be waited for."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._more = asyncio.Condition()

    async def __call__(self, change: Change) -> None:
        async with self._more:
            self.changes.append(change)
            self._more.notify_all()

    @property
    def ids(self) -> list[str]:
        return [change.id for change in self.changes]

    async def until(self, enough: Callable[[list[Change]], bool], seconds: float = 15.0) -> list[Change]:
        async with asyncio.timeout(seconds), self._more:
            await self._more.wait_for(lambda: enough(self.changes))
            return list(self.changes)

    async def count(self, number: int, seconds: float = 15.0) -> list[Change]:
        return await self.until(lambda changes: len(changes) >= number, seconds)


async def ask[T](bus: Bus, question: Callable[[JetStreamContext], Awaitable[T]]) -> T:
    """JetStream itself, to look at what is on the server."""
    return await bus._connection.ask(question)


async def stored(bus: Bus, stream: str = "CHANGES_REGISTRY") -> int:
    return (await ask(bus, lambda js: js.stream_info(stream))).state.messages


async def comes_true(condition: Callable[[], Awaitable[object]], seconds: float = 10.0) -> None:
    """For what can only be asked, and tells nobody."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


def in_order(changes: list[Change]) -> bool:
    """Whether the versions of each entity only grow."""
    last: dict[str, int] = {}
    for change in changes:
        if change.version <= last.get(change.entity_id, 0):
            return False
        last[change.entity_id] = change.version
    return True
