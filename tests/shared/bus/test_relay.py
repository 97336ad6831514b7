import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.embedded.nats import NatsServer
from shared.bus import relay as relay_module
from shared.bus.nats import Bus, BusUnavailable
from shared.bus.outbox import HANDLED, OUTBOX, Handled, once
from shared.bus.relay import LEASE, LEASES, Relay
from shared.contracts.changes import Change
from shared.ids import new_id
from shared.store.port import Query, Store, StoreUnavailable, Transaction
from tests.shared.bus.conftest import Connect, Run
from tests.shared.bus.samples import NOTES, Note, Seen, comes_true, in_order, stored, write

type Spawn = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def spawn(server: NatsServer, store_url: str) -> AsyncIterator[Spawn]:
    """A relay in a process of its own."""
    spawned: list[asyncio.subprocess.Process] = []

    async def spawn(*arguments: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.shared.bus.relay_process", store_url, server.url, *arguments
        )
        spawned.append(process)
        return process

    yield spawn
    for process in spawned:
        if process.returncode is None:
            process.kill()
        await process.wait()


class CountingBus(Bus):
    """Counts what is really sent, which the stream's dropping of doubles would hide."""

    published = 0

    async def publish(self, change: Change) -> None:
        await super().publish(change)
        self.published += 1


def applied_once(store: Store, durable: str, seen: Seen) -> Callable[[Change], Awaitable[None]]:
    """A reaction as services write them: its effect is a note per change, in one transaction with `once`."""

    async def react(change: Change) -> None:
        async def work(tx: Transaction) -> None:
            if await once(tx, durable, change):
                note = Note(id=new_id("nte"), version=1, created_at=change.at, updated_at=change.at, text=change.id)
                await tx.put(NOTES, note)

        await store.transaction(work)
        await seen(change)

    return react


async def effects(store: Store) -> list[str]:
    return sorted(note.text for note in await store.find(Query(NOTES, limit=10_000)) if note.text.startswith("chg_"))


async def emptied(store: Store, seconds: float = 15.0) -> None:
    async def empty() -> bool:
        return await store.count(OUTBOX) == 0

    await comes_true(empty, seconds)


async def test_nats_killed_while_publishing_loses_and_doubles_nothing(
    server: NatsServer, store: Store, bus: Bus, relay: Run
) -> None:
    seen = Seen()
    bus.work("reader", ["changes.registry.>"], applied_once(store, "reader", seen))
    running = relay(store, bus)
    written: list[str] = []

    async def writer() -> None:
        entity = new_id("nte")
        for _ in range(25):
            written.append((await write(store, entity)).id)
            running.wake()

    async def killer() -> None:
        for reached in (20, 90):
            await seen.until(lambda changes: len({c.id for c in changes}) >= reached)  # noqa: B023 - awaited at once
            await server.kill()
            await server.start()

    await asyncio.gather(killer(), *(writer() for _ in range(8)))
    await seen.until(lambda changes: {c.id for c in changes} == set(written))
    assert await effects(store) == sorted(written)
    assert len(written) == 200
    await emptied(store)
    assert await stored(bus) == 200


async def test_a_relay_killed_between_publishing_and_deleting_publishes_again_and_nothing_doubles(
    store: Store, bus: Bus, relay: Run, spawn: Spawn
) -> None:
    change = await write(store, new_id("nte"))
    process = await spawn("die")
    assert await process.wait() == -9
    assert await stored(bus) == 1
    assert await store.count(OUTBOX) == 1

    seen = Seen()
    bus.work("reader", ["changes.registry.>"], applied_once(store, "reader", seen))
    relay(store, bus)
    await emptied(store)
    after = await write(store, change.entity_id)
    await seen.until(lambda changes: after.id in {c.id for c in changes})
    assert await stored(bus) == 2
    assert await effects(store) == sorted([change.id, after.id])


async def test_of_two_relays_on_one_store_one_publishes_each_change(
    server: NatsServer, store: Store, bus: Bus, relay: Run
) -> None:
    buses = [await CountingBus.connect(server.url, name="test") for _ in range(2)]
    relays = [relay(store, b) for b in buses]
    try:
        entities = [new_id("nte") for _ in range(4)]

        async def writer(number: int) -> None:
            for _ in range(10):
                await write(store, entities[number % 4])
                relays[number % 2].wake()

        await asyncio.gather(*(writer(n) for n in range(8)))
        await emptied(store)
        assert sum(b.published for b in buses) == 80
        assert await stored(bus) == 80
    finally:
        for b in buses:
            await b.close()


async def test_a_commit_beside_the_relay_that_has_the_lease_is_published_at_once(
    store: Store, connect: Connect, bus: Bus, relay: Run
) -> None:
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    first = relay(store, bus)
    await write(store, new_id("nte"))
    first.wake()
    await seen.count(1)

    second_bus = await connect()
    await second_bus.connected.wait()
    second = relay(store, second_bus)
    await asyncio.sleep(0.1)  # so that both are asleep, and only the nudge can be what wakes the first
    started = time.monotonic()
    await write(store, new_id("nte"))
    second.wake()
    await seen.count(2)
    assert time.monotonic() - started < 0.5


