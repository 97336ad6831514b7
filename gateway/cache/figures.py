"""Counts of a level of the cache: plain numbers, for they are touched many times in each request."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

_COUNTED = {
    "hits": "What was found and still true",
    "misses": "What had to be asked for",
    "joined": "What somebody else had asked for a moment before: both got the one answer",
    "stale": "What was served although it may be outdated, because its service was away",
    "evictions": "What was let go for want of room",
    "invalidations": "Changes, and gaps in them, after which something was no longer trusted",
}

_AGES = (1, 5, 15, 60, 300, 600, 1800, 3600)
"""Seconds: upper bounds of how old something stale was."""


@dataclass
class Figures:
    hits: int = 0
    misses: int = 0
    joined: int = 0
    stale: int = 0
    evictions: int = 0
    invalidations: int = 0
    bytes: int = 0
    entries: int = 0
    stale_ages: list[int] = field(default_factory=lambda: [0] * (len(_AGES) + 1))
    stale_seconds: float = 0.0

    def served_stale(self, age: float) -> None:
        self.stale += 1
        self.stale_ages[bisect_left(_AGES, age)] += 1
        self.stale_seconds += age


class CacheMetrics(Collector):
    """Read when somebody scrapes. `levels` gives each level's figures by its name."""

    def __init__(self, levels: dict[str, Figures]) -> None:
        self._levels = levels

    def collect(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily]:
        for name, help_ in _COUNTED.items():
            counter = CounterMetricFamily(f"jasne_gateway_cache_{name}", help_, labels=["level"])
            for level, figures in self._levels.items():
                counter.add_metric([level], getattr(figures, name))
            yield counter
        for name in ("bytes", "entries"):
            gauge = GaugeMetricFamily(f"jasne_gateway_cache_{name}", f"{name} held", labels=["level"])
            for level, figures in self._levels.items():
                gauge.add_metric([level], getattr(figures, name))
            yield gauge
        ages = HistogramMetricFamily(
            "jasne_gateway_cache_stale_seconds",
            "How old it was, what was served although it may be outdated",
            labels=["level"],
        )
        bounds = [*(str(float(bound)) for bound in _AGES), "+Inf"]
        for level, figures in self._levels.items():
            counts = zip(bounds, accumulate(figures.stale_ages), strict=True)
            ages.add_metric([level], [*counts], figures.stale_seconds)
        yield ages
