"""The relay: carries committed changes from a service's outbox to NATS, in the order of each entity.

Several replicas of a service share one store. A lease lets one of them relay at a time. It only saves work: two
relays at once would publish the same changes twice, in the same order, and the stream drops what it already has.
"""

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime, timedelta

from shared.bus.nats import Bus, BusUnavailable
from shared.bus.outbox import HANDLED, OUTBOX, Pending, forget_handled
from shared.contracts.base import Entity
from shared.contracts.changes import Change
from shared.ids import id_of, new_id
from shared.store.port import Collection, Duplicate, Query, Store, StoreUnavailable, Transaction

BATCH = 200
LEASE = 4.0
LAST_PATIENCE = 3.0
"""Seconds that a relay which ends may take to empty the outbox."""
_POLL = 1.0
_FORGET_EVERY = 600.0
_log = logging.getLogger(__name__)


class Lease(Entity, frozen=True, kw_only=True):
    """Who relays, and until when. There is one record at most."""

    owner: str
    until: datetime
    sent_at: datetime | None = None
    """When a change last left, as far as was known when the lease was taken or prolonged."""


LEASES = Collection(name="leases", type=Lease, prefix="lse")
COLLECTIONS = (OUTBOX, HANDLED, LEASES)
"""What a service's store must open for its bus."""

_LEASE_ID = id_of(LEASES.prefix, "relay")


async def waiting(store: Store) -> float:
    """For how many seconds changes have been waiting in the outbox and none has left, by whichever replica."""
    # the ids of changes sort by when they were made; the key `at` is of the time that a change carries
    first = await store.find(Query(OUTBOX, limit=1))
    if not first:
        return 0
    lease = await store.get(LEASES, _LEASE_ID)
    since = first[0].created_at
    if lease is not None and lease.sent_at is not None:
        since = max(since, lease.sent_at)
    return max((datetime.now(UTC) - since).total_seconds(), 0)


class Relay:
    """`run` it as a task; `wake` it after each commit that told something."""

    def __init__(self, store: Store, bus: Bus, *, service: str) -> None:
        self._store = store
        self._bus = bus
        self._nudges = f"relay.{service}"
        self._owner = new_id("rly")
        self._awake = asyncio.Event()
        self._ours_until = datetime.min.replace(tzinfo=UTC)
        self._sent_at: datetime | None = None
        self._forget_at = time.monotonic()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        await self._bus.hear(self._nudges, self.wake)
        pause = 0.1
        try:
            while True:
                try:
                    await self._bus.connected.wait()
                    await self._round()
                    pause = 0.1
                except Exception as error:
                    expected = isinstance(error, BusUnavailable | StoreUnavailable)
                    why = (expected and str(error)) or type(error).__name__
                    _log.warning("the relay waits: %s", why, exc_info=None if expected else error)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _POLL)
        finally:
            await self._send_the_rest()
            await self._give_up_lease()

    async def _send_the_rest(self) -> None:
        """What was committed last does not wait until another replica looks. What cannot leave now waits for it."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_PATIENCE):
                while self._bus.connected.is_set() and (pending := await self._oldest()):
                    if not (self._has_lease() or await self._take_lease()):
                        await self._bus.nudge(self._nudges)
                        return
                    await self._relay(pending)

    async def _round(self) -> None:
        self._awake.clear()
        pending = await self._oldest()
        if not pending:
            await self._forget()
            await self._sleep()
        elif self._has_lease():
            await self._relay(pending)
        elif not await self._take_lease():
            await self._bus.nudge(self._nudges)  # whoever has the lease may not know of our commit
            await self._sleep()

    def _has_lease(self) -> bool:
        return self._ours_until - datetime.now(UTC) > timedelta(seconds=LEASE / 2)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLL):  # what another process committed, and did not live to relay
                await self._awake.wait()

    async def _oldest(self) -> list[Pending]:
        return await self._store.find(Query(OUTBOX, order="at", limit=BATCH))

    async def _relay(self, pending: list[Pending]) -> None:
        by_entity: dict[str, list[Change]] = {}
        for change in (p.change for p in pending):
            by_entity.setdefault(change.entity_id, []).append(change)
        done: list[str] = []
        lanes = [self._in_order(changes, done) for changes in by_entity.values()]
        failures = [f for f in await asyncio.gather(*lanes, return_exceptions=True) if f is not None]
        if done:
            await self._store.transaction(lambda tx: _delete(tx, done))
        if failures:
            raise failures[0]

    async def _in_order(self, changes: list[Change], done: list[str]) -> None:
        for change in sorted(changes, key=lambda c: (c.at, c.version)):
            await self._bus.publish(change)
            self._sent_at = datetime.now(UTC)
            done.append(change.id)

    async def _take_lease(self) -> bool:
        async def work(tx: Transaction) -> datetime | None:
            now = datetime.now(UTC)
            lease = await tx.get(LEASES, _LEASE_ID)
            if lease is not None and lease.owner != self._owner and lease.until > now:
                return None
            until = now + timedelta(seconds=LEASE)
            version = 1 if lease is None else lease.version + 1
            sent_at = self._sent_at or (lease.sent_at if lease is not None else None)
            ours = Lease(
                id=_LEASE_ID,
                version=version,
                created_at=now,
                updated_at=now,
                owner=self._owner,
                until=until,
                sent_at=sent_at,
            )
            await tx.put(LEASES, ours)
            return until

        try:
            until = await self._store.transaction(work)
        except Duplicate:  # somebody else made the first record
            return False
        if until is not None:
            self._ours_until = until
        return until is not None

    async def _give_up_lease(self) -> None:
        """So that the next does not have to wait until it runs out."""

        async def work(tx: Transaction) -> None:
            lease = await tx.get(LEASES, _LEASE_ID)
            if lease is not None and lease.owner == self._owner:
                await tx.delete(LEASES, _LEASE_ID)

        with contextlib.suppress(Exception):
            async with asyncio.timeout(1.0):
                await self._store.transaction(work)

    async def _forget(self) -> None:
        if time.monotonic() >= self._forget_at and not await forget_handled(self._store):
            self._forget_at = time.monotonic() + _FORGET_EVERY


async def _delete(tx: Transaction, ids: list[str]) -> None:
    for id_ in ids:
        await tx.delete(OUTBOX, id_)
