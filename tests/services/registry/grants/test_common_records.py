"""What a cap is counted from is written by who counts it.

No race on the stores of these tests shows it: SQLite lets one write at a time, and the stand-in for MongoDB runs a
transaction again where MongoDB would let two pass that read the same and write different records. So it is looked at:
of what a decision read, every record of a sum is also written, and no sum is taken over records that it leaves alone.
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.registry.calls.commands import announce_call
from services.registry.grants import commands as grants
from services.registry.http import SERVICE
from services.registry.offers.commands import submit_offer
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from shared import clock
from shared.bus.relay import COLLECTIONS
from shared.contracts import calls as c
from shared.contracts import grants as g
from shared.contracts.organisations import LegalForm, OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.tasks import OfferContent
from shared.ids import new_id
from shared.store.port import Transaction
from shared.store.sqlite import SqliteStore
from tests.services.registry.calls.procedure import OPEN, content, new_call
from tests.services.registry.moments import Travel

OFFICIAL = Viewer(subject="official", roles=frozenset({Role.OFFICIAL}))


class Watched:
    """A transaction that notes which records were looked up one by one, and which were written."""

    def __init__(self, tx: Transaction) -> None:
        self._tx, self.read, self.written = tx, set[str](), set[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def get(self, collection: Any, id_: str) -> Any:
        self.read.add(collection.name)
        return await self._tx.get(collection, id_)

    async def put(self, collection: Any, entity: Any) -> None:
        self.written.add(collection.name)
        await self._tx.put(collection, entity)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "registry.db", 5.0)
    await store.open((*SERVICE.collections, *COLLECTIONS))
    yield store
    await store.close()


async def done(store: SqliteStore, decide: Any, command: Any) -> tuple[Any, Watched]:
    async def work(tx: Transaction) -> tuple[Any, Watched]:
        watched = Watched(tx)
        return await decide(watched, OFFICIAL, command), watched

    return await store.transaction(work)


async def organization(store: SqliteStore, form: LegalForm) -> str:
    moment = clock.now()
    made = StoredOrganization(
        id=new_id("org"),
        version=1,
        created_at=moment,
        updated_at=moment,
        name="Fundacja Próba",
        legal_form=form,
        status=OrganizationStatus.PUBLISHED,
    )

    async def work(tx: Transaction) -> None:
        await tx.put(ORGANIZATIONS, made)

    await store.transaction(work)
    return made.id


async def test_every_decision_to_grant_writes_the_accounts_that_the_caps_are_counted_from(
    store: SqliteStore, at: Travel
) -> None:
    day = date(2027, 5, 4)
    at(day)
    funder = await organization(store, LegalForm.PUBLIC_BODY)
    await done(store, grants.set_grant_plan, g.SetGrantPlan(year=2027, funder_id=funder, planned="1000000.00"))
    offer = g.SubmitSmallGrant(
        organization_id=await organization(store, LegalForm.FOUNDATION),
        title="Piknik",
        description="Piknik",
        amount="1.00",
        total_cost="1.00",
        starts_on=day + timedelta(days=30),
        ends_on=day + timedelta(days=31),
    )
    grant, _ = await done(store, grants.submit_small_grant, offer)
    await done(store, grants.publish_small_grant, g.PublishSmallGrant(id=grant.id, expected_version=1))
    at(day + timedelta(days=20))
    _, watched = await done(
        store, grants.decide_small_grant, g.DecideSmallGrant(id=grant.id, expected_version=2, grant=True)
    )
    assert {"smallgrantaccounts", "grantplans"} <= watched.read & watched.written


async def test_every_offer_in_a_call_that_limits_them_writes_the_record_of_who_offers(
    store: SqliteStore, at: Travel
) -> None:
    at(OPEN)
    body = new_call(await organization(store, LegalForm.PUBLIC_BODY), offersPerOrganization=2)
    call, _ = await done(store, announce_call, msgspec.convert(body, c.AnnounceCall))
    offer = c.SubmitOffer(
        call_id=call.id,
        task_id=call.tasks[0].id,
        organization_ids=(await organization(store, LegalForm.FOUNDATION),),
        content=msgspec.convert(content(), OfferContent),
    )
    _, watched = await done(store, submit_offer, offer)
    assert "offerers" in watched.read & watched.written
