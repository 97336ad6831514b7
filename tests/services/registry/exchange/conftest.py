"""Two registries side by side: one to export from, one to import into; and the program, run as people run it."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded.nats import NatsServer
from deploy.seed.load import load
from deploy.seed.records import line_of, seed_records
from services.registry.http import SERVICE as REGISTRY
from shared.contracts.people import Role
from tests.shared.store.databases import mongo_on_the_wire
from tests.system import System, system


@dataclass
class Registry:
    city: System

    @property
    def url(self) -> str:
        return self.city.urls["registry"]

    async def export(self, format_: str) -> bytes:
        async with self.city.session.get(f"{self.url}/v1/export/organizations.{format_}") as answer:
            assert answer.status == 200
            return await answer.read()

    async def run(self, *arguments: str | Path, role: Role = Role.OPERATOR) -> tuple[int | None, str, str]:
        """`python -m services.registry …` against this registry: exit code, output, errors."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.registry", *map(str, arguments)),
            env={"PATH": "", "REGISTRY_URL": self.url, "TOKEN": self.city.token(role)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    async def seed(self) -> None:
        lines = [line_of(name, entity) for name, entity in seed_records() if name in ("districts", "organizations")]
        outcome = await load({"registry": self.url}, self.city.token(Role.OPERATOR), lines, lambda _: None)
        assert not outcome.errors

    async def count(self) -> int:
        _, page = await self.city.call("registry", "organizations/find", {"first": 0, "total": True})
        total: int = page["total"]
        return total


@pytest.fixture(params=["sqlite", "mongo"])
async def registries(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sequence[Registry]]:
    made = []
    async with contextlib.AsyncExitStack() as stack:
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            server = NatsServer(folder / "nats")
            await server.start()
            stack.push_async_callback(server.stop)
            mongo = await stack.enter_async_context(mongo_on_the_wire()) if request.param == "mongo" else None
            made.append(Registry(await stack.enter_async_context(system(folder, server.url, mongo, (REGISTRY,)))))
        yield made
