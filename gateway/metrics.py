"""All metrics of one gateway process, as they are at a scrape."""

import asyncio
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.bus.metrics import BusMetrics
from shared.bus.nats import Bus, Watch

PATIENCE = 0.2
"""Seconds that a scrape waits for NATS; less than a worker waits for another's metrics (gateway/siblings.py)."""


class Metrics(Collector):
    """`watch` gives the watch over all changes, once it has begun; `live` whether nothing of it can be missing."""

    def __init__(
        self, registry: CollectorRegistry, bus: Bus, watch: Callable[[], Watch], live: Callable[[], bool]
    ) -> None:
        self._registry = registry
        self._bus = bus
        self._watch = watch
        self._live = live
        self._behind: dict[str, int] = {}
        registry.register(BusMetrics(bus))
        registry.register(self)

    async def text(self) -> bytes:
        """For Prometheus. Soon, and without what NATS does not say in time."""
        self._behind = await self._look()
        return generate_latest(self._registry)

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # or it would be collected when it is registered, before there is a watch

    def collect(self) -> Iterable[GaugeMetricFamily]:
        live = GaugeMetricFamily(
            "jasne_watch_live", "1 while every change is seen, so that what is kept can be trusted"
        )
        live.add_metric([], float(self._live()))
        yield live
        behind = GaugeMetricFamily(
            "jasne_watch_behind", "Changes in a service's stream that were not handed on yet", labels=["service"]
        )
        for service, number in self._behind.items():
            behind.add_metric([service], number)
        yield behind

    async def _look(self) -> dict[str, int]:
        if not self._bus.connected.is_set():
            return {}
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._watch().behind()
        except Exception:  # whatever NATS says: the other metrics are wanted most when it is in trouble
            return {}
