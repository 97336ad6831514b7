"""How evaluations are read: by an evaluator once the own one is in, by officials, and after the results by all."""

from services.registry.evaluations import rules
from services.registry.evaluations.collections import EVALUATIONS
from shared.contracts.calls import OfferEvaluations, OfferEvaluationsFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, equal


def _evaluations(asked: OfferEvaluationsFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where = equal(offer_id=asked.offer_id, call_id=asked.call_id)
    if not rules.reads_all(viewer):
        where.append(In("readers", rules.reads_as(viewer)))
    return tuple(where)


LISTINGS = (Listing(EVALUATIONS, OfferEvaluations, OfferEvaluationsFilter, _evaluations, visible=rules.may_see),)
