"""What a service says of itself to those who watch it."""

from pathlib import Path

import pytest

from deploy.embedded.__main__ import STUCK
from services.registry.http import SERVICE as REGISTRY
from shared.ids import new_id
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
