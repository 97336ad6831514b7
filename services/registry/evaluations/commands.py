"""Evaluating offers, formally and on merit: load, decide, put, tell."""

from services.registry.calls.rules import is_staff
from services.registry.evaluations import rules
from services.registry.evaluations.collections import EVALUATIONS, StoredOfferEvaluations
from services.registry.offers import confirming
from services.registry.offers.collections import OFFERS
from services.registry.offers.commands import put_offer, with_call
from shared import clock
from shared.contracts.calls import EvaluateOffer, EvaluateOfferFormally, Evaluation, FormalOutcome, Offer, OfferStatus
from shared.contracts.people import Viewer
from shared.ids import id_of
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Eq, In, Query, Transaction


def evaluations_id(offer_id: str) -> str:
    return id_of("oev", offer_id)


async def evaluate_offer_formally(tx: Transaction, viewer: Viewer, command: EvaluateOfferFormally) -> Offer:
    """An accepted offer gets its sheet of evaluations, still empty."""
    is_staff(viewer)
    offer, call = await with_call(tx, await tx.get(OFFERS, command.id), "id")
    moment = clock.now()
    today = clock.local(moment).date()
    rules.offers_are_closed(call, moment)
    rules.can_be_evaluated_formally(offer, command, today)
    match command.outcome:
        case FormalOutcome.REJECT:
            return await put_offer(tx, "rejected", offer, status=OfferStatus.REJECTED, faults=command.faults)
        case FormalOutcome.CORRECT:
            until = rules.correct_until(call, today)
            return await put_offer(
                tx,
                "returned",
                offer,
                status=OfferStatus.TO_CORRECT,
                faults=command.faults,
                correct_until=until,
            )
    confirming.all_take_part(offer.organization_ids, offer.confirmed_ids, "confirmOffer")
    sheet = StoredOfferEvaluations(
        id=evaluations_id(offer.id),
        version=1,
        created_at=moment,
        updated_at=moment,
        offer_id=offer.id,
        call_id=call.id,
    )
    await tx.put(EVALUATIONS, sheet)
    await changed(tx, "registry", "opened", sheet, (sheet.call_id,))
    return await put_offer(tx, "accepted", offer, status=OfferStatus.ACCEPTED, faults=None)


async def evaluate_offer(tx: Transaction, viewer: Viewer, command: EvaluateOffer) -> StoredOfferEvaluations:
    rules.is_evaluator(viewer)
    offer, call = await with_call(tx, await tx.get(OFFERS, command.offer_id), "offerId")
    applying = (Eq("call_id", call.id), In("organization_ids", tuple(viewer.organization_ids)))
    applies = bool(await tx.find(Query(OFFERS, applying, limit=1)))
    rules.is_there_to_evaluate(offer, viewer, applies)
    rules.represents_no_applicant(applies)
    sheet = rules.open_sheet(offer, call, await tx.get(EVALUATIONS, evaluations_id(offer.id)), viewer)
    rules.points_are_within(command, call)
    made = Evaluation(
        scores=command.scores,
        total=sum(score.points for score in command.scores),
        justification=command.justification,
    )
    sheet = next_version(
        sheet,
        evaluations=(*sheet.evaluations, made),
        evaluators=(*sheet.evaluators, viewer.subject),
    )
    await tx.put(EVALUATIONS, sheet)
    await changed(tx, "registry", "evaluated", sheet, (sheet.call_id,))
    return sheet
