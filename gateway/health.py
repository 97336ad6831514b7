"""What an orchestrator, or a balancer, asks of a gateway: is it alive, and should it be given requests."""

import asyncio
from collections.abc import Mapping
from time import monotonic

import aiohttp
import msgspec
from aiohttp import web

from gateway.replicas import Replicas
from shared.bus.nats import Bus
from shared.identity import Verifier
from shared.serving import Draining

PATIENCE = 2.0
"""Seconds that each dependency has to answer; they are asked at the same time. A probe should wait for 3."""
KNOWN = 1.0
"""Seconds for which what was heard is told again: balancers ask often, and each time all services would be asked."""


class Health:
    def __init__(
        self,
        services: Mapping[str, Replicas],
        session: aiohttp.ClientSession,
        bus: Bus,
        verifier: Verifier,
        draining: Draining,
    ) -> None:
        self._services = services
        self._session = session
        self._bus = bus
        self._verifier = verifier
        self._draining = draining
        self._asking: asyncio.Task[dict[str, str]] | None = None
        self._asked_at = 0.0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/live", self.live), web.get("/ready", self.ready)]

    async def live(self, _: web.Request) -> web.Response:
        return web.json_response({"service": "gateway"})

    async def ready(self, _: web.Request) -> web.Response:
        """Ready as soon as it can answer, whoever else is away, until it is about to end: a service that is away costs
        only its own fields, without the bus nothing is kept for long, and without keys visitors are answered, who are
        most. All is told."""
        if self._draining.begun:
            return web.json_response({"draining": True}, status=503)
        if self._asking is None or (self._asking.done() and monotonic() - self._asked_at > KNOWN):
            self._asked_at = monotonic()
            self._asking = asyncio.create_task(self._states())
        states = await asyncio.shield(self._asking)
        return web.Response(body=msgspec.json.encode(states), content_type="application/json")

    async def _states(self) -> dict[str, str]:
        keys, *others = await asyncio.gather(self._keys(), *(self._state(one) for one in self._services.values()))
        bus = "ok" if self._bus.connected.is_set() else "away"
        return dict(zip(self._services, others, strict=True)) | {"bus": bus, "keys": keys}

    async def _state(self, replicas: Replicas) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                replica = await replicas.choose()
                async with self._session.get(f"{replica.base}/ready", headers={"Host": replica.host}) as answer:
                    return "ok" if answer.status == 200 else "away"
        except (aiohttp.ClientError, OSError):
            return "away"

    async def _keys(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                return "ok" if await self._verifier.has_keys() else "away"
        except TimeoutError:
            return "away"
