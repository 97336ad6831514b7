"""One city behind three gateways: two replicas with their caches, and one that remembers nothing."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from deploy.embedded.nats import NatsServer
from gateway.settings import Cache
from tests.gateway.cache.gateways import Replica, gateway
from tests.system import system


@dataclass
class Replicas:
    near: Replica
    """Through which is written."""
    far: Replica
    plain: Replica
    nats: NatsServer


@pytest.fixture(scope="module")
async def replicas(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Replicas]:
    folder = tmp_path_factory.mktemp("city")
    nats = NatsServer(folder / "nats")
    await nats.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(nats.stop)
        city = await stack.enter_async_context(system(folder, nats.url))
        near = await stack.enter_async_context(gateway(city, nats.url))
        far = await stack.enter_async_context(gateway(city, nats.url))
        plain = await stack.enter_async_context(gateway(city, nats.url, cache=Cache(entities=0, answers=0)))
        yield Replicas(near, far, plain, nats)
