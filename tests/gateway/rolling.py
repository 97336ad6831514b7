"""A small deployment of real processes on loopback addresses, and clients that keep it busy while it is changed."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import aiohttp

from deploy.embedded.children import Child
from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.nats import NatsServer
from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import free_port

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
REPORT = """mutation ($input: SubmitCorrectionInput!) {
  submitCorrection(input: $input) { correction { id } errors { code } } }"""
READ = "query ($id: ID!) { organization(id: $id) { name } }"
NAME = "Fundacja Próba"


@dataclass
class Deployment:
    folder: Path
    nats: NatsServer
    keys: Keys
    drain: int
    ports: dict[str, int] = field(default_factory=dict)
    services: list[Child] = field(default_factory=list)
    gateways: list[Child] = field(default_factory=list)

    async def start(self, kind: str, address: str, **more: str) -> None:
        """A registry or a gateway at an address; all of a kind have one port."""
        port = str(self.ports[kind])
        common = {
            "HOST": address,
            "PORT": port,
            "NATS_URL": self.nats.url,
            "JWKS_URL": self.keys.jwks_url,
            "TOKEN_ISSUER": ISSUER,
            "DRAIN_SECONDS": str(self.drain),
        }
        if kind == "gateway":
            module, of = "gateway", self.gateways
            registry = self.ports["registry"]
            nobody = "http://127.0.0.1:9"
            own = {
                "REGISTRY_URL": ",".join(f"http://{one}:{registry}" for one in ADDRESSES),
                "CONSULTATIONS_URL": nobody,
                "EVENTS_URL": nobody,
                # nothing from memory, and nobody is told to wait
                "CACHE_ENTITIES_MIB": "0",
                "BUDGET_PER_MINUTE": "10000000",
                "BUDGET_BURST": "10000000",
                "ANONYMOUS_WRITES_PER_MINUTE": "10000000",
            }
        else:
            module, of = "services.registry", self.services
            own = {"STORE_URL": f"sqlite://{self.folder / 'registry.db'}"}
        log = self.folder / f"{kind}-{address}.log"
        child = Child(kind, module, os.environ | common | own | more, log, f"http://{address}:{port}/ready")
        of.append(child)
        await child.start()

    def url(self, kind: str, address: str) -> str:
        return f"http://{address}:{self.ports[kind]}"


@contextlib.asynccontextmanager
async def deployment(folder: Path, services: int, gateways: int, drain: int = 0) -> AsyncIterator[Deployment]:
    keys = Keys(folder / "keys")
    keys.ensure()
    nats = NatsServer(folder / "nats")
    await nats.start()
    one = Deployment(folder, nats, keys, drain)
    try:
        one.ports = {"registry": free_port(), "gateway": free_port()}
        started = [one.start("registry", address) for address in ADDRESSES[:services]]
        started += [one.start("gateway", address) for address in ADDRESSES[:gateways]]
        await asyncio.gather(*started)
        yield one
    finally:
        await asyncio.gather(*(child.stop() for child in (*one.gateways, *one.services)))
        await nats.stop()


@dataclass
class Load:
    """Clients that write and read in turn, each through any of the gateways that are ready."""

    one: Deployment
    record: str
    failures: list[Any] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The id by the text of each report that was answered."""
    reads: int = 0
    away: set[str] = field(default_factory=set)
    """Gateways whose /ready says no, as a balancer in front sees them."""
    _turn: Iterator[str] = field(init=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._turn = cycle(ADDRESSES[: len(self.one.gateways)])

    async def ask(self, session: aiohttp.ClientSession, query: str, variables: dict[str, Any]) -> Any:
        address = next(one for one in self._turn if one not in self.away)
        try:
            async with session.post(
                f"{self.one.url('gateway', address)}/graphql", json={"query": query, "variables": variables}
            ) as answer:
                told = await answer.json(content_type=None)
                if answer.status == 200 and "errors" not in told:
                    return told["data"]
                self.failures.append((answer.status, told))
        except (aiohttp.ClientError, OSError) as error:
            self.failures.append((address, repr(error)))
        return None

    async def client(self, name: str, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        turn = 0
        async with aiohttp.ClientSession(headers=headers) as session:
            while not self._ended.is_set():
                turn += 1
                text = f"report {name} {turn}"
                data = await self.ask(session, REPORT, {"input": {"recordId": self.record, "wrong": text}})
                if data is not None:
                    made = data["submitCorrection"]
                    if made["errors"]:
                        self.failures.append(made["errors"])
                    else:
                        self.acknowledged[text] = made["correction"]["id"]
                data = await self.ask(session, READ, {"id": self.record})
                if data is not None:
                    assert data == {"organization": {"name": NAME}}
                    self.reads += 1
                # busy, but so that what starts meanwhile gets its part of the machine
                await asyncio.sleep(0.05)

    async def look(self) -> None:
        """What a balancer does, often: whoever says 503 gets no new requests."""
        async with aiohttp.ClientSession() as session:
            while True:
                for address in ADDRESSES[: len(self.one.gateways)]:
                    try:
                        async with session.get(f"{self.one.url('gateway', address)}/ready") as answer:
                            ready = answer.status == 200
                    except (aiohttp.ClientError, OSError):
                        ready = False
                    (self.away.discard if ready else self.away.add)(address)
                await asyncio.sleep(0.1)

    async def more(self, writes: int = 12) -> None:
        """Returns when so many more were acknowledged."""
        wanted = len(self.acknowledged) + writes
        async with asyncio.timeout(20):
            while len(self.acknowledged) < wanted:
                await asyncio.sleep(0.01)

    async def stored(self) -> dict[str, list[str]]:
        """The ids by the text, of all reports that there are."""
        found: dict[str, list[str]] = {}
        headers = {"Authorization": f"Bearer {self.one.keys.token([Role.OFFICIAL.value])}"}
        url = f"{self.one.url('registry', ADDRESSES[0])}/v1/corrections/find"
        async with aiohttp.ClientSession(headers=headers) as session:
            after: dict[str, str] = {}
            while True:
                async with session.post(url, json={"first": 100} | after) as answer:
                    page = await answer.json()
                for item in page["items"]:
                    if item["recordId"] == self.record:
                        found.setdefault(item["wrong"], []).append(item["id"])
                if not page["hasNext"]:
                    return found
                after = {"after": page["cursors"][-1]}


@contextlib.asynccontextmanager
async def load(one: Deployment, clients: int = 4) -> AsyncIterator[Load]:
    """Clients at work while the block lasts; every other one is a visitor, and the others share a person's token."""
    record = new_id("org")
    stamp = {"version": 1, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}
    entity = {"id": record, "name": NAME, "legalForm": "FOUNDATION", "status": "PUBLISHED"}
    headers = {"Authorization": f"Bearer {one.keys.token([Role.OPERATOR.value])}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        line = {"collection": "organizations", "entity": stamp | entity}
        async with session.post(f"{one.url('registry', ADDRESSES[0])}/v1/import", json=line) as answer:
            assert (await answer.json())["stored"] == 1
    busy = Load(one, record)
    token = one.keys.token([Role.RESIDENT.value])
    looking = asyncio.create_task(busy.look())
    working = [asyncio.create_task(busy.client(f"{record} {n}", token if n % 2 else None)) for n in range(clients)]
    try:
        yield busy
        await busy.more()
    finally:
        busy._ended.set()
        await asyncio.gather(*working)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def nothing_failed(busy: Load) -> None:
    """Every request was answered, every write that was acknowledged is stored, and stored once."""
    assert busy.failures == [], busy.failures[:5]
    stored = await busy.stored()
    assert {text: [id_] for text, id_ in busy.acknowledged.items()} == stored
    assert busy.reads
