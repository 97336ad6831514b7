"""Calls to the services, in metrics: how many, how they ended, how long they took."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import SECONDS


class Calls:
    def __init__(self, services: Iterable[str]) -> None:
        self._total = Counter("jasne_calls", "Calls to services by outcome", ("service", "outcome"), registry=None)
        self._seconds = Histogram(
            "jasne_call_seconds", "Time of a call to a service", ("service",), registry=None, buckets=SECONDS
        )
        self._took = {service: self._seconds.labels(service) for service in services}
        self._well = {service: self._total.labels(service, "ok") for service in self._took}

    def register(self, registry: CollectorRegistry) -> None:
        registry.register(self._total)
        registry.register(self._seconds)

    @contextmanager
    def measured(self, service: str, outcome_of: Callable[[BaseException], str]) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except BaseException as error:
            self._total.labels(service, outcome_of(error)).inc()
            raise
        else:
            self._well[service].inc()
        finally:
            self._took[service].observe(time.perf_counter() - began)

    def rested(self, service: str) -> None:
        """The breaker did not let it through: a call that took no time says nothing of how fast the service is."""
        self._total.labels(service, "resting").inc()
