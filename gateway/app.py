"""The gateway's application: the GraphQL view, health, and the feed of changes from the bus."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import msgspec
from aiohttp import web

from gateway import graphiql
from gateway.cache.entities import Entities
from gateway.clients import Clients
from gateway.feed import Feed
from gateway.settings import SERVICES, Settings
from gateway.view import View
from shared.bus.nats import Bus, Watch
from shared.contracts.changes import Change
from shared.identity import Verifier

BODY_MAX = 1024 * 1024
FEED = web.AppKey("feed", Feed)
ENTITIES: web.AppKey[Entities | None] = web.AppKey("entities", object)  # type: ignore[arg-type]


async def application(settings: Settings) -> web.Application:
    """Ready to be run; what it opens is closed with it."""
    # connections are counted per service: one that hangs must not use up those to the others
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, limit_per_host=100))
    clients = Clients(settings.services, session)
    feed = Feed()
    followed: list[Watch] = []
    entities = None
    if settings.cache_entities:
        entities = Entities(
            clients, settings.cache_entities, stale_for=settings.cache_stale, live=lambda: followed[0].live
        )
        clients.written = entities.written
    bus = await Bus.connect(settings.nats_url, name="gateway")
    verifier = Verifier(settings.jwks_url, settings.issuer)
    view = View(clients, feed, verifier, entities)

    async def seen(change: Change) -> None:
        # first the cache: who hears of a change must not read what was before it
        if entities is not None:
            entities.changed(change)
        await feed.publish(change)

    def gap() -> None:
        if entities is not None:
            entities.flush()

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"service": "gateway"})

    async def ready(_: web.Request) -> web.Response:
        """Ready as soon as it can answer; a service that is away costs only its own fields."""
        states = dict(
            zip(
                SERVICES,
                await asyncio.gather(*(_state(url, session) for url in settings.services.values())),
                strict=True,
            )
        )
        states["bus"] = "ok" if bus.connected.is_set() else "away"
        return web.Response(body=msgspec.json.encode(states), content_type="application/json")

    async def bus_of(_: web.Application) -> AsyncIterator[None]:
        followed.append(bus.watch(SERVICES, seen, gap))
        yield
        if entities is not None:
            entities.close()
        await bus.close()
        await session.close()

    app = web.Application(client_max_size=BODY_MAX)

    async def close_sockets(_: web.Application) -> None:
        await view.close()

    app[FEED] = feed
    app[ENTITIES] = entities
    app.on_shutdown.append(close_sockets)
    app.router.add_route("*", "/graphql", view.__call__)
    app.add_routes(
        [
            web.get("/", _to_graphql),
            web.get("/live", live),
            web.get("/ready", ready),
            web.get("/graphiql/{name}", graphiql.asset),
        ]
    )
    app.cleanup_ctx.append(bus_of)
    return app


async def _to_graphql(_: web.Request) -> web.Response:
    raise web.HTTPFound("/graphql")


async def _state(url: str, session: aiohttp.ClientSession) -> str:
    try:
        async with session.get(f"{url}/ready", timeout=aiohttp.ClientTimeout(total=2)) as answer:
            return "ok" if answer.status == 200 else "away"
    except (aiohttp.ClientError, TimeoutError):
        return "away"
