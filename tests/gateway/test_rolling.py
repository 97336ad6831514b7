"""Replicas come and go, told to or killed, under reads and writes: no request fails, none is lost or done twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.children import Child
from tests.gateway.rolling import ADDRESSES, Deployment, deployment, load, nothing_failed


@pytest.fixture(scope="module")
async def one(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    async with deployment(tmp_path_factory.mktemp("rolling"), services=3, gateways=2, drain=1) as one:
        yield one


async def test_registries_are_replaced_one_after_another(one: Deployment) -> None:
    async with load(one) as busy:
        for child in one.services:
            await busy.more()
            await child.stop()
            await busy.more()
            await child.start()
    await nothing_failed(busy)


async def test_registries_are_killed_in_a_storm_of_writes(one: Deployment) -> None:
    async def killed(child: Child) -> None:
        await busy.more()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        await busy.more()

    async with load(one, clients=10) as busy:
        await killed(one.services[0])
        # one is left, while the first comes back
        back = asyncio.create_task(one.services[0].start())
        await killed(one.services[1])
        await back
        await killed(one.services[2])
        await asyncio.gather(*(child.start() for child in one.services[1:]))
    await nothing_failed(busy)


async def test_gateways_are_replaced_behind_a_balancer(one: Deployment) -> None:
    async with load(one) as busy:
        for address, child in zip(ADDRESSES, one.gateways, strict=False):
            await busy.more()
            await child.stop()
            await busy.more()
            await child.start()
            async with asyncio.timeout(10):
                while address in busy.away:
                    await asyncio.sleep(0.01)
    await nothing_failed(busy)