async def test_a_version_that_could_not_be_published_holds_back_the_later_ones_of_its_entity(
    server: NatsServer, store: Store, relay: Run
) -> None:
    class Refusing(Bus):
        refused = False

        async def publish(self, change: Change) -> None:
            if change.version == 2 and not self.refused:
                self.refused = True
                raise BusUnavailable("this one time")
            await super().publish(change)

    entity, other = new_id("nte"), new_id("nte")
    for id_ in (entity, entity, other, entity, other):
        await write(store, id_)
    bus = await Refusing.connect(server.url, name="test")
    await bus.connected.wait()
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    relay(store, bus)
    assert in_order(await seen.count(5))
    assert bus.refused
    await bus.close()


async def test_another_relay_takes_over_when_the_holder_is_killed(
    store: Store, bus: Bus, relay: Run, spawn: Spawn
) -> None:
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    holder = await spawn()
    await write(store, new_id("nte"))
    await seen.count(1)
    lease = (await store.find(Query(LEASES)))[0]
    holder.kill()
    await holder.wait()

    running = relay(store, bus)
    after = await write(store, new_id("nte"))
    running.wake()
    started = time.monotonic()
    assert (await seen.count(2, seconds=LEASE + 1.5))[-1] == after
    assert time.monotonic() - started <= LEASE + 1.5
    assert (await store.find(Query(LEASES)))[0].owner != lease.owner


async def test_the_lease_says_when_a_change_last_left(
    store: Store, bus: Bus, relay: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "LEASE", 0.02)  # prolonged at every round
    running = relay(store, bus)
    began = datetime.now(UTC)

    async def said() -> bool:
        await write(store, new_id("nte"))
        running.wake()
        lease = next(iter(await store.find(Query(LEASES))), None)
        return lease is not None and lease.sent_at is not None and lease.sent_at > began

    await comes_true(said)


async def test_a_relay_that_ends_leaves_its_lease_to_the_next(store: Store, bus: Bus) -> None:
    task = asyncio.create_task(Relay(store, bus, service="registry").run())
    await write(store, new_id("nte"))
    await emptied(store)
    assert await store.count(LEASES) == 1
    task.cancel()
    await asyncio.wait([task])
    assert await store.count(LEASES) == 0


async def test_a_store_that_is_away_for_a_while_stops_the_relay_only_for_that_while(
    store: Store, bus: Bus, relay: Run
) -> None:
    class Shaky:
        """The real store, with an outage in front of it."""

        away = True

        def __getattr__(self, name: str) -> Any:
            if self.away:
                raise StoreUnavailable("away")
            return getattr(store, name)

    shaky: Any = Shaky()
    relay(shaky, bus)
    await write(store, new_id("nte"))
    await asyncio.sleep(0.3)  # several attempts
    assert await stored(bus) == 0
    shaky.away = False
    await emptied(store, seconds=5)
    assert await stored(bus) == 1


async def test_a_batch_larger_than_the_relay_takes_at_once_keeps_its_order(
    store: Store, bus: Bus, relay: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "BATCH", 7)
    entities = [new_id("nte") for _ in range(3)]
    for number in range(60):
        await write(store, entities[number % 3])
    seen = Seen()
    watch = bus.watch(["registry"], seen, lambda: None)
    await watch.ready()
    relay(store, bus)
    assert in_order(await seen.count(60))


async def test_an_idle_relay_forgets_what_was_handled_long_ago(store: Store, bus: Bus, relay: Run) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old = Handled(id=new_id("hnd"), version=1, created_at=long_ago, updated_at=long_ago)
    await store.transaction(lambda tx: tx.put(HANDLED, old))
    relay(store, bus)

    async def forgotten() -> bool:
        return await store.count(HANDLED) == 0

    await comes_true(forgotten)


async def test_a_relay_that_ends_sends_what_waits_and_leaves_no_lease(store: Store, bus: Bus) -> None:
    running = Relay(store, bus, service="registry")
    task = asyncio.create_task(running.run())
    await write(store, new_id("nte"))
    await emptied(store)
    # asleep by now, and nobody wakes it
    for _ in range(3):
        await write(store, new_id("nte"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await store.count(OUTBOX) == 0
    assert await stored(bus) == 4
    assert await store.count(LEASES) == 0


async def test_a_relay_ends_at_once_while_nats_is_away(server: NatsServer, store: Store, bus: Bus) -> None:
    running = Relay(store, bus, service="registry")
    task = asyncio.create_task(running.run())
    await write(store, new_id("nte"))
    await emptied(store)
    await server.kill()
    async with asyncio.timeout(10):
        while bus.connected.is_set():
            await asyncio.sleep(0.01)
    await write(store, new_id("nte"))
    task.cancel()
    async with asyncio.timeout(relay_module.LAST_PATIENCE):
        await asyncio.gather(task, return_exceptions=True)
    assert await store.count(OUTBOX) == 1
