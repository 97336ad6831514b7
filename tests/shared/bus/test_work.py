import asyncio

import pytest
from nats.aio.client import Client
from nats.js.api import RawStreamMsg

from deploy.embedded.nats import NatsServer
from shared.bus import cloudevents, work
from shared.bus.nats import Bus
from shared.contracts.changes import Change
from shared.ids import new_id
from shared.store.port import StoreUnavailable
from tests.shared.bus.conftest import Connect
from tests.shared.bus.samples import Seen, ask, change_of, comes_true, in_order, stored

REGISTRY = ["changes.registry.>"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failing handlers are tried again soon."""
    monkeypatch.setattr(work, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(work, "LONGEST_PAUSE", 0.05)


class Failing:
    """A handler that raises the given errors, one per call, for one entity; other changes it only keeps."""

    def __init__(self, entity_id: str, *errors: Exception) -> None:
        self.entity_id = entity_id
        self.errors = list(errors)
        self.seen = Seen()

    async def __call__(self, change: Change) -> None:
        if change.entity_id == self.entity_id and self.errors:
            raise self.errors.pop(0)
        await self.seen(change)


async def dead_letter(bus: Bus) -> RawStreamMsg:
    async def there() -> bool:
        return await stored(bus, "DEAD") > 0

    await comes_true(there)
    return await ask(bus, lambda js: js.get_msg("DEAD", 1))


async def all_answered(bus: Bus) -> None:
    async def answered() -> bool:
        info = await ask(bus, lambda js: js.consumer_info("CHANGES_REGISTRY", "calendar"))
        return not info.num_ack_pending and not info.num_pending

    await comes_true(answered)


async def test_two_replicas_share_the_work(bus: Bus, connect: Connect) -> None:
    other = await connect()
    await other.connected.wait()
    mine, theirs, both = Seen(), Seen(), Seen()
    begun, both_begun = set[int](), asyncio.Event()

    def together(own: Seen) -> work.Handler:
        async def handle(change: Change) -> None:
            # neither ends anything before both have something, or the faster one could do it all
            begun.add(id(own))
            if len(begun) == 2:
                both_begun.set()
            await both_begun.wait()
            await own(change)
            await both(change)

        return handle

    bus.work("calendar", REGISTRY, together(mine))
    other.work("calendar", REGISTRY, together(theirs))
    sent = [change_of(new_id("nte")) for _ in range(300)]
    await asyncio.gather(*(bus.publish(c) for c in sent))
    await both.count(300)
    assert sorted(both.ids) == sorted(c.id for c in sent)
    assert mine.changes
    assert theirs.changes


async def test_two_durables_each_get_everything(bus: Bus) -> None:
    first, second = Seen(), Seen()
    bus.work("calendar", REGISTRY, first)
    bus.work("statistics", REGISTRY, second)
    change = change_of(new_id("nte"))
    await bus.publish(change)
    assert await first.count(1) == await second.count(1) == [change]


async def test_changes_of_several_services_and_only_the_subjects_asked_for(bus: Bus) -> None:
    seen = Seen()
    bus.work("calendar", ["changes.registry.note.>", "changes.consultations.note.written"], seen)
    from_both = [change_of(new_id("nte")), change_of(new_id("nte"), service="consultations")]
    await bus.publish(change_of(new_id("nte"), service="events"))
    for change in from_both:
        await bus.publish(change)
    await seen.count(2)
    assert sorted(seen.ids) == sorted(c.id for c in from_both)


async def test_a_service_without_a_stream_is_refused(bus: Bus) -> None:
    with pytest.raises(ValueError, match="weather"):
        bus.work("calendar", ["changes.weather.>"], Seen())


async def test_the_changes_of_an_entity_are_handled_in_order_though_others_overtake(bus: Bus, quick: None) -> None:
    entity = new_id("nte")
    handler = Failing(entity, RuntimeError(), RuntimeError())
    bus.work("calendar", REGISTRY, handler)
    for version in (1, 2, 3):
        await bus.publish(change_of(entity, version))
    await bus.publish(change_of(new_id("nte")))
    assert in_order(await handler.seen.count(4))


async def test_a_handler_that_fails_twice_gets_the_change_again(bus: Bus, quick: None) -> None:
    change = change_of(new_id("nte"))
    handler = Failing(change.entity_id, RuntimeError("one"), RuntimeError("two"))
    bus.work("calendar", REGISTRY, handler)
    await bus.publish(change)
    assert await handler.seen.count(1) == [change]
    await all_answered(bus)
    assert await stored(bus, "DEAD") == 0


async def test_what_always_fails_becomes_a_dead_letter_and_others_go_on(bus: Bus, quick: None) -> None:
    bad, good = change_of(new_id("nte")), change_of(new_id("nte"))
    handler = Failing(bad.entity_id, *(LookupError("no such thing") for _ in range(100)))
    bus.work("calendar", REGISTRY, handler)
    await bus.publish(bad)
    await bus.publish(good)
    assert await handler.seen.count(1) == [good]
    letter = await dead_letter(bus)
    assert letter.subject == f"dead.calendar.{bad.subject}"
    assert letter.data == cloudevents.encode(bad)
    assert letter.headers is not None
    assert letter.headers["Jasne-Error"] == "LookupError"
    assert len(handler.errors) == 100 - work.ATTEMPTS
    await all_answered(bus)
    assert bus.dead_letters == {"calendar": 1}


async def test_a_store_that_is_away_never_makes_a_dead_letter(bus: Bus, quick: None) -> None:
    change = change_of(new_id("nte"))
    away = [StoreUnavailable("away") for _ in range(work.ATTEMPTS * 4)]
    handler = Failing(change.entity_id, *away, RuntimeError(), *away, RuntimeError())
    bus.work("calendar", REGISTRY, handler)
    await bus.publish(change)
    assert await handler.seen.count(1) == [change]
    assert await stored(bus, "DEAD") == 0


async def test_a_message_that_is_no_change_becomes_a_dead_letter_at_once(bus: Bus) -> None:
    seen = Seen()
    bus.work("calendar", REGISTRY, seen)
    await ask(bus, lambda js: js.publish("changes.registry.note.written", b"{nonsense"))
    change = change_of(new_id("nte"))
    await bus.publish(change)
    assert await seen.count(1) == [change]
    letter = await dead_letter(bus)
    assert letter.data == b"{nonsense"
    assert letter.subject == "dead.calendar.changes.registry.note.written"


async def test_a_handler_that_takes_longer_than_the_server_waits_keeps_its_change(
    bus: Bus, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ACK_WAIT", 1.0)
    seen, started = Seen(), 0

    async def slow(change: Change) -> None:
        nonlocal started
        started += 1
        await asyncio.sleep(2.5)
        await seen(change)

    other = await connect()
    bus.work("calendar", REGISTRY, slow)
    other.work("calendar", REGISTRY, slow)
    await bus.publish(change_of(new_id("nte")))
    await seen.count(1)
    assert started == 1


async def test_a_replica_that_stops_leaves_what_it_holds_to_the_others(bus: Bus, server: NatsServer) -> None:
    leaving = await Bus.connect(server.url, name="leaving")
    holds = asyncio.Event()

    async def never(_: Change) -> None:
        holds.set()
        await asyncio.Event().wait()

    leaving.work("calendar", REGISTRY, never)
    change = change_of(new_id("nte"))
    await bus.publish(change)
    async with asyncio.timeout(10):
        await holds.wait()
    seen = Seen()
    bus.work("calendar", REGISTRY, seen)
    await leaving.close()
    assert await seen.count(1, seconds=work.ACK_WAIT / 2) == [change]


async def test_a_replica_that_finishes_does_what_it_began_and_gives_back_the_rest(bus: Bus, server: NatsServer) -> None:
    leaving = await Bus.connect(server.url, name="leaving")
    done: list[Change] = []
    holds, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(change: Change) -> None:
        holds.set()
        await goes_on.wait()
        done.append(change)

    leaving.work("calendar", REGISTRY, slow)
    entity = new_id("nte")
    first, second = change_of(entity, 1), change_of(entity, 2)
    for change in (first, second):
        await bus.publish(change)
    async with asyncio.timeout(10):
        await holds.wait()
        while await outstanding(bus) < 2:
            await asyncio.sleep(0.02)
    seen = Seen()
    bus.work("calendar", REGISTRY, seen)
    finishing = asyncio.create_task(leaving.finish())
    third = change_of(new_id("nte"))
    await asyncio.sleep(0)
    await bus.publish(third)
    # what comes now is for the others
    assert await seen.count(1, seconds=work.ACK_WAIT / 2) == [third]
    goes_on.set()
    await finishing
    assert done == [first]
    assert (await seen.count(2, seconds=work.ACK_WAIT / 2))[1:] == [second]
    await leaving.close()
    assert await outstanding(bus) == 0


async def outstanding(bus: Bus) -> int:
    """How many changes the server has given out and had no answer to."""
    info = await ask(bus, lambda js: js.consumer_info("CHANGES_REGISTRY", "calendar"))
    return info.num_ack_pending or 0


async def test_nats_killed_and_back_goes_on_with_what_was_not_answered(bus: Bus, server: NatsServer) -> None:
    seen = Seen()
    bus.work("calendar", REGISTRY, seen)
    first = change_of(new_id("nte"))
    await bus.publish(first)
    await seen.count(1)
    await server.kill()
    await server.start()
    await bus.connected.wait()
    second = change_of(new_id("nte"))
    await bus.publish(second)
    await seen.until(lambda changes: second in changes, seconds=5)


async def test_a_consumer_deleted_on_the_server_is_made_again_and_goes_on_where_it_stopped(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ACK_WAIT", 1.5)
    seen = Seen()
    bus.work("calendar", REGISTRY, seen)
    before = [change_of(new_id("nte")) for _ in range(20)]
    for change in before:
        await bus.publish(change)
    await seen.count(20)
    await asyncio.sleep(1.2)  # the worker asks the server twice a second how far all have come
    await ask(bus, lambda js: js.delete_consumer("CHANGES_REGISTRY", "calendar"))
    after = change_of(new_id("nte"))
    await bus.publish(after)
    changes = await seen.until(lambda changes: after in changes, seconds=5)
    assert changes == [*before, after]


async def test_a_stream_made_anew_is_read_from_its_beginning(
    bus: Bus, server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ACK_WAIT", 0.6)
    worked, watched = Seen(), Seen()
    bus.work("calendar", REGISTRY, worked)
    watch = bus.watch(["registry"], watched, lambda: None)
    await watch.ready()
    for _ in range(5):
        await bus.publish(change_of(new_id("nte")))
    await worked.count(5)
    await watched.count(5)
    await asyncio.sleep(0.5)  # until the worker knows how far it has come
    await ask(bus, lambda js: js.delete_stream("CHANGES_REGISTRY"))
    await server.stop()
    await comes_true(lambda: asyncio.sleep(0, not watch.live))
    await server.start()
    await comes_true(lambda: asyncio.sleep(0, watch.live))
    change = change_of(new_id("nte"))
    await bus.publish(change)
    await worked.until(lambda changes: change in changes, seconds=5)
    await watched.until(lambda changes: change in changes, seconds=5)


async def test_whoever_is_told_to_end_just_when_the_connection_is_lost_ends(bus: Bus) -> None:
    """The client answers a cancel with an error then, as if nobody wanted anything else of it."""
    worked, watched = Seen(), Seen()
    bus.work("calendar", REGISTRY, worked)
    await bus.watch(["registry"], watched, lambda: None).ready()
    await bus.publish(change_of(new_id("nte")))
    await worked.count(1)
    await watched.count(1)
    client = bus._connection.client()
    client._status = Client.CLOSED
    async with asyncio.timeout(5):
        await bus.close()
    client._status = Client.CONNECTED
    await client.close()


async def test_other_subjects_of_a_later_version_are_taken_over(bus: Bus, server: NatsServer) -> None:
    earlier = await Bus.connect(server.url, name="earlier")
    seen = Seen()
    earlier.work("calendar", ["changes.registry.organization.>"], seen)
    await comes_true(lambda: ask(bus, lambda js: js.consumers_info("CHANGES_REGISTRY")))
    await earlier.close()
    bus.work("calendar", ["changes.registry.note.>", "changes.registry.organization.>"], seen)
    change = change_of(new_id("nte"))
    await bus.publish(change)
    assert await seen.count(1) == [change]
