"""The whole system inside the test process: real HTTP servers on free ports, real NATS, SQLite in a fresh folder."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from deploy.embedded.keys import ISSUER, Keys
from gateway import app as gateway_app
from gateway.feed import Feed
from gateway.http.server import Runner
from gateway.settings import Http
from gateway.settings import Settings as GatewaySettings
from services.consultations.http import SERVICE as CONSULTATIONS
from services.events.http import SERVICE as EVENTS
from services.registry.http import SERVICE as REGISTRY
from shared.contracts.changes import TOLD, Change
from shared.contracts.people import Role
from shared.ids import new_id
from shared.service.process import Service, running
from shared.service.settings import Settings
from tests.shared.store.databases import with_database


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class System:
    urls: dict[str, str]
    graphql: str
    keys: Keys
    session: aiohttp.ClientSession
    feed: Feed
    nats_url: str
    seen: dict[str, int] = field(default_factory=dict)
    """Up to which version of each entity the bus has shown changes to the gateway."""
    awaited: dict[str, int] = field(default_factory=dict)
    """What was written round the gateway: it cannot know before the bus tells it."""

    def __post_init__(self) -> None:
        publish = self.feed.publish

        async def noted(change: Change) -> None:
            self.seen[change.entity_id] = max(change.version, self.seen.get(change.entity_id, 0))
            await publish(change)

        self.feed.publish = noted  # type: ignore[method-assign]

    async def told(self) -> None:
        """Returns when the gateway knows of all that was written so far. Without NATS it cannot."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                while any(self.seen.get(id_, 0) < version for id_, version in self.awaited.items()):
                    await asyncio.sleep(0.002)
        self.awaited.clear()

    def token(self, *roles: Role, **more: Any) -> str:
        return self.keys.token([role.value for role in roles], **more)

    async def send(
        self, body: Any, token: str | None = None, language: str = "en", **more: Any
    ) -> tuple[int, dict[str, Any]]:
        await self.told()
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        async with self.session.post(self.graphql, json=body, headers=headers, **more) as answer:
            return answer.status, await answer.json(content_type=None)

    async def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The data of an operation that must go through without an error."""
        status, answer = await self.send({"query": query, "variables": variables}, token)
        assert status == 200, answer
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def call(
        self, service: str, path: str, body: Any, token: str | None = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """A service itself, round the gateway."""
        given = {"Accept-Language": "en"} | headers | ({"Authorization": f"Bearer {token}"} if token else {})
        async with self.session.post(f"{self.urls[service]}/v1/{path}", json=body, headers=given) as answer:
            for change in answer.headers.get(TOLD, "").split(",") if TOLD in answer.headers else ():
                _, id_, version = change.split("/")
                self.awaited[id_] = int(version)
            return answer.status, await answer.json()

    async def load(self, service: str, *lines: tuple[str, dict[str, Any]]) -> None:
        """Store entities as an operator's import does; the times and the version are filled in."""
        stamp = {"version": 1, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}
        headers = {"Authorization": f"Bearer {self.token(Role.OPERATOR)}"}
        # few at once: the stand-in for MongoDB takes long for a large transaction
        for some in batched(lines, 10, strict=False):
            body = b"\n".join(
                msgspec.json.encode({"collection": collection, "entity": stamp | entity}) for collection, entity in some
            )
            async with self.session.post(f"{self.urls[service]}/v1/import", data=body, headers=headers) as answer:
                imported = await answer.json()
                assert imported == {"stored": len(some), "unchanged": 0, "errors": []}, imported
            self.awaited |= {entity["id"]: 1 for _, entity in some}

    async def organization(self, **more: Any) -> str:
        """The id of a new, published organisation."""
        entity = {"id": new_id("org"), "name": "Fundacja Próba", "legalForm": "FOUNDATION", "status": "PUBLISHED"}
        await self.load("registry", ("organizations", entity | more))
        id_: str = (entity | more)["id"]
        return id_

    async def until(self, query: str, variables: dict[str, Any], holds: Any, seconds: float = 10.0) -> dict[str, Any]:
        """Ask again until the answer is as it should be: for what reaches another service over the bus."""
        async with asyncio.timeout(seconds):
            while True:
                data = await self.ask(query, variables)
                if holds(data):
                    return data
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def system(
    folder: Path,
    nats_url: str,
    mongo_url: str | None = None,
    services: Sequence[Service] = (REGISTRY, CONSULTATIONS, EVENTS),
    http: Http | None = None,
) -> AsyncIterator[System]:
    """`mongo_url` is a server's; without one each service has a SQLite file in the folder."""
    keys = Keys(folder / "keys")
    keys.ensure()
    urls: dict[str, str] = {}
    async with contextlib.AsyncExitStack() as stack:
        for service in services:
            settings = Settings(
                host="127.0.0.1",
                port=0,
                store_url=(
                    with_database(mongo_url, service.name) if mongo_url else f"sqlite://{folder / service.name}.db"
                ),
                nats_url=nats_url,
                nats_replicas=1,
                jwks_url=keys.jwks_url,
                issuer=ISSUER,
            )
            urls[service.name] = f"http://127.0.0.1:{await stack.enter_async_context(running(service, settings))}"
        gateway_settings = GatewaySettings("127.0.0.1", 0, urls, nats_url, keys.jwks_url, ISSUER, http=http or Http())
        app = await gateway_app.application(gateway_settings)
        runner = Runner(app)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield System(urls, f"http://127.0.0.1:{port}/graphql", keys, session, app[gateway_app.FEED], nats_url)
