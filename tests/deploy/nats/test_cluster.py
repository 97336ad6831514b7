"""The three servers of deploy/kubernetes: a change that was acknowledged survives the loss of any one of them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus.connection import DEAD, stream_of
from shared.bus.nats import SERVICES, Bus, BusUnavailable
from shared.ids import new_id
from tests.deploy.nats.servers import Server, three
from tests.shared.bus.samples import Seen, change_of, comes_true


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[list[Server]]:
    servers = three(tmp_path)
    for server in servers:
        await server.start()
    for server in servers:
        await server.healthy()
    yield servers
    for server in servers:
        await server.end()


def urls(servers: list[Server], user: str) -> str:
    return ",".join(server.url(user) for server in servers)


async def leader_of(bus: Bus, stream: str) -> str:
    info = await bus._connection.ask(lambda js: js.stream_info(stream))
    assert info.cluster is not None
    assert info.cluster.leader is not None
    return info.cluster.leader


async def test_the_streams_have_three_replicas_and_losing_their_leader_loses_no_change(servers: list[Server]) -> None:
    publisher = await Bus.connect(urls(servers, "registry"), name="registry", replicas=3)
    watcher = await Bus.connect(urls(servers[::-1], "gateway"), name="gateway", replicas=3)
    operator = await Bus.connect(urls(servers, "operator"), name="operator", replicas=3)
    try:
        async with asyncio.timeout(20):
            for bus in (publisher, watcher, operator):
                await bus.connected.wait()
        for name in (*(stream_of(service) for service in SERVICES), DEAD):
            info = await operator._connection.ask(lambda js, name=name: js.stream_info(name))  # type: ignore[misc]
            assert info.config.num_replicas == 3
        seen = Seen()
        watch = watcher.watch(("registry",), seen, lambda: None)
        async with asyncio.timeout(10):
            await watch.ready()

        leader = await leader_of(operator, stream_of("registry"))
        lost = servers[int(leader.removeprefix("nats-"))]
        acknowledged: list[str] = []
        half = asyncio.Event()

        async def publish_until_taken() -> None:
            entity = new_id("nte")
            for version in range(1, 21):
                change = change_of(entity, version)
                while True:  # as the relay does
                    try:
                        await publisher.publish(change)
                        break
                    except BusUnavailable:
                        await asyncio.sleep(0.1)
                acknowledged.append(change.id)
                if len(acknowledged) == 40:
                    half.set()

        async def lose_the_leader() -> None:
            await half.wait()
            await lost.end()

        async with asyncio.timeout(30):
            await asyncio.gather(lose_the_leader(), *(publish_until_taken() for _ in range(5)))
        assert len(acknowledged) == 100
        # a watch may show a change again, and never leaves one out
        await seen.until(lambda changes: {change.id for change in changes} >= set(acknowledged), 30)

        await lost.start()
        await lost.healthy()
        alone = await Bus.connect(lost.url("operator"), name="operator", replicas=3)
        try:
            async with asyncio.timeout(20):
                await alone.connected.wait()

            async def has_all() -> bool:
                # in its first moments it may answer for itself, before it has caught up
                info = await alone._connection.ask(lambda js: js.stream_info(stream_of("registry")))
                return info.state.messages == len(set(acknowledged))

            await comes_true(has_all, 20)
        finally:
            await alone.close()
    finally:
        for bus in (publisher, watcher, operator):
            await bus.close()
