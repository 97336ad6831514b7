"""What a service keeps in its own store for the bus: changes still to be sent, and changes already handled."""

from datetime import UTC, datetime, timedelta

from shared.bus import cloudevents
from shared.clock import now
from shared.contracts.base import Entity
from shared.contracts.changes import Change
from shared.ids import id_of
from shared.store.port import Collection, Key, Query, Range, Store, Transaction

KEPT = timedelta(days=30)
LARGEST = 900_000
"""Bytes: below the 1 MB that a NATS server accepts unless told otherwise."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Pending(Entity, frozen=True, kw_only=True):
    """A change that NATS has not acknowledged yet. It was created when it was put here: the change itself may be much
    older, in an import that keeps the times of its records."""

    change: Change


class Handled(Entity, frozen=True, kw_only=True):
    """A consumer has applied a change; the id is made of both."""


def _microseconds(pending: Pending) -> int:
    # a key's instant is cut to milliseconds; two versions of an entity may be closer than that
    return (pending.change.at - _EPOCH) // timedelta(microseconds=1)


OUTBOX = Collection(name="outbox", type=Pending, prefix="chg", keys={"at": Key[Pending](_microseconds)}, orders=("at",))
HANDLED = Collection(
    name="handled", type=Handled, prefix="hnd", keys={"at": Key[Handled](lambda h: h.created_at)}, orders=("at",)
)


async def tell(tx: Transaction, change: Change) -> None:
    """Publish the change if, and only if, this transaction commits."""
    size = len(cloudevents.encode(change))
    if size > LARGEST:
        raise ValueError(f"a change of {size} bytes is too large for the bus: the limit is {LARGEST}")
    put_at = now()
    await tx.put(OUTBOX, Pending(id=change.id, version=1, created_at=put_at, updated_at=put_at, change=change))


async def once(tx: Transaction, durable: str, change: Change) -> bool:
    """True if this consumer has not handled the change before; recorded with whatever else the transaction does."""
    id_ = id_of(HANDLED.prefix, f"{durable} {change.id}")
    if await tx.get(HANDLED, id_) is not None:
        return False
    handled_at = datetime.now(UTC)
    await tx.put(HANDLED, Handled(id=id_, version=1, created_at=handled_at, updated_at=handled_at))
    return True


async def forget_handled(store: Store, limit: int = 200) -> bool:
    """Drop some records of what was handled long ago. Whether there may be more to drop."""
    query = Query(HANDLED, (Range("at", lt=datetime.now(UTC) - KEPT),), order="at", limit=limit)
    old = [handled.id for handled in await store.find(query)]

    async def drop(tx: Transaction) -> None:
        for id_ in old:
            await tx.delete(HANDLED, id_)

    if old:
        await store.transaction(drop)
    return len(old) == limit
