"""deploy/nats/users.conf on a real server: every process can do its work, and nothing else."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import nats
import pytest
from msgspec.structs import replace
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from services.consultations.http import SERVICE as CONSULTATIONS
from services.events.http import SERVICE as EVENTS
from services.registry.http import SERVICE as REGISTRY
from shared.bus.connection import DEAD, stream_of
from shared.bus.nats import SERVICES, Bus
from shared.bus.relay import Relay
from shared.contracts.changes import Change
from shared.ids import new_id
from shared.service.process import Service
from shared.store.opening import open_store
from tests.deploy.nats.servers import PASSWORDS, Server, single
from tests.shared.bus.samples import ALL, Seen, change_of, comes_true, stored, write

PROGRAMS = (REGISTRY, CONSULTATIONS, EVENTS)
DURABLES = {reaction.durable: program.name for program in PROGRAMS for reaction in program.reactions}
type Connect = Callable[[str], Awaitable[Bus]]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    server = single(tmp_path / "nats")
    await server.start()
    await server.healthy()
    yield server
    await server.end()


@pytest.fixture
async def connect(server: Server) -> AsyncIterator[Connect]:
    made: list[Bus] = []

    async def connect(user: str) -> Bus:
        bus = await Bus.connect(server.url(user), name=user)
        made.append(bus)
        async with asyncio.timeout(10):
            await bus.connected.wait()
        return bus

    yield connect
    for bus in made:
        await bus.close()


class Raw:
    """A client without our bus, that remembers what the server denied it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.denials: list[str] = []

    async def note(self, error: Exception) -> None:
        self.denials.append(str(error))

    async def may_publish(self, subject: str) -> bool:
        """Nothing that is there is harmed: the body is no valid request."""
        return not await self._denied(f'publish to "{subject}"', self.client.publish(subject, b"{"))

    async def may_subscribe(self, subject: str) -> bool:
        return not await self._denied(f'subscription to "{subject}"', self.client.subscribe(subject))

    async def _denied(self, what: str, done: Awaitable[object]) -> bool:
        self.denials.clear()
        await done
        # the server takes things in turn: when it answers this, it has said what it denies
        await self.client.request("$JS.API.STREAM.INFO.DEAD", b"", timeout=5)
        return any(what.lower() in denial for denial in self.denials)


@contextlib.asynccontextmanager
async def raw(server: Server, user: str) -> AsyncIterator[Raw]:
    told = Raw(Client())
    await told.client.connect(server.url(user), error_cb=told.note, allow_reconnect=False)
    try:
        yield told
    finally:
        await told.client.close()


@pytest.mark.parametrize("first", [*SERVICES, "gateway"])
async def test_whoever_comes_first_makes_the_streams(connect: Connect, first: str) -> None:
    await connect(first)
    operator = await connect("operator")
    streams = {info.config.name for info in await operator._connection.ask(lambda js: js.streams_info())}
    assert streams == {stream_of(service) for service in SERVICES} | {DEAD}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
