"""Agreements, requests for change and reports, and by which keys they are found."""

from services.registry.offers.collections import EVERYONE
from shared.contracts.agreements import Agreement, ChangeRequest, ChangeRequestStatus, TaskReport, TaskReportStatus
from shared.store.port import Collection, Key


def readers(one: ChangeRequest | TaskReport) -> tuple[str, ...]:
    """Who may see it, officials aside."""
    accepted = one.status in (ChangeRequestStatus.ACCEPTED, TaskReportStatus.ACCEPTED)
    return (EVERYONE,) if accepted else one.organization_ids


AGREEMENTS = Collection(
    "agreements",
    Agreement,
    "agr",
    keys={
        "signed_on": Key(lambda a: a.signed_on),
        "report_until": Key(lambda a: a.report_until),
        "organization_ids": Key(lambda a: a.organization_ids, multi=True),
        "offer_id": Key(lambda a: a.offer_id),
        "small_grant_id": Key(lambda a: a.small_grant_id),
    },
    orders=("-signed_on", "report_until"),
)

CHANGE_REQUESTS = Collection(
    "changerequests",
    ChangeRequest,
    "chr",
    keys={
        "created": Key(lambda r: r.created_at),
        "agreement_id": Key(lambda r: r.agreement_id),
        "organization_ids": Key(lambda r: r.organization_ids, multi=True),
        "status": Key(lambda r: r.status),
        "readers": Key(readers, multi=True),
    },
    orders=("created",),
)

REPORTS = Collection(
    "taskreports",
    TaskReport,
    "trp",
    keys={
        "created": Key(lambda r: r.created_at),
        "agreement_id": Key(lambda r: r.agreement_id),
        "organization_ids": Key(lambda r: r.organization_ids, multi=True),
        "status": Key(lambda r: r.status),
        "readers": Key(readers, multi=True),
    },
    orders=("created",),
)

ALL = (AGREEMENTS, CHANGE_REQUESTS, REPORTS)
