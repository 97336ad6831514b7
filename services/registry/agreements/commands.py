"""Signing agreements, changing them, reporting on tasks: load, decide, put, tell."""

from datetime import date
from typing import Any

import msgspec

from services.registry.agreements import rules
from services.registry.agreements.collections import AGREEMENTS, CHANGE_REQUESTS, REPORTS
from services.registry.calls.collections import CALLS
from services.registry.calls.rules import is_staff
from services.registry.grants.collections import SMALL_GRANTS, organizations
from services.registry.grants.content import task_of_small_grant
from services.registry.law.queries import provision
from services.registry.offers import content
from services.registry.offers.collections import OFFERS
from services.registry.offers.rules import task_of
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.rules import may_be_granted
from shared import clock
from shared.contracts.agreements import (
    Agreement,
    ChangeRequest,
    ChangeRequestStatus,
    DecideChange,
    DecideTaskReport,
    RequestChange,
    SignAgreement,
    SubmitTaskReport,
    TaskReport,
    TaskReportStatus,
)
from shared.contracts.base import Entity
from shared.contracts.calls import CallTask, Offer
from shared.contracts.law import Limit
from shared.contracts.people import Viewer
from shared.contracts.tasks import OfferContent
from shared.ids import id_of, new_id
from shared.service.replacing import next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Collection, Transaction


async def sign_agreement(tx: Transaction, viewer: Viewer, command: SignAgreement) -> Agreement:
    is_staff(viewer)
    rules.names_one_grant(command)
    # one agreement on each grant, also when two are entered at once
    id_ = id_of("agr", command.offer_id or command.small_grant_id or "")
    rules.is_first(await tx.get(AGREEMENTS, id_))
    moment = clock.now()
    today = clock.local(moment).date()
    terms, decided_on = await (_of_offer(tx, command) if command.offer_id else _of_small_grant(tx, command))
    for organization_id in terms["organization_ids"]:
        may_be_granted(await tx.get(ORGANIZATIONS, organization_id), "offerId" if command.offer_id else "smallGrantId")
    rules.signed_in_order(command.signed_on, decided_on, today)
    rules.budget_fits(terms["content"], terms["grant"])
    years = await provision(tx, Limit.AGREEMENT_YEARS, command.signed_on)
    rules.within_years(command.signed_on, terms["ends_on"], years)
    rules.tranches_add_up(command, terms["grant"], terms["starts_on"], terms["ends_on"])
    # the agreement keeps the law of the day on which it was made
    term = await provision(tx, Limit.TASK_REPORT_DAYS, command.signed_on)
    agreement = Agreement(
        id=id_,
        version=1,
        created_at=moment,
        updated_at=moment,
        offer_id=command.offer_id,
        small_grant_id=command.small_grant_id,
        tranches=command.tranches,
        signed_on=command.signed_on,
        report_until=rules.report_until(terms["ends_on"], term),
        **terms,
    )
    return await _put(tx, AGREEMENTS, "signed", agreement, agreement.organization_ids)


async def request_change(tx: Transaction, viewer: Viewer, command: RequestChange) -> ChangeRequest:
    agreement = await tx.get(AGREEMENTS, command.agreement_id)
    rules.is_party(viewer, agreement)
    if agreement is None:
        raise rules.unknown("agreementId")
    moment = clock.now()
    rules.content_of(agreement)
    rules.can_be_changed(agreement, clock.local(moment).date())
    if command.expected_version is not None:
        version_is_current(agreement.version, command.expected_version)
    await _is_sound(tx, agreement, command.content)
    request = ChangeRequest(
        agreement_id=agreement.id,
        agreement_version=agreement.version,
        reason=command.reason,
        content=command.content,
        id=new_id("chr"),
        version=1,
        created_at=moment,
        updated_at=moment,
        organization_ids=agreement.organization_ids,
        status=ChangeRequestStatus.REQUESTED,
    )
    return await _put(tx, CHANGE_REQUESTS, "requested", request, (agreement.id,))


async def decide_change(tx: Transaction, viewer: Viewer, command: DecideChange) -> ChangeRequest:
    """What is accepted becomes the agreement's schedule and budget in the same transaction.

    A request holds all of both: it is accepted only on the version that it was made from, or it would undo a change
    accepted since. Of two accepted at once the later one meets the earlier's version, for both write the agreement.
    """
    is_staff(viewer)
    request = await tx.get(CHANGE_REQUESTS, command.id)
    agreement = await tx.get(AGREEMENTS, request.agreement_id) if request else None
    if request is None or agreement is None:
        raise rules.unknown("id")
    version_is_current(request.version, command.expected_version)
    rules.is_undecided(request.status)
    rules.has_reason(command.accept, command.reason)
    today = clock.local(clock.now()).date()
    if command.accept:
        rules.can_be_changed(agreement, today)
        rules.builds_on(request, agreement)
        new = next_version(agreement, content=request.content, title=request.content.title)
        await _put(tx, AGREEMENTS, "changed", new, agreement.organization_ids)
    request = next_version(
        request,
        status=ChangeRequestStatus.ACCEPTED if command.accept else ChangeRequestStatus.DECLINED,
        decision_reason=command.reason,
        decided_on=today,
    )
    return await _put(tx, CHANGE_REQUESTS, "accepted" if command.accept else "declined", request, (agreement.id,))


