"""The copy of the registry: all that is public, nothing that is not, and an import gives the same again."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.seed.records import SERVICE_OF, seed_records
from services.registry.copies import queries
from services.registry.http import IMPORTED, LISTINGS, SERVICE
from services.registry.practices.collections import PRACTICES, StoredPractice
from shared.clock import now
from shared.contracts.base import Entity
from shared.contracts.practices import PracticeKind, PracticeStatus
from shared.ids import new_id
from shared.service import importing
from shared.store.opening import open_store
from shared.store.port import Collection, Store, Transaction

BY_NAME: dict[str, Collection[Any]] = {one.name: one for one in IMPORTED}


async def imported(store: Store, given: list[tuple[str, Entity]]) -> int:
    """As POST /v1/import stores them."""

    async def untold(_: Transaction, entity: Entity) -> None:
        """No bus here."""

    some = [
        (place, BY_NAME[name], msgspec.json.decode(msgspec.json.encode(entity), type=BY_NAME[name].type))
        for place, (name, entity) in enumerate(given)
    ]
    stored, errors = await importing._store(store, some, untold)
    assert errors == []
    return stored


async def copied(store: Store) -> list[bytes]:
    pages = [page async for page in queries.lines(store, IMPORTED, LISTINGS)]
    return b"".join(pages).splitlines()


async def test_a_copy_imported_again_gives_the_same_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 7)
    one, other = await asyncio.gather(
        *(open_store(f"sqlite://{tmp_path / name}.db", SERVICE.collections) for name in ("one", "other"))
    )
    try:
        seed = [(name, entity) for name, entity in seed_records() if SERVICE_OF[name] == "registry"]
        assert await imported(one, seed) == len(seed)
        moment = now()
        hidden = StoredPractice(
            id=new_id("prc"),
            version=1,
            created_at=moment,
            updated_at=moment,
            kind=PracticeKind.IDEA,
            title="Jeszcze nie",
            text="x",
            status=PracticeStatus.SUBMITTED,
            submitted_by="subject",
        )
        await one.transaction(lambda tx: tx.put(PRACTICES, hidden))
        lines = await copied(one)
        given = [(each["collection"], each["entity"]) for each in map(msgspec.json.decode, lines)]
        assert len(given) == len(seed)
        assert {name for name, _ in seed} == {name for name, _ in given}
        assert b"Jeszcze nie" not in b"".join(lines)
        assert b"submittedBy" not in b"".join(lines)
        assert await imported(other, given) == len(seed)
        assert await copied(other) == lines
    finally:
        await asyncio.gather(one.close(), other.close())
