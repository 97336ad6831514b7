"""Who may evaluate an offer, when, and with which points; pure decisions, no store."""

from datetime import date, datetime, timedelta

from services.registry.calls.rules import STAFF, takes_offers
from services.registry.evaluations.collections import StoredOfferEvaluations, readers
from services.registry.law.rules import ACT
from services.registry.offers import rules as offers
from services.registry.offers.collections import EVERYONE
from shared.clock import deadline
from shared.contracts.calls import (
    Call,
    CallStatus,
    EvaluateOffer,
    EvaluateOfferFormally,
    FormalOutcome,
    Offer,
    OfferStatus,
)
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current


def reads_all(viewer: Viewer | None) -> bool:
    """Officials do, unless they evaluate themselves: then they wait like all evaluators."""
    return viewer is not None and viewer.has(*STAFF) and not viewer.has(Role.EVALUATOR)


def reads_as(viewer: Viewer | None) -> tuple[str, ...]:
    return (EVERYONE,) if viewer is None else (EVERYONE, viewer.subject)


def may_see(evaluations: StoredOfferEvaluations, viewer: Viewer | None) -> bool:
    """Evaluators do not see each other's scores before their own are in."""
    return reads_all(viewer) or not set(readers(evaluations)).isdisjoint(reads_as(viewer))


def offers_are_closed(call: Call, moment: datetime) -> None:
    if takes_offers(call, moment):
        raise Refused(
            "CALL_STILL_OPEN",
            pl=f"Oferty można składać i zmieniać do końca dnia {call.offers_until}; ocena zaczyna się potem.",
            en=f"Offers can be made and changed until the end of {call.offers_until}; evaluation begins after that.",
            status=409,
        )


def can_be_evaluated_formally(offer: Offer, command: EvaluateOfferFormally, today: date) -> None:
    """A corrected offer is evaluated anew; one that was not corrected, when its term is over."""
    version_is_current(offer.version, command.expected_version)
    if offer.status is OfferStatus.TO_CORRECT and offer.correct_until is not None and today <= offer.correct_until:
        raise Refused(
            "CORRECTION_NOT_OVER",
            pl=f"Organizacja może poprawiać ofertę do {offer.correct_until}.",
            en=f"The organisation can correct the offer until {offer.correct_until}.",
            status=409,
        )
    if offer.status not in (OfferStatus.SUBMITTED, OfferStatus.TO_CORRECT):
        raise offers.wrong_status(offer)
    if command.outcome is FormalOutcome.CORRECT and offer.correct_until is not None:
        raise Refused(
            "CORRECTED_ONCE",
            pl="Ofertę można odesłać do poprawy raz; teraz trzeba ją przyjąć albo odrzucić.",
            en="An offer can be sent back once; now it has to be accepted or rejected.",
            field="outcome",
            status=409,
        )
    if command.outcome is not FormalOutcome.ACCEPT and command.faults is None:
        raise Refused(
            "FAULTS_REQUIRED",
            pl="Podaj, jakie są błędy formalne.",
            en="Say what the formal faults are.",
            field="faults",
        )


def correct_until(call: Call, today: date) -> date:
    """Today is not counted; a last day that is a day off moves on."""
    return deadline(today + timedelta(days=call.correction_days))


def is_evaluator(viewer: Viewer) -> None:
    if not viewer.has(Role.EVALUATOR):
        raise Refused(
            "FORBIDDEN",
            pl="Oferty ocenia członek komisji konkursowej.",
            en="Offers are evaluated by a member of the call's committee.",
            legal_basis=f"art. 15 ust. 2a {ACT}",
            status=403,
        )


def is_there_to_evaluate(offer: Offer, viewer: Viewer, applies: bool) -> None:
    """Accepted offers are there for the committee, which an organisation that does not apply may be represented in.
    All others are as good as not there, unless the evaluator may read them anyway."""
    for_committee = offer.status is OfferStatus.ACCEPTED and not applies
    if not for_committee and not offers.may_see(offer, viewer):
        raise offers.unknown("offerId")


def represents_no_applicant(represented: bool) -> None:
    if represented:
        raise Refused(
            "CONFLICT_OF_INTEREST",
            pl="Kto reprezentuje organizację startującą w konkursie, nie ocenia w nim ofert.",
            en="Who represents an organisation that takes part in the call does not evaluate its offers.",
            field="offerId",
            legal_basis=f"art. 15 ust. 2d {ACT}",
            status=403,
        )


def open_sheet(
    offer: Offer, call: Call, evaluations: StoredOfferEvaluations | None, viewer: Viewer
) -> StoredOfferEvaluations:
    """The sheet to which this evaluator may add: of an accepted offer, before the results, and once."""
    if offer.status is not OfferStatus.ACCEPTED or call.status is not CallStatus.ANNOUNCED or evaluations is None:
        raise offers.wrong_status(offer)
    if viewer.subject in evaluations.evaluators:
        raise Refused(
            "EVALUATED_ALREADY",
            pl="Ta oferta ma już Twoją ocenę; każdy ocenia ją raz.",
            en="You evaluated this offer already; everybody does so once.",
            field="offerId",
            status=409,
        )
    return evaluations


def points_are_within(command: EvaluateOffer, call: Call) -> None:
    """Points for each criterion once, none above its maximum."""
    maxima = {criterion.id: criterion.max_points for criterion in call.criteria}
    for place, score in enumerate(command.scores):
        limit = maxima.pop(score.criterion_id, None)
        if limit is None:
            raise Refused(
                "UNKNOWN_CRITERION",
                pl="Ten konkurs nie ma takiego kryterium (albo podano je dwa razy).",
                en="This call has no such criterion (or it was given twice).",
                field=f"scores.{place}.criterionId",
            )
        if score.points > limit:
            raise Refused(
                "POINTS_ABOVE_MAXIMUM",
                pl=f"W tym kryterium jest najwyżej {limit} punktów.",
                en=f"There are at most {limit} points for this criterion.",
                field=f"scores.{place}.points",
            )
    if maxima:
        raise Refused(
            "CRITERION_MISSING",
            pl="Oceń każde kryterium konkursu.",
            en="Give points for every criterion of the call.",
            field="scores",
        )
