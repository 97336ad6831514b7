"""A real NATS server, a SQLite store and a bus for each test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from deploy.embedded.nats import NatsServer
from shared.bus.nats import Bus
from shared.bus.relay import Relay
from shared.store.opening import open_store
from shared.store.port import Store
from tests.shared.bus.samples import ALL

type Connect = Callable[[], Awaitable[Bus]]
type Run = Callable[[Store, Bus], Relay]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    server = NatsServer(tmp_path / "nats")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def store_url(tmp_path: Path) -> str:
    return f"sqlite://{tmp_path}/store.db"


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = await open_store(store_url, ALL)
    yield store
    await store.close()


@pytest.fixture
async def connect(server: NatsServer) -> AsyncIterator[Connect]:
    """Another bus, as another process has it."""
    made: list[Bus] = []

    async def connect() -> Bus:
        bus = await Bus.connect(server.url, name="test")
        made.append(bus)
        return bus

    yield connect
    for bus in made:
        await bus.close()


@pytest.fixture
async def bus(connect: Connect) -> Bus:
    bus = await connect()
    async with asyncio.timeout(10):
        await bus.connected.wait()
    return bus


@pytest.fixture
async def relay(store: Store) -> AsyncIterator[Run]:
    """Run a relay for as long as the test runs. (Asks for the store, so that it ends before the store is closed.)"""
    running: list[asyncio.Task[None]] = []

    def run(store: Store, bus: Bus) -> Relay:
        relay = Relay(store, bus, service="registry")
        running.append(asyncio.create_task(relay.run()))
        return relay

    yield run
    for task in running:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
