"""A gateway, and what the ecosystem has to say of it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from deploy.embedded.nats import NatsServer
from tests.gateway.conformance.node import Script, installed
from tests.system import System, system


@pytest.fixture(scope="session")
def packages() -> None:
    installed()


@pytest.fixture(scope="module")
async def town(packages: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """The whole system on SQLite alone: what is tested here never comes near a store."""
    folder = tmp_path_factory.mktemp("town")
    server = NatsServer(folder / "nats")
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        yield await stack.enter_async_context(system(folder, server.url))


@pytest.fixture
async def script(packages: None) -> AsyncIterator[Callable[..., Awaitable[Script]]]:
    """Starts scripts, which do not outlive the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(name: str, *arguments: str) -> Script:
            started = await Script.started(name, *arguments)
            stack.push_async_callback(started.end)
            return started

        yield start
