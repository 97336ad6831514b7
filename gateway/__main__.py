"""`python -m gateway`: the gateway as a process; settings come from the environment."""

import asyncio
import logging

from aiohttp import web

from gateway import workers
from gateway.app import application
from gateway.http.server import Runner
from gateway.settings import Settings, from_environment
from gateway.workers import WorkersFailed, until_parent_ends
from shared import logs, tracing
from shared.environment import BadUrl
from shared.serving import Draining
from shared.stopping import until_stopped

log = logging.getLogger("gateway")


async def serve(settings: Settings) -> None:
    draining = Draining(settings.drain_seconds)
    runner = Runner(
        await application(settings, draining),
        draining,
        request_seconds=settings.http.request_seconds,
        shutdown_timeout=8.0,
    )
    await runner.setup()
    try:
        among_others = settings.shared is not None
        await web.TCPSite(runner, settings.host, settings.port, reuse_port=among_others or None).start()
        log.info("listens on %s:%s", settings.host, settings.port)
        stops = [asyncio.create_task(until_stopped())]
        if among_others:
            stops.append(asyncio.create_task(until_parent_ends()))
        await asyncio.wait(stops, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await runner.cleanup()


async def _several(settings: Settings) -> None:
    ports = [settings.port] + ([settings.metrics_port] if settings.metrics_port else [])
    await workers.run(settings.workers, settings.host, ports, settings.worker_hang, settings.drain_seconds)


def main() -> None:
    logs.begin("gateway")
    settings = from_environment()
    several = settings.workers > 1 and settings.shared is None
    if not several:
        tracing.begin("gateway")
    try:
        asyncio.run(_several(settings) if several else serve(settings))
    except (OSError, WorkersFailed, BadUrl) as error:
        raise SystemExit(f"gateway: {error}") from None


main()
