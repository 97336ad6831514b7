"""Who may make an offer, until when, and what it must hold; pure decisions, no store."""

from collections.abc import Sequence
from datetime import date, datetime

from services.registry.calls.rules import STAFF, announced_in_full_on, takes_offers
from services.registry.law.rules import ACT
from services.registry.offers.collections import EVALUATORS, EVERYONE, readers
from services.registry.organisations.rules import NO_RECIPIENTS, represented
from shared.clock import midnight
from shared.contracts.calls import Call, CallStatus, CallTask, Offer, OfferStatus
from shared.contracts.organisations import Organization
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current

_IN_POLISH = {
    OfferStatus.SUBMITTED: "złożona i czeka na ocenę formalną",
    OfferStatus.TO_CORRECT: "odesłana do poprawy",
    OfferStatus.ACCEPTED: "przyjęta w ocenie formalnej",
    OfferStatus.REJECTED: "odrzucona w ocenie formalnej",
    OfferStatus.WITHDRAWN: "wycofana",
    OfferStatus.FUNDED: "rozpatrzona: dostała dotację",
    OfferStatus.UNFUNDED: "rozpatrzona: nie dostała dotacji",
}


def reads_as(viewer: Viewer | None) -> tuple[str, ...]:
    """What the viewer is among an offer's readers. Officials read all of them."""
    represents = represented(viewer)
    # who also represents an organisation may be a rival in the very call
    evaluates = viewer is not None and viewer.has(Role.EVALUATOR) and not represents
    return (EVERYONE, *represents, *((EVALUATORS,) if evaluates else ()))


def may_see(offer: Offer, viewer: Viewer | None) -> bool:
    if viewer is not None and viewer.has(*STAFF):
        return True
    return not set(readers(offer)).isdisjoint(reads_as(viewer))


def may_offer(viewer: Viewer, organization_ids: Sequence[str]) -> None:
    """One who represents any of the organisations; an official enters what came on paper."""
    if not viewer.has(*STAFF) and represented(viewer).isdisjoint(organization_ids):
        raise Refused(
            "FORBIDDEN",
            pl="Ofertę składa, zmienia i wycofuje przedstawiciel organizacji; złożoną na papierze wpisuje urząd.",
            en="An offer is made, changed and withdrawn by a representative of its organisation; an official enters "
            "one on paper.",
            status=403,
        )


def receipt(viewer: Viewer, given: datetime | None, moment: datetime) -> datetime:
    """The moment of receipt: now, or the earlier one at which an official took the paper."""
    if given is None:
        return moment
    if not viewer.has(*STAFF) or given > moment:
        raise Refused(
            "RECEIPT_WRONG",
            pl="Inną chwilę wpływu podaje tylko urząd, i nie może być ona w przyszłości.",
            en="Only the office gives another moment of receipt, and not one in the future.",
            field="receivedAt",
        )
    return given


def in_time(call: Call, received: datetime) -> None:
    """The moment of receipt decides, from the last of the three announcements on."""
    announced = announced_in_full_on(call)
    if received < midnight(announced):
        raise Refused(
            "OFFERS_NOT_YET",
            pl=f"Oferty w tym konkursie przyjmuje się od ostatniego ogłoszenia, czyli od {announced}.",
            en=f"This call takes offers from its last announcement on, that is from {announced}.",
            field="callId",
            legal_basis=f"art. 13 ust. 1 {ACT}",
            status=409,
        )
    if call.status is not CallStatus.ANNOUNCED or not takes_offers(call, received):
        raise Refused(
            "OFFERS_CLOSED",
            pl=f"Oferty w tym konkursie przyjmowano do końca dnia {call.offers_until}.",
            en=f"This call took offers until the end of {call.offers_until}.",
            field="callId",
            legal_basis=f"art. 13 ust. 2 pkt 5 {ACT}",
            status=409,
        )


