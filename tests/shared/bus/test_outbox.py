import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from deploy.embedded.nats import NatsServer
from shared.bus import outbox
from shared.bus.nats import Bus
from shared.bus.outbox import HANDLED, KEPT, OUTBOX, Handled, Pending, forget_handled, once, tell
from shared.bus.relay import _LEASE_ID, LEASES, Lease, waiting
from shared.ids import new_id
from shared.store.port import Query, Store, Transaction
from tests.shared.bus.conftest import Connect, Run
from tests.shared.bus.samples import NOTES, Note, Seen, change_of, comes_true, in_order, stored, write


async def test_a_change_and_its_document_commit_together_and_reach_the_stream(
    store: Store, bus: Bus, relay: Run
) -> None:
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    running = relay(store, bus)
    change = await write(store, new_id("nte"))
    running.wake()
    assert await seen.count(1) == [change]
    assert await store.get(NOTES, change.entity_id) is not None


async def test_what_is_rolled_back_tells_nothing(store: Store, bus: Bus, relay: Run) -> None:
    class Undecided(Exception):
        pass

    async def work(tx: Transaction) -> None:
        now = datetime.now(UTC)
        note = Note(id=new_id("nte"), version=1, created_at=now, updated_at=now, text="never")
        await tx.put(NOTES, note)
        await tell(tx, change_of(note.id))
        raise Undecided

    with pytest.raises(Undecided):
        await store.transaction(work)
    assert await store.count(OUTBOX) == 0

    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    running = relay(store, bus)
    after = await write(store, new_id("nte"))
    running.wake()
    assert await seen.count(1) == [after]
    assert await stored(bus) == 1


async def test_a_change_too_large_for_the_bus_is_refused_before_it_is_stored(store: Store) -> None:
    change = change_of(new_id("nte"), text="x" * outbox.LARGEST)
    with pytest.raises(ValueError, match="too large"):
        await store.transaction(lambda tx: tell(tx, change))
    assert await store.count(OUTBOX) == 0


async def test_two_versions_within_a_millisecond_stay_in_order(store: Store) -> None:
    at = datetime(2026, 1, 1, 12, 0, 0, 100, tzinfo=UTC)
    entity = new_id("nte")
    changes = [change_of(entity, v, at=at + timedelta(microseconds=v)) for v in range(1, 20)]

    async def work(tx: Transaction) -> None:
        for change in reversed(changes):
            await tell(tx, change)

    await store.transaction(work)
    assert [p.change for p in await store.find(Query(OUTBOX, order="at"))] == changes


async def test_waiting_is_counted_from_when_a_change_was_put_here_whatever_time_it_carries(store: Store) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    fresh, old = change_of(new_id("nte"), at=noon), change_of(new_id("nte"), at=noon - timedelta(days=200))
    assert await waiting(store) == 0
    for change in (fresh, old):
        await store.transaction(lambda tx, change=change: tell(tx, change))  # type: ignore[misc]
    assert 0 < await waiting(store) < 3600
    assert [pending.change for pending in await store.find(Query(OUTBOX, order="at"))] == [old, fresh]


async def test_while_changes_leave_none_is_said_to_wait_long(store: Store) -> None:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    change = change_of(new_id("nte"), at=now - 3 * hour)

    async def work(tx: Transaction, version: int, sent_at: datetime | None) -> None:
        lease = Lease(id=_LEASE_ID, version=version, created_at=now, updated_at=now, owner="r", until=now)
        await tx.put(LEASES, msgspec.structs.replace(lease, sent_at=sent_at))

    pending = Pending(id=change.id, version=1, created_at=now - 2 * hour, updated_at=now, change=change)
    await store.transaction(lambda tx: tx.put(OUTBOX, pending))
    hours = [round(await waiting(store) / 3600)]
    for version, sent_at in enumerate((None, now - 4 * hour, now - hour, now), 1):
        await store.transaction(lambda tx, version=version, sent_at=sent_at: work(tx, version, sent_at))  # type: ignore[misc]
        hours.append(round(await waiting(store) / 3600))
    assert hours == [2, 2, 2, 1, 0]


async def test_a_change_that_was_put_here_under_its_own_time_leaves_as_any(store: Store, bus: Bus, relay: Run) -> None:
    """So did the versions before."""
    before, after = (change_of(new_id("nte"), at=datetime(2020, 1, day, tzinfo=UTC)) for day in (1, 2))

    async def work(tx: Transaction) -> None:
        at = before.at
        await tx.put(OUTBOX, Pending(id=before.id, version=1, created_at=at, updated_at=at, change=before))
        await tell(tx, after)

    await store.transaction(work)
    relay(store, bus)

    async def left() -> bool:
        return await store.count(OUTBOX) == 0

    await comes_true(left)
    assert await stored(bus) == 2


async def test_order_per_entity_under_50_concurrent_writers(store: Store, bus: Bus, relay: Run) -> None:
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    running = relay(store, bus)
    entities = [new_id("nte") for _ in range(5)]

    async def writer(number: int) -> None:
        for turn in range(4):
            await write(store, entities[(number + turn) % len(entities)])
            running.wake()

    await asyncio.gather(*(writer(n) for n in range(50)))
    changes = await seen.count(200)
    assert len({c.id for c in changes}) == len(changes) == 200
    assert in_order(changes)
    assert await stored(bus) == 200


async def test_nats_away_while_writing_loses_and_doubles_nothing(
    server: NatsServer, store: Store, connect: Connect, relay: Run
) -> None:
    await server.stop()
    bus = await connect()
    running = relay(store, bus)
    written = []
    entity = new_id("nte")
    for _ in range(20):
        written.append(await write(store, entity))
        running.wake()
    seen = Seen()
    bus.work("reader", ["changes.registry.>"], seen)
    assert not bus.connected.is_set()
    await server.start()
    assert await seen.count(20) == written
    assert await stored(bus) == 20


async def test_a_change_is_handled_once(store: Store) -> None:
    change = change_of(new_id("nte"))
    assert await store.transaction(lambda tx: once(tx, "calendar", change))
    assert not await store.transaction(lambda tx: once(tx, "calendar", change))
    assert await store.transaction(lambda tx: once(tx, "statistics", change))


async def test_a_handling_that_is_rolled_back_does_not_count(store: Store) -> None:
    change = change_of(new_id("nte"))

    async def fail(tx: Transaction) -> None:
        assert await once(tx, "calendar", change)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.transaction(fail)
    assert await store.transaction(lambda tx: once(tx, "calendar", change))


async def test_what_was_handled_long_ago_is_forgotten_in_small_batches(store: Store) -> None:
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> None:
        for age in [KEPT + timedelta(hours=1)] * 5 + [KEPT - timedelta(hours=1)] * 3:
            then = now - age
            await tx.put(HANDLED, Handled(id=new_id("hnd"), version=1, created_at=then, updated_at=then))

    await store.transaction(work)
    assert await forget_handled(store, limit=4)
    assert await store.count(HANDLED) == 4
    assert not await forget_handled(store, limit=4)
    assert await store.count(HANDLED) == 3
