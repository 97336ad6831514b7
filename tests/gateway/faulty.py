"""A proxy before a real service that can be told to fail in the ways services fail."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from deploy.embedded.keys import ISSUER
from gateway import app as gateway_app
from gateway.http.server import Runner
from gateway.settings import SERVICES, Settings
from tests.system import System

type Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
"""Answers instead of the service, or lets it answer."""


@dataclass
class Proxy:
    to: str
    session: aiohttp.ClientSession
    fault: Fault | None = None
    asked: list[web.Request] = field(default_factory=list)
    """Every request that arrived, faulty or not."""
    freed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to let go what hangs."""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        body = await request.read()
        if self.fault is not None and (answer := await self.fault(request)) is not None:
            return answer
        async with self.session.post(f"{self.to}{request.path}", data=body, headers=request.headers) as answered:
            return web.Response(body=await answered.read(), status=answered.status, content_type="application/json")

    async def hangs(self, _: web.Request) -> None:
        await self.freed.wait()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """The connection is cut without an answer, as by a process that is killed."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def talks_nonsense(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>maintenance</html>", content_type="text/html")


async def is_replaced(_: web.Request) -> web.StreamResponse:
    return web.Response(status=503, text="no upstream")


def once(fault: Fault) -> Fault:
    left = [fault]

    async def first_only(request: web.Request) -> web.StreamResponse | None:
        return await left.pop()(request) if left else None

    return first_only


@contextlib.asynccontextmanager
async def gateway_behind_proxies(city: System, **more: Any) -> AsyncIterator[tuple[str, dict[str, Proxy]]]:
    """A gateway of its own on the city's services, and the proxies between, by the service's name."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))
        proxies = {name: Proxy(city.urls[name], session) for name in SERVICES}
        urls = {name: await _served(stack, proxy) for name, proxy in proxies.items()}
        settings = Settings("127.0.0.1", 0, urls, city.nats_url, city.keys.jwks_url, ISSUER, **more)
        runner = Runner(await gateway_app.application(settings))
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/graphql", proxies
        for proxy in proxies.values():
            proxy.freed.set()


async def _served(stack: contextlib.AsyncExitStack, proxy: Proxy) -> str:
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", proxy.__call__)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
