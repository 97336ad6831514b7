"""The stream: all of the register, each record once, and a page of it in memory."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from services.registry.exchange import exporting
from services.registry.http import SERVICE
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from shared.clock import now
from shared.contracts.organisations import LegalForm, OrganizationStatus
from shared.ids import new_id
from shared.store.opening import open_store
from shared.store.port import Store, Transaction


def organizations(number: int, status: OrganizationStatus) -> list[StoredOrganization]:
    moment = now()
    return [
        StoredOrganization(
            id=new_id("org"),
            version=1,
            created_at=moment,
            updated_at=moment,
            name=f"Nr {n}",
            legal_form=LegalForm.OTHER,
            status=status,
        )
        for n in range(number)
    ]


async def stored(store: Store, some: Sequence[StoredOrganization]) -> None:
    async def work(tx: Transaction) -> None:
        for one in some:
            await tx.put(ORGANIZATIONS, one)

    await store.transaction(work)


@pytest.mark.parametrize("number", [0, 1, 10, 11, 25])
async def test_every_published_record_is_in_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 10)
    store = await open_store(f"sqlite://{tmp_path / 'x.db'}", SERVICE.collections)
    try:
        public = organizations(number, OrganizationStatus.PUBLISHED)
        await stored(store, [*public, *organizations(15, OrganizationStatus.SUBMITTED)])
        pages = [page async for page in exporting.records(store)]
        ids = [record["id"] for page in pages for record in page]
        assert all(len(page) <= 10 for page in pages)
        assert set(ids) == {one.id for one in public}
        assert all(earlier < later for earlier, later in pairwise(ids))
    finally:
        await store.close()