def task_of(call: Call, task_id: str) -> CallTask:
    for task in call.tasks:
        if task.id == task_id:
            return task
    raise Refused(
        "UNKNOWN_TASK", pl="Ten konkurs nie ma takiego zadania.", en="This call has no such task.", field="taskId"
    )


def may_receive(organization: Organization, place: int) -> None:
    if organization.legal_form in NO_RECIPIENTS:
        raise Refused(
            "NOT_AN_ORGANIZATION",
            pl="Ofertę składa organizacja pozarządowa albo podmiot z art. 3 ust. 3, nie jednostka publiczna;"
            " za placówkę składa ją ten, kto ją prowadzi.",
            en="An offer is made by a non-governmental organisation or an entity of art. 3(3), not by a public body;"
            " for a centre, whoever runs it makes it.",
            field=f"organizationIds.{place}",
            legal_basis=f"art. 11 ust. 3 {ACT}",
        )


def named_once(organization_ids: Sequence[str]) -> None:
    if len(set(organization_ids)) != len(organization_ids):
        raise Refused(
            "ORGANIZATION_TWICE",
            pl="Każdą organizację wymień raz.",
            en="Name each organisation once.",
            field="organizationIds",
        )


def stays_within_number(call: Call, task_id: str, made: Sequence[Offer], place: int) -> None:
    """By the call's own rule; the act has none. What was withdrawn does not count."""
    count = sum(offer.task_id == task_id and offer.status is not OfferStatus.WITHDRAWN for offer in made)
    if call.offers_per_organization is not None and count >= call.offers_per_organization:
        raise Refused(
            "OFFERS_OF_ORGANIZATION_REACHED",
            pl="W tym konkursie liczba ofert organizacji na jedno zadanie, samodzielnych i wspólnych, to najwyżej "
            f"{call.offers_per_organization}; zmień złożoną albo ją wycofaj.",
            en="In this call the number of an organisation's offers for one task, alone and jointly, is at most "
            f"{call.offers_per_organization}; change one that was made, or withdraw it.",
            field=f"organizationIds.{place}",
            status=409,
        )


def can_be_changed(offer: Offer, call: Call, expected_version: int, moment: datetime, today: date) -> None:
    """While the call takes offers, or within the term given for correction."""
    version_is_current(offer.version, expected_version)
    if offer.status is OfferStatus.TO_CORRECT:
        if offer.correct_until is None or today > offer.correct_until:
            raise Refused(
                "CORRECTION_OVER",
                pl=f"Ofertę można było poprawić do {offer.correct_until}.",
                en=f"The offer could be corrected until {offer.correct_until}.",
                status=409,
            )
        return
    _has_status(offer, OfferStatus.SUBMITTED)
    in_time(call, moment)


def can_be_confirmed(offer: Offer, expected_version: int) -> None:
    """Until the formal evaluation is over, also after the term for offers: that it came in time is certain."""
    version_is_current(offer.version, expected_version)
    _has_status(offer, OfferStatus.SUBMITTED, OfferStatus.TO_CORRECT)


def can_be_withdrawn(offer: Offer, expected_version: int) -> None:
    version_is_current(offer.version, expected_version)
    _has_status(offer, OfferStatus.SUBMITTED, OfferStatus.TO_CORRECT, OfferStatus.ACCEPTED)


def unknown(field: str) -> Refused:
    return Refused(
        "UNKNOWN_OFFER", pl="Nie ma oferty o tym identyfikatorze.", en="There is no offer with this id.", field=field
    )


def wrong_status(offer: Offer) -> Refused:
    return Refused(
        "WRONG_STATUS",
        pl=f"Oferta jest teraz {_IN_POLISH[offer.status]}; tej czynności nie można na niej wykonać.",
        en=f"The offer is {offer.status.value} now; this cannot be done with it.",
        status=409,
    )


def _has_status(offer: Offer, *wanted: OfferStatus) -> None:
    if offer.status not in wanted:
        raise wrong_status(offer)
