"""How offers are read: before the results by their organisations, officials and evaluators only."""

from services.registry.calls.rules import STAFF
from services.registry.offers import rules
from services.registry.offers.collections import OFFERS
from shared.contracts.calls import Offer, OfferFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, containing, equal


def _offers(asked: OfferFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where = equal(call_id=asked.call_id, status=asked.status) + containing(organization_ids=asked.organization_id)
    if viewer is None or not viewer.has(*STAFF):
        where.append(In("readers", rules.reads_as(viewer)))
    return tuple(where)


LISTINGS = (Listing(OFFERS, Offer, OfferFilter, _offers, visible=rules.may_see, facets={"status": "status"}),)
