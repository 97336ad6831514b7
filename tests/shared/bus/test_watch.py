import asyncio
from functools import partial

from nats.js import JetStreamContext

from deploy.embedded.nats import NatsServer
from shared.bus.nats import Bus, BusUnavailable
from shared.contracts.changes import Change
from shared.ids import new_id
from tests.shared.bus.conftest import Connect
from tests.shared.bus.samples import Seen, ask, change_of, comes_true


class Gaps:
    count = 0

    def __call__(self) -> None:
        self.count += 1


async def test_two_watchers_both_see_everything_from_now_on(bus: Bus, connect: Connect) -> None:
    other = await connect()
    await bus.publish(change_of(new_id("nte")))  # before anybody watches
    first, second = Seen(), Seen()
    for watch in (
        bus.watch(["registry", "events"], first, lambda: None),
        other.watch(["events", "registry"], second, lambda: None),
    ):
        await watch.ready()
    sent = [change_of(new_id("nte"), service=("registry", "events")[n % 2]) for n in range(50)]
    await asyncio.gather(*(bus.publish(c) for c in sent))
    for seen in (first, second):
        await seen.count(50)
        assert sorted(seen.ids) == sorted(c.id for c in sent)


async def test_across_a_restart_of_nats_nothing_is_missed_and_the_gap_is_told(
    bus: Bus, connect: Connect, server: NatsServer
) -> None:
    seen, gaps = Seen(), Gaps()
    watch = bus.watch(["registry"], seen, gaps)
    await watch.ready()
    before = gaps.count
    writer = await connect()
    sent: list[Change] = []
    restarted = asyncio.Event()

    async def publish(change: Change) -> None:
        while True:
            try:
                await writer.connected.wait()
                await writer.publish(change)
                break
            except BusUnavailable:  # the same change again, as the relay does
                await asyncio.sleep(0.01)
        sent.append(change)

    async def write() -> None:
        entity, version = new_id("nte"), 0
        while not restarted.is_set():
            version += 1
            await publish(change_of(entity, version))
        await publish(change_of(entity, version + 1))

    async def restart() -> None:
        for reached, end in ((30, server.kill), (70, server.stop)):
            await seen.count(reached)
            await end()
            await server.start()
        restarted.set()

    await asyncio.gather(write(), restart())
    assert await seen.count(len(sent)) == sent
    assert gaps.count == before + 2


async def test_the_gap_is_told_before_any_change_from_behind_it(bus: Bus, connect: Connect, server: NatsServer) -> None:
    happened: list[str] = []
    seen = Seen()

    async def handler(change: Change) -> None:
        happened.append(f"version {change.version}")
        await seen(change)

    watch = bus.watch(["registry"], handler, lambda: happened.append("gap"))
    await watch.ready()
    entity = new_id("nte")
    await bus.publish(change_of(entity, 1))
    await seen.count(1)
    await server.stop()
    await comes_true(lambda: asyncio.sleep(0, not watch.live))
    await server.start()
    await bus.connected.wait()
    await bus.publish(change_of(entity, 2))
    await seen.count(2)
    assert happened == ["gap", "version 1", "gap", "version 2"]


async def test_a_consumer_deleted_on_the_server_is_made_again_and_goes_on_where_it_stopped(bus: Bus) -> None:
    seen, gaps = Seen(), Gaps()
    watch = bus.watch(["registry"], seen, gaps)
    await watch.ready()
    entity = new_id("nte")
    sent = [change_of(entity, version) for version in range(1, 41)]
    for number, change in enumerate(sent):
        if number in (10, 25):
            (consumer,) = await ask(bus, lambda js: js.consumers_info("CHANGES_REGISTRY"))
            await ask(bus, partial(JetStreamContext.delete_consumer, stream="CHANGES_REGISTRY", consumer=consumer.name))
        await bus.publish(change)
        if number == 24:
            await seen.count(number + 1)
    assert await seen.count(40) == sent
    assert gaps.count == 3


async def test_a_change_that_the_handler_chokes_on_does_not_end_the_watch(bus: Bus) -> None:
    seen = Seen()

    async def handler(change: Change) -> None:
        if change.version == 1:
            raise RuntimeError
        await seen(change)

    watch = bus.watch(["registry"], handler, lambda: None)
    await watch.ready()
    await bus.publish(change_of(new_id("nte"), 1))
    await ask(bus, lambda js: js.publish("changes.registry.note.written", b"nonsense"))
    after = change_of(new_id("nte"), 2)
    await bus.publish(after)
    assert await seen.count(1) == [after]


async def test_who_has_caught_up_has_seen_all_that_was_published(bus: Bus) -> None:
    seen = Seen()
    watch = bus.watch(["registry", "events"], seen, lambda: None)
    await watch.ready()
    await watch.caught_up()
    for _ in range(5):
        sent = [change_of(new_id("nte")) for _ in range(10)]
        await asyncio.gather(*(bus.publish(c) for c in sent))
        await watch.caught_up()
        assert {c.id for c in sent} <= set(seen.ids)


async def test_what_was_not_handed_on_is_behind(bus: Bus) -> None:
    goes_on = asyncio.Event()

    async def hangs(_: Change) -> None:
        await goes_on.wait()

    watch = bus.watch(["registry", "events"], hangs, lambda: None)
    await watch.ready()
    assert await watch.behind() == {"registry": 0, "events": 0}
    for _ in range(3):
        await bus.publish(change_of(new_id("nte")))
    assert await watch.behind() == {"registry": 3, "events": 0}
    goes_on.set()
    await watch.caught_up()
    assert await watch.behind() == {"registry": 0, "events": 0}
