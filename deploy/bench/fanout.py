"""A thousand subscribers over WebSocket, and changes that all of them shall see."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp

from deploy.bench.load import cpu, memory
from deploy.bench.operations import MUTATION, SUBSCRIPTION, submissions

SUBSCRIBERS = 1_000
CHANGES = 10


@dataclass(frozen=True)
class Fanout:
    """Milliseconds and MiB; `seen` is from the mutation's answer until the last subscriber has the change."""

    subscribers: int
    cpu: float
    """CPU of the server for each message that was delivered."""
    p50: float
    p99: float
    memory: float


async def fan_out(url: str, write_to: str, pids: Callable[[], Sequence[int]], token: str) -> Fanout:
    """Subscribes at `url`; the changes are made at `write_to`."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        sockets = [await _subscribed(stack, session, url) for _ in range(SUBSCRIBERS)]
        # the subscription has no answer of its own: the first change tells that it is there
        while not await _arrives(sockets, session, write_to, token, 5.0):
            pass
        took: list[float] = []
        before = sum(map(cpu, pids()))
        for _ in range(CHANGES):
            arrived = await _arrives(sockets, session, write_to, token, 30.0)
            if not arrived:
                raise RuntimeError(f"{url}: a change did not reach all subscribers")
            took += arrived
        spent = sum(map(cpu, pids())) - before
        took.sort()
        return Fanout(
            subscribers=SUBSCRIBERS,
            cpu=spent * 1000 / len(took),
            p50=took[len(took) // 2],
            p99=took[int(len(took) * 0.99)],
            memory=max(map(memory, pids())),
        )


async def _subscribed(stack: AsyncExitStack, session: aiohttp.ClientSession, url: str) -> Any:
    socket = await stack.enter_async_context(session.ws_connect(url, protocols=("graphql-transport-ws",)))
    await socket.send_json({"type": "connection_init"})
    await socket.receive_json()
    await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": SUBSCRIPTION}})
    return socket


async def _arrives(
    sockets: Sequence[Any], session: aiohttp.ClientSession, url: str, token: str, patience: float
) -> list[float]:
    """Make one change: the milliseconds after which each subscriber had it; none where not all did."""
    began = time.perf_counter()
    body = next(submissions())
    async with session.post(url, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        written = await answer.json(content_type=None)
        if "errors" in written or written["data"]["submitOrganization"]["errors"]:
            raise RuntimeError(f"{MUTATION}: {written}")
    id_ = written["data"]["submitOrganization"]["organization"]["id"]

    async def sees(socket: Any) -> float:
        while True:
            message = await socket.receive_json()
            if message["type"] == "next" and message["payload"]["data"]["changes"]["entityId"] == id_:
                return (time.perf_counter() - began) * 1000

    try:
        async with asyncio.timeout(patience):
            return list(await asyncio.gather(*map(sees, sockets)))
    except TimeoutError:
        return []
