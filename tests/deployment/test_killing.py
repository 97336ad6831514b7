"""Whatever is killed comes back by itself, and what was acknowledged before, meanwhile or after is there once."""

import asyncio

import aiohttp
import pytest

from shared.ids import new_id
from tests.deployment.finding import all_in_calendar, an_organizer, each_once
from tests.deployment.load import OPEN, consultation
from tests.deployment.running import PATIENCE, ask, until
from tests.deployment.stack import Stack

WRITES = 40


async def open_for_sure(stack: Stack, session: aiohttp.ClientSession, title: str, organizer: str, token: str) -> str:
    """As a careful client does: the same request with the same key until it is acknowledged."""
    variables = {"input": consultation(title, organizer), "key": new_id("key")}
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                answer = await ask(stack, session, OPEN, variables, token)
            except (aiohttp.ClientError, TimeoutError):
                answer = {"errors": "none came"}
            if "errors" not in answer:
                assert answer["data"]["written"]["errors"] == []
                id_: str = answer["data"]["written"]["entity"]["id"]
                return id_
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("victim", ["consultations", "events", "nats", "mongo", "gateway"])
async def test_what_is_killed_comes_back_and_loses_and_doubles_nothing(stack: Stack, victim: str) -> None:
    prefix, organizer = f"Awaria {victim}", await an_organizer(stack)
    token = stack.token("official", "resident")
    titles = iter(f"{prefix} {number:03}" for number in range(WRITES))
    acknowledged = dict[str, str]()
    container = stack.container(victim)
    began = container.attrs["State"]["StartedAt"]

    async def official(session: aiohttp.ClientSession) -> None:
        for title in titles:
            acknowledged[title] = await open_for_sure(stack, session, title, organizer, token)

    async def killer() -> None:
        await until(lambda: _at_least(acknowledged, WRITES // 4), PATIENCE)
        await asyncio.to_thread(stack.kill, container)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
        await asyncio.gather(killer(), *(official(session) for _ in range(4)))
    await stack.until_healthy_again(container)
    assert container.attrs["State"]["StartedAt"] != began
    await each_once(stack, "open", prefix, acknowledged)
    # over the bus to another service, though that was killed, or the bus
    await until(lambda: all_in_calendar(stack, acknowledged.values()), PATIENCE)


async def _at_least(acknowledged: dict[str, str], count: int) -> bool:
    return len(acknowledged) >= count
