"""The bus in metrics: whether it is there, how far its consumers are, what they gave up."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.bus.nats import Bus


class BusMetrics(Collector):
    """Read when somebody scrapes; NATS is not asked then. Of a bus that is away there are no consumers to tell of."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def collect(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily]:
        connected = GaugeMetricFamily("jasne_bus_connected", "1 while there is a connection to NATS")
        connected.add_metric([], float(self._bus.connected.is_set()))
        yield connected
        dead = CounterMetricFamily(
            "jasne_dead_letters", "Changes that were given up and put into the stream DEAD", labels=["durable"]
        )
        for durable, number in self._bus.dead_letters.items():
            dead.add_metric([durable], number)
        yield dead
        pending, held, again = (
            GaugeMetricFamily(f"jasne_consumer_{name}", help_, labels=["durable"])
            for name, help_ in (
                ("pending", "Changes in the stream that no replica was given yet"),
                ("unacknowledged", "Changes that a replica was given and has not answered"),
                ("redelivered", "Of those, changes that were given more than once"),
            )
        )
        for durable, lag in self._bus.lags().items():
            pending.add_metric([durable], lag.pending)
            held.add_metric([durable], lag.unacknowledged)
            again.add_metric([durable], lag.redelivered)
        yield from (pending, held, again)
