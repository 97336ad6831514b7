"""Replicas come and go, told to or killed, under reads and writes: no request fails, none is lost or done twice."""

import asyncio
import os
import signal
from pathlib import Path

from tests.gateway.rolling import ADDRESSES, deployment, load, nothing_failed


async def test_registries_are_replaced_one_after_another(tmp_path: Path) -> None:
    async with deployment(tmp_path, services=3, gateways=1, drain=1) as one:
        async with load(one) as busy:
            await busy.more()
            for child in one.services:
                await child.stop()
                await busy.more()
                await child.start()
                await busy.more()
        await nothing_failed(busy)


async def test_registries_are_killed_in_a_storm_of_writes(tmp_path: Path) -> None:
    async with deployment(tmp_path, services=3, gateways=1) as one:
        async with load(one, clients=10) as busy:
            for child in (*one.services, *one.services):
                await busy.more()
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
                await busy.more()
                await child.start()
        await nothing_failed(busy)


async def test_gateways_are_replaced_behind_a_balancer(tmp_path: Path) -> None:
    async with deployment(tmp_path, services=2, gateways=2, drain=1) as one:
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
