"""Keeping today's counts: load, decide, put, tell."""

from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.statistics import rules
from services.registry.statistics.collections import SNAPSHOTS
from shared.clock import now, today
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Viewer
from shared.contracts.statistics import Snapshot, TakeSnapshot
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Eq, Transaction


async def take_snapshot(tx: Transaction, viewer: Viewer, command: TakeSnapshot) -> Snapshot:
    """All counts are of one transaction: they reconcile."""
    rules.may_take(viewer)
    published = Eq("status", OrganizationStatus.PUBLISHED)
    moment = now()
    snapshot = Snapshot(
        id=new_id("snp"),
        version=1,
        created_at=moment,
        updated_at=moment,
        taken_on=today(),
        total=await tx.count(ORGANIZATIONS, (published,)),
        counts=rules.counts_by_form(await tx.count_by(ORGANIZATIONS, "legal_form", (published,))),
        public_benefit=await tx.count(ORGANIZATIONS, (published, Eq("public_benefit", True))),
        note=command.note,
    )
    await tx.put(SNAPSHOTS, snapshot)
    await changed(tx, "registry", "taken", snapshot)
    return snapshot
