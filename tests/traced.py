"""The system as processes of its own, whose spans go to a collector in the test and whose logs are JSON."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from deploy.embedded.children import Child
from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.nats import NatsServer
from gateway.settings import SERVICES
from tests.system import free_port


@dataclass(frozen=True)
class Seen:
    """A span as the collector got it; ids in hexadecimal digits, the parent's is empty for a root."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]


@dataclass
class Collector:
    """Takes OTLP over HTTP, as a real one."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)
    bytes: list[bytes] = field(default_factory=list)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        content = await request.read()
        async with self._came:
            self.bytes.append(content)
            self.spans += _spans(content)
            self._came.notify_all()
        return web.Response(content_type="application/x-protobuf")

    async def until(self, holds: Callable[[list[Seen]], bool], seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: holds(self.spans))


@contextlib.asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector = Collector()
    app = web.Application()
    app.add_routes([web.post("/v1/traces", collector.take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


def _spans(content: bytes) -> list[Seen]:
    found = []
    for resource in ExportTraceServiceRequest.FromString(content).resource_spans:
        service = next(one.value.string_value for one in resource.resource.attributes if one.key == "service.name")
        for scope in resource.scope_spans:
            for span in scope.spans:
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                attributes = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
                found.append(Seen(service, span.name, span.kind, *ids, attributes))
    return found


@dataclass
class Processes:
    graphql: str
    folder: Path
    keys: Keys
    session: aiohttp.ClientSession
    collector: Collector
    children: dict[str, Child]

    async def send(self, query: str, variables: Any = None, token: str | None = None, **headers: str) -> dict[str, Any]:
        given = headers | ({"Authorization": f"Bearer {token}"} if token else {})
        body = {"query": query, "variables": variables}
        async with self.session.post(self.graphql, json=body, headers=given) as answer:
            assert answer.status == 200, await answer.text()
            data: dict[str, Any] = await answer.json()
            return data

    def log(self, name: str) -> list[dict[str, Any]]:
        """What a process has logged so far. Raises where a line is no JSON object."""
        return [msgspec.json.decode(line, type=dict) for line in self.children[name].log.read_bytes().splitlines()]


@contextlib.asynccontextmanager
async def processes(folder: Path) -> AsyncIterator[Processes]:
    keys = Keys(folder / "keys")
    keys.ensure()
    nats = NatsServer(folder / "nats")
    async with contextlib.AsyncExitStack() as stack:
        collector = await stack.enter_async_context(collecting())
        await nats.start()
        stack.push_async_callback(nats.stop)
        ports = {name: free_port() for name in (*SERVICES, "gateway")}
        common = {
            # a password, which a server without accounts takes as it comes
            "NATS_URL": nats.url.replace("//", "//jasne:tajne-haslo@"),
            "JWKS_URL": keys.jwks_url,
            "TOKEN_ISSUER": ISSUER,
            "LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "NO_PROXY": "127.0.0.1",
            **{f"{name.upper()}_URL": f"http://127.0.0.1:{ports[name]}" for name in SERVICES},
        }
        children = {}
        for name, port in ports.items():
            own = {"PORT": str(port), "STORE_URL": f"sqlite://{folder / name}.db"}
            module = "gateway" if name == "gateway" else f"services.{name}"
            ready = f"http://127.0.0.1:{port}/ready"
            children[name] = Child(name, module, os.environ | common | own, folder / f"{name}.log", ready)
            stack.push_async_callback(children[name].stop)
        await asyncio.gather(*(child.start() for child in children.values()))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        graphql = f"http://127.0.0.1:{ports['gateway']}/graphql"
        yield Processes(graphql, folder, keys, session, collector, children)
