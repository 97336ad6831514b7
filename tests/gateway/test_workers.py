"""Several gateway processes on one port behave as one."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from deploy.embedded.children import Child
from deploy.embedded.keys import ISSUER
from gateway import siblings
from gateway.settings import SERVICES
from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System, free_port

WORKERS = 3
UPDATE = """mutation ($id: ID!, $text: String!, $version: Int!) {
  updateOrganization(input: { id: $id, description: $text, expectedVersion: $version }) {
    organization { version } errors { code message } } }"""
READ = "query ($id: ID!) { organization(id: $id) { description version } }"


@contextlib.asynccontextmanager
async def workers(city: System, folder: Path, **more: str) -> AsyncIterator[tuple[Child, str]]:
    port = free_port()
    urls = {f"{name.upper()}_URL": city.urls[name] for name in SERVICES}
    own = {"NATS_URL": city.nats_url, "JWKS_URL": city.keys.jwks_url, "TOKEN_ISSUER": ISSUER}
    environment = os.environ | urls | own | {"PORT": str(port), "GATEWAY_WORKERS": str(WORKERS)} | more
    child = Child("gateway", "gateway", environment, folder / "gateway.log", f"http://127.0.0.1:{port}/ready")
    await child.start()
    try:
        yield child, f"http://127.0.0.1:{port}"
    finally:
        await child.stop()


async def ask(url: str, query: str, variables: dict[str, Any] | None = None, token: str | None = None) -> Any:
    """By a new connection, which the kernel gives to any of the workers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{url}/graphql", json={"query": query, "variables": variables}) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def metrics(url: str, name: str) -> dict[str, float]:
    """One metric by worker."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
        return {
            sample.labels["worker"]: sample.value
            for family in families
            for sample in family.samples
            if sample.name == name
        }


async def all_up(url: str) -> None:
    async with asyncio.timeout(20):
        while len(await metrics(url, "process_resident_memory_bytes")) < WORKERS:
            await asyncio.sleep(0.1)


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
async def test_who_wrote_through_one_worker_reads_it_through_any(city: System, tmp_path: Path) -> None:
    id_ = await city.organization()
    token = city.token(Role.OFFICIAL)
    async with workers(city, tmp_path) as (_, url):
        await all_up(url)
        version = 1
        for turn in range(10):
            # every worker has it in memory
            await asyncio.gather(*(ask(url, READ, {"id": id_}) for _ in range(3 * WORKERS)))
            _, told = await ask(url, UPDATE, {"id": id_, "text": f"Opis {turn}", "version": version}, token)
            assert told["data"]["updateOrganization"]["errors"] == []
            version = told["data"]["updateOrganization"]["organization"]["version"]
            read = await asyncio.gather(*(ask(url, READ, {"id": id_}) for _ in range(3 * WORKERS)))
            wanted = {"organization": {"description": f"Opis {turn}", "version": version}}
            assert [answer["data"] for _, answer in read] == [wanted] * len(read)
        asked = await metrics(url, "jasne_operations_total")
        assert len(asked) == WORKERS


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
async def test_a_client_has_one_budget_for_all_workers(city: System, tmp_path: Path) -> None:
    # what is in memory costs nobody a budget
    more = {"BUDGET_PER_MINUTE": "60", "BUDGET_BURST": "66", "CACHE_ENTITIES_MIB": "0"}
    async with workers(city, tmp_path, **more) as (_, url):
        await all_up(url)
        page = "{ organizations(first: 18) { nodes { id } } }"
        statuses = [(await ask(url, page))[0] for _ in range(3 * WORKERS)]
        # three times twenty points and two for the text, whoever took them; the rest comes back one a second
        assert statuses.count(200) in (3, 4)
        assert statuses[-1] == 429


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
async def test_a_worker_that_is_killed_or_hangs_is_replaced_and_none_outlives_its_parent(
    city: System, tmp_path: Path
) -> None:
    async with workers(city, tmp_path, GATEWAY_WORKER_HANG_SECONDS="3") as (child, url):
        await all_up(url)
        assert child.pid is not None
        before = children(child.pid)
        assert len(before) == WORKERS
        os.kill(before[0], signal.SIGKILL)
        os.kill(before[1], signal.SIGSTOP)
        async with asyncio.timeout(20):
            while len(now := children(child.pid)) < WORKERS or set(before[:2]) & set(now):
                await asyncio.sleep(0.05)
        await all_up(url)
        assert (await ask(url, READ, {"id": new_id("org")}))[0] == 200

        os.kill(child.pid, 9)
        async with asyncio.timeout(20):
            while any(Path(f"/proc/{pid}/stat").exists() for pid in now):
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
async def test_workers_that_are_told_to_stop_drain_all_of_them(city: System, tmp_path: Path) -> None:
    async with workers(city, tmp_path, DRAIN_SECONDS="3") as (child, url):
        await all_up(url)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGTERM)
        async with asyncio.timeout(2.5), aiohttp.ClientSession() as session:
            draining = 0
            while draining < 3 * WORKERS:
                # by a new connection each time: every answer is the last of its own, once they drain
                async with session.get(f"{url}/ready", headers={"Connection": "close"}) as answer:
                    draining = draining + 1 if answer.status == 503 else 0
        assert (await ask(url, READ, {"id": new_id("org")}))[0] == 200


async def test_no_write_waits_twice_for_a_sibling_that_hangs_and_it_is_told_again_when_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siblings, "PATIENCE", aiohttp.ClientTimeout(total=0.05))
    monkeypatch.setattr(siblings, "AGAIN", 0.01)
    asked: list[str] = []
    goes_on = asyncio.Event()

    async def other(request: web.Request) -> web.Response:
        asked.append(request.path)
        await goes_on.wait()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", other)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(siblings.socket_of(tmp_path, 1))).start()
    one = siblings.Siblings(tmp_path, 0, 2)
    written = siblings.Written("organizations", new_id("org"), None)

    async def metrics() -> bytes:
        return b""

    async with one.listening(lambda _: None, metrics):
        for _ in range(3):
            await one.tell(written)
        assert asked.count("/told") == 1
        goes_on.set()
        async with asyncio.timeout(5):
            while asked.count("/told") < 2:
                await one.tell(written)
                await asyncio.sleep(0.01)
    await runner.cleanup()
