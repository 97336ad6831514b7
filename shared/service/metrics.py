"""What a service tells Prometheus: each operation's rate, errors and duration, its outbox, its store, its bus."""

import asyncio
import time
from collections.abc import Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.bus.metrics import BusMetrics
from shared.bus.nats import Bus
from shared.bus.outbox import OUTBOX
from shared.bus.relay import waiting
from shared.metrics import SECONDS, registry
from shared.service.requests import Handler
from shared.store.measured import Measured
from shared.store.port import Store

LOOK = 5.0
"""Seconds between two looks into the outbox, however many scrape: counting a long one takes the store a while."""
PATIENCE = 1.0
"""Seconds that a scrape waits for the store."""
_NOBODYS = ("/live", "/ready", "/metrics")
"""What is asked by machines all the time would hide what people wait for."""


class Metrics:
    """`store` is the given one, measured. What cannot be known at a scrape is left out of it; the rest is told."""

    def __init__(self, service: str, store: Store, bus: Bus) -> None:
        self.registry = registry()
        self.store = Measured(store, self.registry)
        self._service = service
        self._requests = Counter(
            "jasne_requests",
            "Requests by operation and outcome: ok, refused (by a rule, 4xx) or fault (5xx)",
            ("service", "operation", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "jasne_request_seconds",
            "Time to answer a request",
            ("service", "operation"),
            registry=self.registry,
            buckets=SECONDS,
        )
        self._outbox = _Outbox()
        self.registry.register(self._outbox)
        self.registry.register(BusMetrics(bus))
        self._looked = float("-inf")

    @web.middleware
    async def measure(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Around the one that answers errors, so that it sees what was answered."""
        operation = _operation(request)
        if operation is None:
            return await handler(request)
        began = time.perf_counter()
        # what raises here was not answered: who asked has gone, and that is no outcome
        answer = await handler(request)
        self._seconds.labels(self._service, operation).observe(time.perf_counter() - began)
        outcome = "ok" if answer.status < 400 else "refused" if answer.status < 500 else "fault"
        self._requests.labels(self._service, operation, outcome).inc()
        return answer

    async def show(self, _: web.Request) -> web.Response:
        if time.monotonic() - self._looked >= LOOK:
            self._looked = time.monotonic()
            self._outbox.is_now(await self._look())
        return web.Response(body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _look(self) -> tuple[int, float] | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.store.count(OUTBOX), await waiting(self.store)
        except Exception:  # whatever the store says: the other metrics are wanted most when it is in trouble
            return None


class _Outbox(Collector):
    def __init__(self) -> None:
        self._found: tuple[int, float] | None = None

    def is_now(self, found: tuple[int, float] | None) -> None:
        """How many changes, and for how many seconds none of them has left; None when the store does not say."""
        self._found = found

    def collect(self) -> Iterable[GaugeMetricFamily]:
        families = (
            GaugeMetricFamily("jasne_outbox_changes", "Changes that have not left for NATS"),
            GaugeMetricFamily("jasne_outbox_age_seconds", "For how long changes have waited and none has left"),
        )
        for family, value in zip(families, self._found or (), strict=False):
            family.add_metric([], value)
        return families


def _operation(request: web.Request) -> str | None:
    """As the route is declared: what a client puts into a path never becomes a label. None for what is not counted."""
    resource = request.match_info.route.resource
    if resource is None:  # no such path, or not by this method
        return "other"
    return None if resource.canonical in _NOBODYS else resource.canonical.removeprefix("/v1/")
