"""What an agreement, a change to it and a report must hold; pure decisions, no store."""

from datetime import date, timedelta

from services.registry.agreements.collections import readers
from services.registry.calls.rules import STAFF
from services.registry.law.rules import ACT, Provision
from services.registry.offers.collections import EVERYONE
from services.registry.organisations.rules import represented
from shared.clock import deadline
from shared.contracts.agreements import (
    Agreement,
    ChangeRequest,
    ChangeRequestStatus,
    SignAgreement,
    TaskReport,
    TaskReportStatus,
)
from shared.contracts.money import grosze, money
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.contracts.tasks import OfferContent


def reads_as(viewer: Viewer | None) -> tuple[str, ...]:
    return (EVERYONE, *represented(viewer))


def may_see(one: ChangeRequest | TaskReport, viewer: Viewer | None) -> bool:
    if viewer is not None and viewer.has(*STAFF):
        return True
    return not set(readers(one)).isdisjoint(reads_as(viewer))


def is_party(viewer: Viewer, agreement: Agreement | None) -> None:
    if represented(viewer).isdisjoint(agreement.organization_ids if agreement else ()):
        raise Refused(
            "FORBIDDEN",
            pl="To może zrobić tylko przedstawiciel organizacji, która zawarła umowę.",
            en="Only a representative of an organisation that is party to the agreement can do this.",
            status=403,
        )


def names_one_grant(command: SignAgreement) -> None:
    if (command.offer_id is None) == (command.small_grant_id is None):
        raise Refused(
            "ONE_GRANT_WANTED",
            pl="Wskaż albo ofertę z konkursu (offerId), albo mały grant (smallGrantId).",
            en="Name either an offer of a call (offerId) or a small grant (smallGrantId).",
            field="offerId",
        )


def is_granted(granted: str | None, field: str) -> str:
    """The grant that was decided; there is no agreement without one."""
    if granted is None:
        raise Refused(
            "NOT_GRANTED",
            pl="Umowę zawiera się po przyznaniu dotacji; tej oferty nie ma albo nie dostała dotacji.",
            en="An agreement comes after a grant; there is no such offer, or it got none.",
            field=field,
            legal_basis=f"art. 16 ust. 1 {ACT}",
        )
    return granted


def is_first(agreement: Agreement | None) -> None:
    if agreement is not None:
        raise Refused(
            "AGREEMENT_EXISTS",
            pl="Umowa w tej sprawie jest już wpisana.",
            en="There is an agreement on this already.",
            status=409,
        )


def signed_in_order(signed_on: date, decided_on: date, today: date) -> None:
    if not decided_on <= signed_on <= today:
        raise Refused(
            "SIGNING_DAY_WRONG",
            pl=f"Dzień podpisania mieści się między dniem decyzji ({decided_on}) a dzisiejszym ({today}).",
            en=f"The day of signing is from that of the decision ({decided_on}) to today ({today}).",
            field="signedOn",
        )


def budget_fits(content: OfferContent | None, granted: str) -> None:
    """The agreement's budget is that of the grant that was decided."""
    if content is not None and grosze(content.grant) != grosze(granted):
        raise Refused(
            "BUDGET_NOT_UPDATED",
            pl=f"Przyznano {granted} zł, a kosztorys mówi o {content.grant} zł; podaj zaktualizowany.",
            en=f"{granted} PLN was granted, and the budget speaks of {content.grant} PLN; bring it up to date.",
            field="content",
        )


def within_years(signed_on: date, ends_on: date, limit: Provision) -> None:
    last = signed_on.replace(year=signed_on.year + limit.value, day=min(signed_on.day, 28))
    if signed_on.day > 28:
        last += timedelta(days=signed_on.day - 28)
    if ends_on > last:
        raise Refused(
            "AGREEMENT_TOO_LONG",
            pl=f"Umowę zawiera się na najwyżej {limit.value} lat, tu do {last}.",
            en=f"An agreement is for {limit.value} years at most, here until {last}.",
            field="signedOn",
            legal_basis=limit.legal_basis,
        )


def tranches_add_up(command: SignAgreement, granted: str, starts_on: date, ends_on: date) -> None:
    """A task of several years is paid by year: each of its years once, in order, and together the grant."""
    years = [tranche.year for tranche in command.tranches]
    wanted = list(range(starts_on.year, ends_on.year + 1))
    if not years and len(wanted) == 1:
        return
    if years != wanted:
        raise Refused(
            "TRANCHES_BY_YEAR",
            pl=f"Podaj transze na kolejne lata zadania: {', '.join(map(str, wanted))}.",
            en=f"Give the tranches for the years of the task in order: {', '.join(map(str, wanted))}.",
            field="tranches",
            legal_basis=f"art. 16 ust. 3 {ACT}",
        )
    summed = sum(grosze(tranche.amount) for tranche in command.tranches)
    if summed != grosze(granted):
        raise Refused(
            "TRANCHES_DO_NOT_ADD_UP",
            pl=f"Transze dają razem {money(summed)} zł, a dotacja to {granted} zł.",
            en=f"The tranches make {money(summed)} PLN together, and the grant is {granted} PLN.",
            field="tranches",
        )


