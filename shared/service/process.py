"""A service as a process: its application, its store, its relay and consumers, from start to clean stop."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from shared import logs, tracing
from shared.bus.nats import Bus
from shared.bus.relay import COLLECTIONS, Relay
from shared.contracts.changes import Change
from shared.environment import BadUrl
from shared.identity import Verifier
from shared.metrics import listening_aside
from shared.service.deadline import keep_deadline
from shared.service.errors import answer_errors
from shared.service.health import Health
from shared.service.metrics import Metrics
from shared.service.requests import VIEWER, Handler
from shared.service.settings import Settings, from_environment
from shared.service.traced import trace
from shared.service.writing import REQUESTS, forget_requests
from shared.serving import Draining, Runner
from shared.stopping import until_stopped
from shared.store.opening import open_store
from shared.store.port import Collection, Store, StoreUnavailable

BODY_MAX = 16 * 1024 * 1024
DRAIN = 8.0
"""Seconds that requests at hand may take when the process is told to stop."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reaction:
    """What a service does on another's changes. `durable` names its place in their streams for ever."""

    durable: str
    subjects: tuple[str, ...]
    handle: Callable[[Store, Callable[[], None], Change], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    name: str
    collections: tuple[Collection[Any], ...]
    routes: Callable[[Store, Callable[[], None]], Iterable[web.RouteDef]]
    reactions: tuple[Reaction, ...] = ()


def application(
    service: Service, store: Store, relay: Relay, verifier: Verifier, metrics: Metrics, health: Iterable[web.RouteDef]
) -> web.Application:
    @web.middleware
    async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[VIEWER] = await verifier.viewer(request.headers.get("Authorization"))
        return await handler(request)

    app = web.Application(
        middlewares=[trace, metrics.measure, answer_errors, keep_deadline, authenticate], client_max_size=BODY_MAX
    )
    app.add_routes(service.routes(store, relay.wake))
    app.add_routes(health)
    return app


@contextlib.asynccontextmanager
async def running(service: Service, settings: Settings) -> AsyncIterator[int]:
    """Everything of the service up, until the block is left; then requests are drained before the store closes.

    Gives the port it listens on: the one that was asked for, or for port 0 the one it got.
    """
    opened = await open_store(settings.store_url, (*service.collections, REQUESTS, *COLLECTIONS))
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(opened.close)
        bus = await Bus.connect(settings.nats_url, name=service.name, replicas=settings.nats_replicas)
        stack.push_async_callback(bus.close)
        metrics = Metrics(service.name, opened, bus)
        store = metrics.store
        relay = Relay(store, bus, service=service.name)
        stack.push_async_callback(_cancelled, asyncio.create_task(relay.run(), name="relay"))
        stack.push_async_callback(_cancelled, asyncio.create_task(forget_requests(store), name="forget requests"))
        for reaction in service.reactions:
            bus.work(reaction.durable, reaction.subjects, partial(reaction.handle, store, relay.wake))
        verifier = Verifier(settings.jwks_url, settings.issuer)
        # once nobody asks any more; what they do is told before the relay ends
        stack.push_async_callback(bus.finish)
        draining = Draining(settings.drain_seconds)
        health = Health(service.name, store, bus, verifier, draining).routes()
        watched = [*health, web.get("/metrics", metrics.show)]
        if settings.metrics_port is not None:
            # up before the rest and down after it: it tells of the stop, too
            await stack.enter_async_context(listening_aside(settings.host, settings.metrics_port, watched))
        runner = Runner(
            application(service, store, relay, verifier, metrics, watched if settings.metrics_port is None else health),
            draining,
            shutdown_timeout=DRAIN,
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, settings.host, settings.port).start()
        yield runner.addresses[0][1]


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def main(service: Service) -> None:
    logs.begin(service.name)
    tracing.begin(service.name)
    settings = from_environment()

    async def serve() -> None:
        async with running(service, settings):
            log.info("listens on %s:%s", settings.host, settings.port)
            await until_stopped()

    try:
        asyncio.run(serve())
    except (OSError, StoreUnavailable, BadUrl) as error:
        raise SystemExit(f"{service.name}: {error}") from None
