"""Keeping today's counts: load, decide, put, tell."""

from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.statistics import rules
from services.registry.statistics.collections import SNAPSHOTS
from shared.clock import after, now, today
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Viewer
from shared.contracts.statistics import Snapshot, TakeSnapshot
from shared.ids import id_of
from shared.service.writing import changed
from shared.store.port import Eq, Transaction


async def take_snapshot(tx: Transaction, viewer: Viewer, command: TakeSnapshot) -> Snapshot:
    """All counts are of one transaction: they reconcile. There is one snapshot of a day: a later one replaces it, and
    its version says how often."""
    rules.may_take(viewer)
    published = Eq("status", OrganizationStatus.PUBLISHED)
    day = today()
    earlier = await tx.get(SNAPSHOTS, id_of("snp", f"counted {day}"))
    moment = now()
    snapshot = Snapshot(
        id=id_of("snp", f"counted {day}"),
        version=earlier.version + 1 if earlier else 1,
        created_at=earlier.created_at if earlier else moment,
        updated_at=after(earlier.updated_at) if earlier else moment,
        taken_on=day,
        total=await tx.count(ORGANIZATIONS, (published,)),
        counts=rules.counts_by_form(await tx.count_by(ORGANIZATIONS, "legal_form", (published,))),
        public_benefit=await tx.count(ORGANIZATIONS, (published, Eq("public_benefit", True))),
        note=command.note,
    )
    await tx.put(SNAPSHOTS, snapshot)
    await changed(tx, "registry", "taken", snapshot)
    return snapshot