async def test_a_service_publishes_works_and_buries_what_cannot_be_handled(
    connect: Connect, program: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus.work.FIRST_PAUSE", 0.001)
    own = await connect(program.name)
    await own.publish(change_of(new_id("nte"), service=program.name))
    handled: list[Seen] = []
    broken_ones = 0
    for reaction in program.reactions:
        seen = Seen()
        own.work(reaction.durable, reaction.subjects, failing_for_good(seen))
        for service in dict.fromkeys(subject.split(".")[1] for subject in reaction.subjects):
            (subject,) = (one for one in reaction.subjects if one.startswith(f"changes.{service}."))
            entity, verb = subject.split(".")[2:]
            teller = await connect(service)
            for broken in (False, True):
                told = replace(
                    change_of(new_id("nte"), service=service, broken=broken),
                    entity=entity,
                    verb=verb.replace("*", "written"),
                )
                await teller.publish(told)
            broken_ones += 1
        handled.append(seen)
    operator = await connect("operator")
    for seen in handled:
        await seen.until(bool)
    async with asyncio.timeout(20):
        while sum(own.dead_letters.values()) < broken_ones:
            await asyncio.sleep(0.02)
    assert await stored(operator, DEAD) == sum(own.dead_letters.values()) == broken_ones


def failing_for_good(seen: Seen) -> Callable[[Change], Awaitable[None]]:
    async def handle(change: Change) -> None:
        if change.data["broken"]:
            raise ValueError("this one never works")
        await seen(change)

    return handle


async def test_the_gateway_watches_all_services(connect: Connect) -> None:
    seen = Seen()
    gateway = await connect("gateway")
    watch = gateway.watch(SERVICES, seen, lambda: None)
    async with asyncio.timeout(10):
        await watch.ready()
    for service in SERVICES:
        await (await connect(service)).publish(change_of(new_id("nte"), service=service))
    assert {change.service for change in await seen.count(3)} == set(SERVICES)
    async with asyncio.timeout(5):
        await watch.caught_up()


async def test_a_replica_without_the_lease_nudges_the_one_that_has_it(connect: Connect, tmp_path: Path) -> None:
    store = await open_store(f"sqlite://{tmp_path}/store.db", ALL)
    first, second = [Relay(store, await connect("registry"), service="registry") for _ in range(2)]
    nudged = asyncio.Event()
    operator = await connect("operator")
    await operator.hear("relay.registry", nudged.set)
    running = [asyncio.create_task(relay.run()) for relay in (first, second)]
    try:
        await write(store, new_id("nte"))
        async with asyncio.timeout(10):
            while not nudged.is_set():
                first.wake()
                second.wake()
                await asyncio.sleep(0.02)
                await write(store, new_id("nte"))
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await store.close()


@pytest.mark.parametrize("user", [*SERVICES, "gateway"])
async def test_nobody_publishes_another_services_change(server: Server, connect: Connect, user: str) -> None:
    await connect(user)
    async with raw(server, user) as client:
        for service in SERVICES:
            assert await client.may_publish(f"changes.{service}.note.written") == (service == user)
    operator = await connect("operator")
    for service in SERVICES:
        assert await stored(operator, stream_of(service)) == (service == user)


@pytest.mark.parametrize("user", [*SERVICES, "gateway"])
async def test_only_the_operator_alters_streams(server: Server, connect: Connect, user: str) -> None:
    await (await connect("registry")).publish(change_of(new_id("nte")))
    async with raw(server, user) as client:
        for verb in ("DELETE", "PURGE", "UPDATE", "MSG.DELETE", "SNAPSHOT", "RESTORE", "LEADER.STEPDOWN"):
            for service in SERVICES:
                assert not await client.may_publish(f"$JS.API.STREAM.{verb}.{stream_of(service)}")
        assert not await client.may_publish("$JS.API.STREAM.CREATE.OTHER")
    operator = await connect("operator")
    assert await stored(operator) == 1

    async def delete(js: JetStreamContext) -> bool:
        return await js.delete_stream(stream_of("registry"))

    assert await operator._connection.ask(delete)


@pytest.mark.parametrize("user", [*SERVICES, "gateway"])
async def test_nobody_touches_another_services_consumers(server: Server, connect: Connect, user: str) -> None:
    async with raw(server, user) as client:
        for durable, owner in DURABLES.items():
            for service in SERVICES:
                stream = stream_of(service)
                for subject in (
                    f"$JS.API.CONSUMER.CREATE.{stream}.{durable}",
                    f"$JS.API.CONSUMER.CREATE.{stream}.{durable}.changes.>",
                    f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}",
                    f"$JS.API.CONSUMER.DELETE.{stream}.{durable}",
                    f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
                    f"$JS.ACK.{stream}.{durable}.1.1.1.1.1",
                ):
                    assert owner == user or not await client.may_publish(subject), subject


async def test_what_the_gateway_has_delivered_into_a_stream_is_no_change_there(
    server: Server, connect: Connect
) -> None:
    """NATS does not check to whom a client has answers, and copies of messages, sent."""
    (subject,) = next(one.subjects for one in EVENTS.reactions if one.durable == "calendar")
    registry, consultations = stream_of("registry"), stream_of("consultations")
    seen = Seen()
    events = await connect("events")
    events.work("calendar", [subject], seen)
    await (await connect("registry")).publish(change_of(new_id("nte")))
    operator = await connect("operator")
    async with raw(server, "gateway") as client:
        wrong = subject.replace("*", "copied")
        config = {"name": "copier", "deliver_policy": "all", "ack_policy": "none"}
        asked = json.dumps({"stream_name": registry, "config": config}).encode()
        await client.client.request(f"$JS.API.CONSUMER.CREATE.{registry}.copier", asked, timeout=5)
        await client.client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{registry}.copier", b"1", reply=wrong)
        await client.client.publish(f"$JS.API.STREAM.INFO.{registry}", b"", reply=wrong)

        async def both_are_there() -> bool:
            return await stored(operator, consultations) == 2

        await comes_true(both_are_there)
    right = replace(change_of(new_id("nte"), service="consultations"), entity="consultation", verb="opened")
    await (await connect("consultations")).publish(right)
    assert [change.id for change in await seen.count(1)] == [right.id]
    # the answer is no change; the copy keeps the subject it had, which is not of this stream
    assert events.dead_letters == {"calendar": 1}
    assert await stored(operator, DEAD) == 1


@pytest.mark.parametrize("user", [*SERVICES, "gateway"])
async def test_nobody_listens_to_changes_past_jetstream(server: Server, user: str) -> None:
    async with raw(server, user) as client:
        for subject in ("changes.>", ">", "$JS.API.>", *(f"relay.{one}" for one in SERVICES if one != user)):
            assert not await client.may_subscribe(subject), subject


@pytest.mark.parametrize("url", ["nats://127.0.0.1", "nats://registry:wrong@127.0.0.1", "nats://nobody:p@127.0.0.1"])
async def test_without_a_password_nobody_comes_in(server: Server, url: str) -> None:
    async def quiet(_: Exception) -> None:
        pass

    with pytest.raises(NatsError):
        await nats.connect(f"{url}:{server.port}", error_cb=quiet, allow_reconnect=False, max_reconnect_attempts=1)


async def test_a_password_is_in_no_log(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await connect("registry")
    assert "connected to NATS" in caplog.text
    assert PASSWORDS["registry"] not in caplog.text