def report_until(ends_on: date, limit: Provision) -> date:
    """The day of the task's end is not counted; a last day that is a day off moves on."""
    return deadline(ends_on + timedelta(days=limit.value))


def content_of(agreement: Agreement) -> OfferContent:
    if agreement.content is None:
        raise Refused(
            "NOTHING_TO_CHANGE",
            pl="Ta umowa o mały grant nie ma harmonogramu ani kosztorysu, które można by zmienić; podaje się je "
            "w ofercie albo przy podpisaniu.",
            en="This agreement on a small grant has no schedule or budget that could be changed; they are given in the "
            "offer, or with the signing.",
            field="agreementId",
        )
    return agreement.content


def can_be_changed(agreement: Agreement, today: date) -> None:
    """What is over is reported on as it was agreed."""
    if agreement.settled_on is not None:
        raise Refused(
            "TASK_SETTLED",
            pl=f"Sprawozdanie z tego zadania przyjęto {agreement.settled_on}; umowy nie można już zmienić.",
            en=f"The report on this task was accepted on {agreement.settled_on}; the agreement can no longer change.",
            status=409,
        )
    if today > agreement.ends_on:
        raise Refused(
            "TASK_OVER",
            pl=f"Zadanie skończyło się {agreement.ends_on}; umowę zmienia się, póki ono trwa. Co było inaczej, podaj "
            "w sprawozdaniu.",
            en=f"The task ended on {agreement.ends_on}; an agreement changes while it goes on. Say in the report what "
            "was different.",
            status=409,
        )


def builds_on(request: ChangeRequest, agreement: Agreement) -> None:
    if request.agreement_version != agreement.version:
        raise Refused(
            "CHANGE_OUTDATED",
            pl=f"Wniosek powstał na wersji {request.agreement_version} umowy, a jest już wersja {agreement.version}: "
            "przyjęcie cofnęłoby tamtą zmianę. Odmów, a organizacja złoży wniosek na obecnej wersji.",
            en=f"This was asked for on version {request.agreement_version} of the agreement, which is at version "
            f"{agreement.version}: accepting it would undo that change. Decline it; the organisation asks again on the "
            "present one.",
            field="id",
            status=409,
        )


def is_undecided(status: ChangeRequestStatus | TaskReportStatus) -> None:
    if status not in (ChangeRequestStatus.REQUESTED, TaskReportStatus.SUBMITTED):
        raise Refused("ALREADY_DECIDED", pl="Decyzja już zapadła.", en="This is decided already.", status=409)


def has_reason(accept: bool, reason: str | None) -> None:
    if not accept and reason is None:
        raise Refused(
            "REASON_REQUIRED",
            pl="Odmowa wymaga uzasadnienia: podaj je.",
            en="A refusal needs a reason: give it.",
            field="reason",
        )


def can_be_reported(agreement: Agreement, earlier: TaskReport | None, spent: str, today: date) -> None:
    if today < agreement.ends_on:
        raise Refused(
            "TASK_NOT_OVER",
            pl=f"Sprawozdanie końcowe składa się po zakończeniu zadania, od {agreement.ends_on}.",
            en=f"The final report comes after the end of the task, from {agreement.ends_on} on.",
            legal_basis=f"art. 18 ust. 1 {ACT}",
            status=409,
        )
    if earlier is not None and earlier.status is not TaskReportStatus.RETURNED:
        raise Refused(
            "REPORTED_ALREADY",
            pl="Sprawozdanie jest już złożone.",
            en="There is a report on this already.",
            field="agreementId",
            status=409,
        )
    if grosze(spent) > grosze(agreement.grant):
        raise Refused(
            "SPENT_ABOVE_GRANT",
            pl=f"Z dotacji {agreement.grant} zł nie można wydać {spent} zł.",
            en=f"Of a grant of {agreement.grant} PLN, {spent} PLN cannot be spent.",
            field="spent",
        )


def unknown(field: str) -> Refused:
    return Refused(
        "UNKNOWN_ID", pl="Nie ma niczego o tym identyfikatorze.", en="There is nothing with this id.", field=field
    )
