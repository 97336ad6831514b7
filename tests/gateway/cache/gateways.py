"""More gateways over the services of a system: replicas with a cache, and one without, which is always right."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from typing import Any

from aiohttp import web

from deploy.embedded.keys import ISSUER
from gateway import app as gateway_app
from gateway.cache.answers import Answers
from gateway.cache.entities import Entities
from gateway.limits.settings import Limits
from gateway.settings import Settings
from tests.system import System

UNLIMITED = Limits(*(10**9 for _ in fields(Limits)))
"""What reads everything at once is more than a client may ask."""


@dataclass
class Replica(System):
    entities: Entities | None = None
    answers: Answers | None = None


@contextlib.asynccontextmanager
async def gateway(city: System, nats_url: str, **more: Any) -> AsyncIterator[Replica]:
    settings = Settings("127.0.0.1", 0, city.urls, nats_url, city.keys.jwks_url, ISSUER, limits=UNLIMITED, **more)
    app = await gateway_app.application(settings)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/graphql"
        replica = Replica(city.urls, url, city.keys, city.session, app[gateway_app.FEED], nats_url)
        replica.entities, replica.answers = app[gateway_app.ENTITIES], app[gateway_app.ANSWERS]
        if (entities := replica.entities) is not None:
            await live(entities)
        yield replica
    finally:
        await runner.cleanup()


async def live(entities: Entities) -> None:
    async with asyncio.timeout(10):
        while not entities.look():
            await asyncio.sleep(0.01)
