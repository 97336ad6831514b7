"""What a service says of itself to those who watch it."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from deploy.embedded.__main__ import STUCK
from deploy.embedded.keys import ISSUER, Keys
from services.registry.http import SERVICE as REGISTRY
from shared.ids import new_id
from shared.service.process import running
from shared.service.settings import Settings
from tests.shared.store.databases import mongo_on_the_wire
from tests.system import free_port, system


@pytest.mark.parametrize("store", ["sqlite", "mongo"])
async def test_an_import_of_old_records_does_not_look_like_changes_that_do_not_leave(
    tmp_path: Path, store: str
) -> None:
    no_nats = f"nats://127.0.0.1:{free_port()}"
    async with mongo_on_the_wire() as mongo, system(tmp_path, no_nats, mongo if store == "mongo" else None) as city:
        await city.organization(id=new_id("org"), updatedAt="2020-01-01T00:00:00Z")
        async with city.session.get(f"{city.urls[REGISTRY.name]}/ready") as answer:
            state = await answer.json()
        assert state["bus"] == "away"
        assert 0 < state["outbox"] < STUCK


async def test_without_the_identity_provider_a_service_is_ready_and_says_so(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    settings = Settings(
        "127.0.0.1",
        0,
        f"sqlite://{tmp_path}/registry.db",
        f"nats://127.0.0.1:{free_port()}",
        1,
        keys.jwks_url,  # nobody has made them yet
        ISSUER,
    )
    async with running(REGISTRY, settings) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

        async def ready() -> tuple[int, str]:
            async with session.get("/ready") as answer:
                return answer.status, (await answer.json())["keys"]

        assert await ready() == (200, "away")
        async with session.post("/v1/organizations/find", json={}) as answer:
            assert answer.status == 200
        keys.ensure()
        async with asyncio.timeout(10):  # a provider that was away is asked again after a second
            while (told := await ready()) == (200, "away"):
                await asyncio.sleep(0.05)
        assert told == (200, "ok")
        # a key that was fetched lasts, whatever becomes of the provider
        (keys.folder / "jwks.json").unlink()
        assert await ready() == (200, "ok")
