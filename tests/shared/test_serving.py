"""A server that is told to stop cuts nobody off: neither those who ask, nor those who still come."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from shared.serving import Draining, Runner

type Serve = Callable[[Draining], Awaitable[tuple[Runner, str]]]


@pytest.fixture
def held() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def serve(held: asyncio.Event) -> AsyncIterator[Serve]:
    runners: list[Runner] = []

    async def slow(_: web.Request) -> web.Response:
        await held.wait()
        return web.Response(text="slow")

    async def serve(draining: Draining) -> tuple[Runner, str]:
        async def ready(_: web.Request) -> web.Response:
            return web.Response(status=503 if draining.begun else 200)

        app = web.Application()
        app.add_routes([web.get("/ready", ready), web.get("/slow", slow)])
        runner = Runner(app, draining, shutdown_timeout=5)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield serve
    held.set()
    for runner in runners:
        await runner.cleanup()


async def asked(session: aiohttp.ClientSession, url: str) -> tuple[int, bool]:
    """The status, and whether the connection may be used again."""
    async with session.get(url) as answer:
        return answer.status, answer.headers.get("Connection") != "close"


async def test_while_it_drains_all_are_answered_and_told_to_close(serve: Serve) -> None:
    draining = Draining(0.5)
    runner, url = await serve(draining)
    async with aiohttp.ClientSession() as session, aiohttp.ClientSession() as another:
        assert await asked(session, f"{url}/ready") == (200, True)
        ending = asyncio.create_task(runner.cleanup())
        await asyncio.sleep(0)
        # on the connection that is open, and on a new one
        assert await asked(session, f"{url}/ready") == (503, False)
        assert await asked(another, f"{url}/ready") == (503, False)
        assert not ending.done()
        await ending
        with pytest.raises(aiohttp.ClientConnectorError):
            await asked(session, f"{url}/ready")


@pytest.mark.parametrize("seconds", [0.0, 0.2])
async def test_a_request_at_hand_is_answered_after_the_door_is_closed(
    serve: Serve, held: asyncio.Event, seconds: float
) -> None:
    runner, url = await serve(Draining(seconds))
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        asking = asyncio.create_task(asked(session, f"{url}/slow"))
        while runner.server is None or not runner.server.requests_count:
            await asyncio.sleep(0)
        ending = asyncio.create_task(runner.cleanup())
        async with asyncio.timeout(5):
            while not refused(port):
                await asyncio.sleep(0.01)
        held.set()
        assert await asking == (200, False)
        await ending


def refused(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) != 0


async def test_a_goodbye_that_hangs_holds_up_nobody(serve: Serve) -> None:
    draining = Draining(0.2)
    begun = asyncio.Event()

    async def hangs() -> None:
        begun.set()
        await asyncio.Event().wait()

    draining.midway = hangs
    runner, _ = await serve(draining)
    async with asyncio.timeout(5):
        await runner.cleanup()
    assert begun.is_set()
