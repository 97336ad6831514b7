"""What the workers of one machine tell each other, over Unix sockets in a folder that is theirs alone.

A write is told to the others before it is answered: whoever wrote through one worker reads it through any. Metrics are
asked of all, so that one scrape shows the machine.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

PATIENCE = aiohttp.ClientTimeout(total=0.5)
"""A worker that hangs must not hold up the others' writes; the bus tells it all the same."""

type Hear = Callable[[Written], None]
type Metrics = Callable[[], bytes]


class Written(msgspec.Struct, array_like=True, frozen=True):
    """A command was answered with this entity, and told these changes (gateway/cache/entities.py)."""

    collection: str
    id: str
    told: str | None


_WRITTEN = msgspec.json.Decoder(Written)


class _Families(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


class Siblings:
    """The worker `number` of `count`; alone, it tells nobody anything."""

    def __init__(self, folder: Path | None = None, number: int = 0, count: int = 1) -> None:
        self._folder = folder
        self._number = number
        self._others = [other for other in range(count) if other != number and folder is not None]
        self._sessions: dict[int, aiohttp.ClientSession] = {}

    async def tell(self, written: Written) -> None:
        """Returns when all who are there have taken it in."""
        if self._others:
            message = msgspec.json.encode(written)
            await asyncio.gather(*(self._post(other, message) for other in self._others))

    async def metrics(self, own: bytes) -> bytes:
        """Of all workers that answer, each with its number as a label; what is given, where there are no others."""
        if not self._others:
            return own
        found = await asyncio.gather(*(self._get(other) for other in self._others))
        texts = [(self._number, own), *zip(self._others, found, strict=True)]
        families: dict[str, Metric] = {}
        for number, text in texts:
            for family in text_string_to_metric_families((text or b"").decode()):
                whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                whole.samples += [one._replace(labels={**one.labels, "worker": str(number)}) for one in family.samples]
        registry = CollectorRegistry()
        registry.register(_Families(list(families.values())))
        return generate_latest(registry)

    @contextlib.asynccontextmanager
    async def listening(self, hear: Hear, metrics: Metrics) -> AsyncIterator[None]:
        """While the block lasts, this worker takes in what the others tell."""
        if self._folder is None:
            yield
            return

        async def take(request: web.Request) -> web.Response:
            hear(_WRITTEN.decode(await request.read()))
            return web.Response()

        async def show(_: web.Request) -> web.Response:
            return web.Response(body=metrics())

        app = web.Application()
        app.add_routes([web.post("/told", take), web.get("/metrics", show)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        path = self._path(self._number)
        path.unlink(missing_ok=True)
        await web.UnixSite(runner, str(path)).start()
        try:
            yield
        finally:
            await runner.cleanup()
            for session in self._sessions.values():
                await session.close()

    async def _post(self, other: int, message: bytes) -> None:
        # who is not there has nothing in memory that could be old
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session(other).post("http://sibling/told", data=message):
                pass

    async def _get(self, other: int) -> bytes | None:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session(other).get("http://sibling/metrics") as answer:
                return await answer.read()
        return None

    def _session(self, other: int) -> aiohttp.ClientSession:
        if other not in self._sessions:
            connector = aiohttp.UnixConnector(path=str(self._path(other)))
            self._sessions[other] = aiohttp.ClientSession(connector=connector, timeout=PATIENCE)
        return self._sessions[other]

    def _path(self, number: int) -> Path:
        return (self._folder or Path()) / f"{number}.sock"
