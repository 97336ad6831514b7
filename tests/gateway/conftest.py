"""A system for what never comes near a store: on SQLite alone."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from deploy.embedded.nats import NatsServer
from gateway.settings import Http
from tests.system import System, system

type Towns = Callable[[Http], AbstractAsyncContextManager[System]]


@contextlib.asynccontextmanager
async def town_of(folder: Path, http: Http | None = None) -> AsyncIterator[System]:
    server = NatsServer(folder / "nats")
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        yield await stack.enter_async_context(system(folder, server.url, http=http))


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with town_of(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
def towns(tmp_path: Path) -> Towns:
    """Starts one with settings of its own."""
    return lambda http: town_of(tmp_path, http)
