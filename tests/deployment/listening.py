"""A subscriber, as a web client is: told of changes over a WebSocket, and back at once when that is closed."""

import asyncio
import contextlib
import itertools
from typing import Self

import aiohttp

from tests.deployment.load import SUBMIT, submission
from tests.deployment.running import PATIENCE, Running, ask

SUBSCRIBE = 'subscription { changes(filter: { services: ["registry"], verbs: ["submitted"] }) { entityId } }'
WAITS = 2.0
"""Seconds in which a subscriber is told. A write that came before it was one is not told, and made again."""


class Listener:
    def __init__(self, system: Running, name: str) -> None:
        self._system = system
        self._names = (f"{name} {number}" for number in itertools.count())
        self._session = aiohttp.ClientSession()
        self._heard: set[str] = set()
        self._news = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self.connections = 0
        """How many it had, one after the other."""
        self.refused: list[str] = []
        """Whenever it was not let in, or told that something failed."""

    async def __aenter__(self) -> Self:
        self._following = asyncio.create_task(self._follow())
        await self.hears_of_a_write()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._following is not None
        self._following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._following
        await self._session.close()

    async def hears_of_a_write(self) -> None:
        """Raises TimeoutError."""
        token = await asyncio.to_thread(self._system.token, "official", "resident")
        async with asyncio.timeout(PATIENCE):
            while True:
                variables = {"input": submission(next(self._names))}
                answer = await ask(self._system, self._session, SUBMIT, variables, token)
                id_ = answer["data"]["written"]["entity"]["id"]
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(WAITS):
                        while id_ not in self._heard:
                            self._news.clear()
                            await self._news.wait()
                        return

    async def _follow(self) -> None:
        while True:
            try:
                async with self._session.ws_connect(self._system.graphql, protocols=["graphql-transport-ws"]) as socket:
                    self.connections += 1
                    await self._listen(socket)
            except aiohttp.ClientError as error:
                self.refused.append(repr(error))
                await asyncio.sleep(0.2)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until it is closed."""
        await socket.send_json({"type": "connection_init", "payload": {}})
        async for message in socket:
            told = message.json()
            match told["type"]:
                case "connection_ack":
                    await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIBE}})
                case "next" if "errors" not in told["payload"]:
                    self._heard.add(told["payload"]["data"]["changes"]["entityId"])
                    self._news.set()
                case "ping":
                    await socket.send_json({"type": "pong"})
                case "complete":
                    return
                case _:
                    self.refused.append(str(told))
