"""What the workers of one machine tell each other, over Unix sockets in a folder that is theirs alone.

A write is told to the others before it is answered: whoever wrote through one worker reads it through any. Metrics are
asked of all, so that one scrape shows the machine.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

PATIENCE = aiohttp.ClientTimeout(total=0.5)
"""A worker that hangs must not hold up the others' writes; the bus tells it all the same."""

AGAIN = 0.2
"""Seconds between two tries to reach one that hung."""

type Hear = Callable[[Written], None]
type Metrics = Callable[[], Awaitable[bytes]]


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
        self._hanging: dict[int, asyncio.Task[None]] = {}
        """Those that did not answer in time, and who waits for them to do so. No write waits for them: when they go on,
        they trust nothing they had before (gateway/pulse.py)."""

    async def tell(self, written: Written) -> None:
        """Returns when all who are there have taken it in."""
        if self._others:
            message = msgspec.json.encode(written)
            await asyncio.gather(*(self._post(other, message) for other in self._others if other not in self._hanging))

    async def metrics(self, own: Metrics) -> bytes:
        """Of all workers that answer, each with its number as a label; the own alone, where there are no others."""
        if not self._others:
            return await own()
        # at the same time: no scrape waits longer for many than for one
        found = await asyncio.gather(own(), *(self._get(other) for other in self._others))
        texts = zip((self._number, *self._others), found, strict=True)
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
            return web.Response(body=await metrics())

        app = web.Application()

        async def live(_: web.Request) -> web.Response:
            return web.Response()

        app.add_routes([web.post("/told", take), web.get("/metrics", show), web.get("/live", live)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        path = socket_of(self._folder, self._number)
        path.unlink(missing_ok=True)
        await web.UnixSite(runner, str(path)).start()
        try:
            yield
        finally:
            for waits in self._hanging.values():
                waits.cancel()
            await runner.cleanup()
            for session in self._sessions.values():
                await session.close()

    async def _post(self, other: int, message: bytes) -> None:
        # who is not there has nothing in memory that could be old
        try:
            async with self._session(other).post("http://sibling/told", data=message):
                pass
        except TimeoutError:
            if other not in self._hanging:
                self._hanging[other] = asyncio.create_task(self._wait_for(other))
        except (aiohttp.ClientError, OSError):
            pass

    async def _wait_for(self, other: int) -> None:
        there = False
        while not there:
            await asyncio.sleep(AGAIN)
            there = await answers(self._session(other))
        del self._hanging[other]

    async def _get(self, other: int) -> bytes | None:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session(other).get("http://sibling/metrics") as answer:
                return await answer.read()
        return None

    def _session(self, other: int) -> aiohttp.ClientSession:
        if other not in self._sessions:
            self._sessions[other] = session_to(self._folder or Path(), other, PATIENCE)
        return self._sessions[other]


def socket_of(folder: Path, number: int) -> Path:
    return folder / f"{number}.sock"


def session_to(folder: Path, number: int, waits: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    connector = aiohttp.UnixConnector(path=str(socket_of(folder, number)))
    return aiohttp.ClientSession(connector=connector, timeout=waits)


async def answers(session: aiohttp.ClientSession) -> bool:
    """False for a worker that hangs: one that is there and says nothing. One that is not there does not hang."""
    try:
        async with session.get("http://sibling/live"):
            pass
    except TimeoutError:
        return False
    except (aiohttp.ClientError, OSError):
        pass
    return True
