import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator

from aiohttp import web


@contextlib.asynccontextmanager
async def answering(status: int) -> AsyncIterator[int]:
    async def live(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.add_routes([web.get("/live", live)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def health(**settings: str) -> int:
    bare = {name: value for name, value in os.environ.items() if name not in ("PORT", "METRICS_PORT")}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "shared.health", env=bare | settings)
    return await process.wait()


async def test_a_process_that_answers_lives() -> None:
    async with answering(200) as port:
        assert await health(PORT=str(port)) == 0


async def test_it_is_asked_where_figures_are_if_they_have_a_port_of_their_own() -> None:
    async with answering(200) as inner, answering(404) as outer:
        assert await health(PORT=str(outer), METRICS_PORT=str(inner)) == 0
        assert await health(PORT=str(inner), METRICS_PORT=str(outer)) == 1


async def test_nobody_there_is_not_alive() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        assert await health(PORT=str(taken.getsockname()[1])) == 1
