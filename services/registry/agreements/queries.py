"""How agreements are read: they are public, and so are changes and reports once they are accepted."""

from services.registry.agreements import rules
from services.registry.agreements.collections import AGREEMENTS, CHANGE_REQUESTS, REPORTS
from services.registry.calls.rules import STAFF
from shared.contracts.agreements import (
    Agreement,
    AgreementFilter,
    ChangeRequest,
    ChangeRequestFilter,
    TaskReport,
    TaskReportFilter,
)
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, Range, containing, equal


def _agreements(asked: AgreementFilter, _: Viewer | None) -> tuple[Condition, ...]:
    due = (Range("report_until", lt=asked.report_before),) if asked.report_before else ()
    return (
        *equal(offer_id=asked.offer_id, small_grant_id=asked.small_grant_id),
        *containing(organization_ids=asked.organization_id),
        *due,
    )


def _of_agreement(asked: ChangeRequestFilter | TaskReportFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where = equal(agreement_id=asked.agreement_id, status=asked.status)
    where += containing(organization_ids=asked.organization_id)
    if viewer is None or not viewer.has(*STAFF):
        where.append(In("readers", rules.reads_as(viewer)))
    return tuple(where)


LISTINGS = (
    Listing(AGREEMENTS, Agreement, AgreementFilter, _agreements),
    Listing(CHANGE_REQUESTS, ChangeRequest, ChangeRequestFilter, _of_agreement, visible=rules.may_see),
    Listing(REPORTS, TaskReport, TaskReportFilter, _of_agreement, visible=rules.may_see),
)
