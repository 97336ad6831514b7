"""The gateway's application: the GraphQL view, health, and the feed of changes from the bus."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Gauge

from gateway import graphiql
from gateway.bounds import Bounds
from gateway.cache.answers import Answers
from gateway.cache.entities import Entities
from gateway.cache.figures import CacheMetrics
from gateway.clients import Clients
from gateway.feed import Feed
from gateway.health import Health
from gateway.http.allowlist import allowed_operations
from gateway.http.cached import Cached
from gateway.http.handler import Handler
from gateway.http.origins import Origins
from gateway.http.persisted import Persisted
from gateway.http.server import not_found
from gateway.identity import Identity
from gateway.kinds import BY_COLLECTION, Kind
from gateway.metrics import Metrics
from gateway.observing import Observer
from gateway.operations import Operations
from gateway.pulse import Pulse
from gateway.replicas import connector
from gateway.schema.root import schema
from gateway.settings import SERVICES, Http, Settings
from gateway.siblings import Siblings, Written
from gateway.view import View
from shared.bus.nats import Bus, Watch
from shared.contracts.changes import Change
from shared.identity import Verifier
from shared.metrics import listening_aside
from shared.serving import Draining

FEED = web.AppKey("feed", Feed)
ENTITIES: web.AppKey[Entities | None] = web.AppKey("entities", object)  # type: ignore[arg-type]
ANSWERS: web.AppKey[Answers | None] = web.AppKey("answers", object)  # type: ignore[arg-type]


async def application(settings: Settings, draining: Draining | None = None) -> web.Application:
    """Ready to be run; what it opens is closed with it."""
    draining = draining or Draining()
    # settings that are wrong end it here, before anything is open
    operations = Operations(schema, settings.limits, introspection=settings.http.introspection)
    listed = allowed_operations(settings.http.allow_list, operations) if settings.http.allow_list else None
    if listed is not None:
        operations.allow_only(listed.values())
    persisted = Persisted(listed, automatic=settings.http.automatic_persisted)
    origins = _origins(settings.http)
    bus = await Bus.connect(settings.nats_url, name="gateway", replicas=settings.nats_replicas)
    session = aiohttp.ClientSession(connector=connector())
    clients = Clients(settings.services, session, settings.longest / 1000)
    feed = Feed()
    siblings = Siblings(settings.shared, settings.worker, settings.workers)
    followed: list[Watch] = []

    async def catch_up() -> None:
        await followed[0].caught_up()

    pulse = Pulse(catch_up)

    def trusted() -> bool:
        return followed[0].live and pulse.steady

    entities = kept_answers = None
    kept = settings.cache
    if kept.entities:
        entities = Entities(
            clients,
            kept.entities,
            stale_for=kept.stale,
            patience=kept.patience / 1000,
            live=trusted,
        )
        clients.written = _written(entities, siblings)
        kept_answers = Answers(entities, kept.answers) if kept.answers else None
    bounds = Bounds(schema, settings.limits, settings.shared)
    verifier = Verifier(settings.jwks_url, settings.issuer)
    identity = Identity(
        clients,
        feed,
        verifier,
        operations,
        bounds,
        entities,
        longest=settings.longest / 1000,
        proxies=settings.proxies,
    )
    observer = Observer(log_operations=settings.http.operation_log)
    levels = {"entities": entities, "answers": kept_answers}
    observer.registry.register(CacheMetrics({name: level.figures for name, level in levels.items() if level}))
    Gauge("jasne_feed_listeners", "Subscriptions to changes", registry=observer.registry).set_function(
        lambda: feed.listeners
    )
    breakers = Gauge("jasne_gateway_breaker", "0 closed, 1 half open, 2 open", ("service",), registry=observer.registry)
    for service, breaker in clients.transport.breakers.items():
        breakers.labels(service).set_function(breaker.measured)
    clients.transport.calls.register(observer.registry)
    observer.registry.register(bounds.refusals)
    measured = Metrics(observer.registry, bus, lambda: followed[0], trusted)
    view = View(identity, bounds, observer, draining, settings.http.body_max, settings.http.allowed_origins)
    handler = Handler(
        operations,
        persisted,
        identity,
        bounds,
        observer,
        origins,
        view,
        cached=Cached(kept_answers),
        batch_max=settings.http.batch_max,
        request_seconds=settings.http.request_seconds,
        graphiql=settings.http.graphiql,
        draining=draining,
    )

    async def seen(change: Change) -> None:
        # first the cache: who hears of a change must not read what was before it
        if entities is not None:
            entities.changed(change)
        await feed.publish(change)

    def gap() -> None:
        if entities is not None:
            entities.flush()

    def hear(written: Written) -> None:
        if entities is not None:
            entities.written(BY_COLLECTION[written.collection], written.id, written.told)

    async def metrics(_: web.Request) -> web.Response:
        told = await siblings.metrics(measured.text)
        return web.Response(body=told, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def bus_of(_: web.Application) -> AsyncIterator[None]:
        followed.append(bus.watch(SERVICES, seen, gap))
        beating = asyncio.create_task(pulse.run())
        async with siblings.listening(hear, measured.text), aside:
            yield
        beating.cancel()
        if entities is not None:
            entities.close()
        await bus.close()
        await session.close()

    health = Health(clients.transport.replicas, session, bus, verifier, draining).routes()
    watched = [*health, web.get("/metrics", metrics)]
    aside: contextlib.AbstractAsyncContextManager[None] = contextlib.nullcontext()
    if settings.metrics_port is not None:
        among_others = settings.shared is not None
        aside = listening_aside(settings.host, settings.metrics_port, watched, among_others=among_others)

    app = web.Application(client_max_size=settings.http.body_max)

    async def say_goodbye(_: web.Application | None = None) -> None:
        handler.streams.close()
        await view.close()

    app[FEED] = feed
    app[ENTITIES] = entities
    app[ANSWERS] = kept_answers
    draining.midway = say_goodbye
    app.on_shutdown.append(say_goodbye)
    app.router.add_route("*", "/graphql", handler.__call__)
    app.add_routes(
        [
            web.get("/", _to_graphql),
            *(watched if settings.metrics_port is None else health),
            *([web.get("/graphiql/{name}", graphiql.asset)] if settings.http.graphiql else []),
            web.route("*", "/{anything:.*}", not_found),
        ]
    )
    app.cleanup_ctx.append(bus_of)
    return app


def _origins(http: Http) -> Origins:
    try:
        return Origins(http.allowed_origins, credentials=http.allow_credentials)
    except ValueError as error:
        raise SystemExit(f"ALLOWED_ORIGINS: {error}") from None


async def _to_graphql(_: web.Request) -> web.Response:
    raise web.HTTPFound("/graphql")


def _written(entities: Entities, siblings: Siblings) -> Callable[[Kind, str, str | None], Awaitable[None]]:
    """What was written is forgotten by all workers of this machine before the client has its answer."""

    async def forget(kind: Kind, id_: str, told: str | None) -> None:
        entities.written(kind, id_, told)
        await siblings.tell(Written(kind.collection, id_, told))

    return forget