async def submit_task_report(tx: Transaction, viewer: Viewer, command: SubmitTaskReport) -> TaskReport:
    agreement = await tx.get(AGREEMENTS, command.agreement_id)
    rules.is_party(viewer, agreement)
    if agreement is None:
        raise rules.unknown("agreementId")
    id_ = id_of("trp", agreement.id)
    earlier = await tx.get(REPORTS, id_)
    moment = clock.now()
    today = clock.local(moment).date()
    rules.can_be_reported(agreement, earlier, command.spent, today)
    if earlier is not None:
        report = next_version(
            earlier,
            description=command.description,
            spent=command.spent,
            status=TaskReportStatus.SUBMITTED,
            submitted_on=today,
        )
    else:
        report = TaskReport(
            **msgspec.structs.asdict(command),
            id=id_,
            version=1,
            created_at=moment,
            updated_at=moment,
            organization_ids=agreement.organization_ids,
            status=TaskReportStatus.SUBMITTED,
            submitted_on=today,
            in_time=today <= agreement.report_until,
        )
    return await _put(tx, REPORTS, "submitted", report, (agreement.id,))


async def decide_task_report(tx: Transaction, viewer: Viewer, command: DecideTaskReport) -> TaskReport:
    is_staff(viewer)
    report = await tx.get(REPORTS, command.id)
    if report is None:
        raise rules.unknown("id")
    version_is_current(report.version, command.expected_version)
    rules.is_undecided(report.status)
    rules.has_reason(command.accept, command.reason)
    status = TaskReportStatus.ACCEPTED if command.accept else TaskReportStatus.RETURNED
    if command.accept:
        # written together, so that no change is accepted beside it
        agreement = await tx.get(AGREEMENTS, report.agreement_id)
        if agreement is None:
            raise rules.unknown("id")
        settled = next_version(agreement, settled_on=clock.local(clock.now()).date())
        await _put(tx, AGREEMENTS, "settled", settled, agreement.organization_ids)
    report = next_version(report, status=status, decision_reason=command.reason)
    return await _put(tx, REPORTS, "accepted" if command.accept else "returned", report, (report.agreement_id,))


async def _of_offer(tx: Transaction, command: SignAgreement) -> tuple[dict[str, Any], date]:
    offer = await tx.get(OFFERS, command.offer_id or "")
    granted = rules.is_granted(offer.granted if offer else None, "offerId")
    if offer is None or offer.results_on is None:
        raise rules.unknown("offerId")
    task = await _task(tx, offer)
    said = command.content or offer.content
    content.is_sound(said, task, offer.organization_ids)
    terms = {
        "organization_ids": offer.organization_ids,
        "title": said.title,
        "mode": task.mode,
        "grant": granted,
        "starts_on": task.starts_on,
        "ends_on": task.ends_on,
        "content": said,
    }
    return terms, offer.results_on


async def _of_small_grant(tx: Transaction, command: SignAgreement) -> tuple[dict[str, Any], date]:
    grant = await tx.get(SMALL_GRANTS, command.small_grant_id or "")
    granted = rules.is_granted(grant.granted if grant else None, "smallGrantId")
    if grant is None or grant.decided_on is None:
        raise rules.unknown("smallGrantId")
    said = command.content or grant.content
    if said is not None:
        content.is_sound(said, task_of_small_grant(grant), organizations(grant))
    terms = {
        "organization_ids": organizations(grant),
        "title": said.title if said else grant.title,
        "mode": grant.mode,
        "grant": granted,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "content": said,
    }
    return terms, grant.decided_on


async def _is_sound(tx: Transaction, agreement: Agreement, said: OfferContent) -> None:
    content.is_sound(said, await _task_of(tx, agreement), agreement.organization_ids)
    rules.budget_fits(said, agreement.grant)


async def _task_of(tx: Transaction, agreement: Agreement) -> CallTask:
    if agreement.small_grant_id is not None:
        grant = await tx.get(SMALL_GRANTS, agreement.small_grant_id)
        if grant is not None:
            return task_of_small_grant(grant)
    offer = await tx.get(OFFERS, agreement.offer_id or "")
    if offer is None:
        raise rules.unknown("agreementId")
    return await _task(tx, offer)


async def _task(tx: Transaction, offer: Offer) -> CallTask:
    call = await tx.get(CALLS, offer.call_id)
    if call is None:
        raise rules.unknown("offerId")
    return task_of(call, offer.task_id)


async def _put[E: Entity](
    tx: Transaction, collection: Collection[E], verb: str, entity: E, related: tuple[str, ...]
) -> E:
    await tx.put(collection, entity)
    await changed(tx, "registry", verb, entity, related)
    return entity
