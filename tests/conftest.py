"""Fixtures of the whole system, shared by the suites that need it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.nats import NatsServer
from tests.system import System, system


@pytest.fixture(scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """NATS, all services and the gateway, empty; tests of one module share them and use ids of their own."""
    folder: Path = tmp_path_factory.mktemp("city")
    server = NatsServer(folder / "nats")
    await server.start()
    async with system(folder, server.url) as running:
        yield running
    await server.stop()
