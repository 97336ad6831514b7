"""What an orchestrator asks of a service: is it alive, and should it be given requests."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiohttp import web

from shared.bus.nats import Bus
from shared.bus.relay import waiting
from shared.identity import Verifier
from shared.service.errors import json
from shared.serving import Draining
from shared.store.port import Store, StoreUnavailable

PATIENCE = 1.0
"""Seconds that each dependency has to answer; they are asked at the same time. A probe should wait for 3."""


class Health:
    def __init__(self, service: str, store: Store, bus: Bus, verifier: Verifier, draining: Draining) -> None:
        self._service = service
        self._store = store
        self._bus = bus
        self._verifier = verifier
        self._draining = draining

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/live", self.live), web.get("/ready", self.ready)]

    async def live(self, _: web.Request) -> web.Response:
        """Asks nobody: to start a process anew mends no database."""
        return json({"service": self._service})

    async def ready(self, _: web.Request) -> web.Response:
        """503 while the store is away, for then nothing can be answered; the rest is told and costs nothing.

        Without NATS the outbox waits, so reads and writes go on; `outbox` is for how many seconds changes have been
        waiting and none has left. Without the identity provider's keys visitors, who are most, are served as ever,
        and who sends a token is told to try again (503): were that fatal, a provider that is away while replicas
        start would take the public register from everybody. 503 also once the process is about to end.
        """
        if self._draining.begun:
            return json({"service": self._service, "draining": True}, 503)
        outbox, keys = await asyncio.gather(
            _in_time(self._outbox(), None), _in_time(self._verifier.has_keys(), otherwise=False)
        )
        states = {
            "service": self._service,
            "store": "away" if outbox is None else "ok",
            "bus": "ok" if self._bus.connected.is_set() else "away",
            "keys": "ok" if keys else "away",
            "outbox": outbox,
        }
        return json(states, 503 if outbox is None else 200)

    async def _outbox(self) -> float | None:
        try:
            return await waiting(self._store)
        except StoreUnavailable:
            return None


async def _in_time[T](asked: Coroutine[Any, Any, T], otherwise: T) -> T:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asked
    except TimeoutError:
        return otherwise
