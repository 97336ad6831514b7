"""Requests that never arrive whole keep no connection open."""

import asyncio

import aiohttp
from aiohttp import web

from gateway.http import parameters
from gateway.http.server import Runner
from gateway.settings import Http
from tests.gateway.faulty import gateway_behind_proxies
from tests.system import System

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def served(seconds: float) -> tuple[Runner, int]:
    async def answer(request: web.Request) -> web.Response:
        await parameters.body(request, 5)
        # longer than a request may take to arrive
        await asyncio.sleep(seconds * 3)
        return web.Response(text="done")

    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = Runner(app, request_seconds=seconds)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


async def test_headers_that_do_not_arrive_whole_end_the_connection() -> None:
    runner, port = await served(0.1)
    try:
        for sent in (b"", b"GET / HTTP/1.1\r\nHost", WHOLE + b"GE"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            said = b""
            if sent.startswith(WHOLE):
                said = await asyncio.wait_for(reader.readuntil(b"done"), 5)
                writer.write(b"T /")
            # bytes one by one are not patience won
            for _ in range(3):
                await asyncio.sleep(0.01)
                writer.write(b"x")
            said += await asyncio.wait_for(reader.read(), 5)
            assert said.count(b"done") == sent.count(WHOLE)
            writer.close()
    finally:
        await runner.cleanup()


async def test_a_connection_that_is_quiet_between_requests_stays_open() -> None:
    runner, port = await served(0.1)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(WHOLE)
            assert await asyncio.wait_for(reader.readuntil(b"done"), 5)
            await asyncio.sleep(0.3)
        writer.close()
    finally:
        await runner.cleanup()


async def test_a_body_that_does_not_arrive_is_told_so_and_the_connection_ends(town: System) -> None:
    async with gateway_behind_proxies(town, http=Http(request_seconds=1)) as (url, _):
        port = int(url.rpartition(":")[2].partition("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
        said = await asyncio.wait_for(reader.read(), 15)
        writer.close()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"REQUEST_SECONDS" in said
    assert aiohttp.hdrs.CONNECTION.encode() + b": close" in said
