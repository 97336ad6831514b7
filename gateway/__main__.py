"""`python -m gateway`: the gateway as a process; settings come from the environment."""

import asyncio
import logging

from aiohttp import web

from gateway.app import application
from gateway.http.server import Runner
from gateway.settings import from_environment
from shared import logs
from shared.stopping import until_stopped

log = logging.getLogger("gateway")


async def serve() -> None:
    settings = from_environment()
    # no access log: it would hold addresses of people and, in URLs, what they asked
    runner = Runner(await application(settings), access_log=None, shutdown_timeout=8.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        log.info("listens on %s:%s", settings.host, settings.port)
        await until_stopped()
    finally:
        await runner.cleanup()


def main() -> None:
    logs.begin("gateway")
    try:
        asyncio.run(serve())
    except OSError as error:
        raise SystemExit(f"gateway: {error}") from None


main()
