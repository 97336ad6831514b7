"""The HTTP server of a process that may be replaced at any moment, without one request cut off.

Told to stop, it drains before it closes: whoever balances sees 503 at /ready and sends new clients elsewhere, while all
who still come are answered, each with `Connection: close`, so that no client finds its connection closed under a
request. Connections also end after some age: a replica that is added later gets its part of them.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

AGE = (10.0, 15.0)
"""Seconds after which a connection ends with its next answer; drawn anew for each, so that they do not end in step."""


class Draining:
    """`begun` once the process was told to stop; it then goes on for `seconds`.

    `midway` is awaited when half of that is over: whoever is sent to another replica then finds one, for by then those
    who balance have noticed.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.begun = False
        self.midway: Callable[[], Awaitable[None]] | None = None

    async def run(self) -> None:
        self.begun = True
        if self.seconds:
            await asyncio.sleep(self.seconds / 2)
            end = asyncio.get_running_loop().time() + self.seconds / 2
            if self.midway is not None:
                # one who does not answer holds up nobody
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(end):
                        await self.midway()
            await asyncio.sleep(end - asyncio.get_running_loop().time())


class Runner(web.AppRunner):
    """An AppRunner whose `cleanup` drains first. There is no access log: it would hold addresses of people and,
    in URLs, what they asked."""

    def __init__(self, app: web.Application, draining: Draining | None = None, **more: Any) -> None:
        super().__init__(app, access_log=None, **more)
        self._draining = draining or Draining()

    async def cleanup(self) -> None:
        await self._draining.run()
        await super().cleanup()

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        # aiohttp has no other way to choose the class of its connections
        server = _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            loop=made._loop,  # noqa: SLF001
            **made._kwargs,  # noqa: SLF001
        )
        server.connected = self._connection()
        return server

    def _connection(self) -> Callable[..., RequestHandler]:
        return partial(Connection, self._draining)


class _Server(web.Server):
    connected: Callable[..., RequestHandler]

    def __call__(self) -> RequestHandler:
        return self.connected(self, loop=self._loop, **self._kwargs)


class Connection(RequestHandler):
    __slots__ = ("_draining", "_old_at")

    def __init__(self, draining: Draining, server: web.Server, **more: Any) -> None:
        super().__init__(server, **more)
        self._draining = draining
        self._old_at = self._loop.time() + random.uniform(*AGE)  # noqa: S311 - no secret

    # not `async` itself: this is on the way of every answer
    def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> Coroutine[Any, Any, tuple[web.StreamResponse, bool]]:
        # `_close` is set when the server closes: what is still at hand then is the last of its connection, too
        if self._draining.begun or self._close or self._loop.time() >= self._old_at:
            _end_with(resp)
        return super().finish_response(request, resp, start_time)


def _end_with(answer: web.StreamResponse) -> None:
    # what has begun already, a stream or a WebSocket, has told its headers
    if isinstance(answer, web.StreamResponse) and not answer.prepared:
        answer.force_close()
