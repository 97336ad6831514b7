"""The floor: an aiohttp handler that reads the body and sends ready bytes, which are put there with PUT."""

import asyncio

from aiohttp import web

from shared.environment import number
from shared.stopping import until_stopped


async def serve() -> None:
    ready = b""

    async def take(request: web.Request) -> web.Response:
        nonlocal ready
        ready = await request.read()
        return web.Response()

    async def send(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=ready, content_type="application/json")

    async def up(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.add_routes([web.get("/ready", up), web.put("/graphql", take), web.post("/graphql", send)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", number("PORT")).start()
    await until_stopped()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
