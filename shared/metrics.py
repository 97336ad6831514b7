"""What every process tells Prometheus of itself, and how finely times are told."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Upper bounds of the histograms of times."""
_LIMIT = Path("/sys/fs/cgroup/memory.max")


class MemoryLimit(Collector):
    """What the container may take (cgroup v2): with it an alert needs to know nothing of the deployment."""

    def __init__(self, file: Path = _LIMIT) -> None:
        self._file = file

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily("jasne_memory_limit_bytes", "Memory that all processes of the container may take")
        with suppress(OSError, ValueError):  # no container, or one without a limit ("max"): there is nothing to tell
            family.add_metric([], int(self._file.read_text()))
        yield family


def registry() -> CollectorRegistry:
    """Of one process, or of one application where several are in a process, as in tests."""
    own = CollectorRegistry()
    ProcessCollector(registry=own)
    own.register(MemoryLimit())
    return own


@asynccontextmanager
async def listening_aside(
    host: str, port: int, routes: Iterable[web.RouteDef], *, among_others: bool = False
) -> AsyncIterator[None]:
    """On METRICS_PORT while the block lasts: what operators ask, on a port that nobody routes to the outside.

    `among_others` shares the port with other processes of this machine. Raises OSError when it cannot be had.
    """
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_port=among_others or None).start()
        yield
    finally:
        await runner.cleanup()
