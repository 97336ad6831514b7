"""Offers, and by which keys they are found."""

from shared.contracts.base import Entity, Id
from shared.contracts.calls import Offer, OfferStatus
from shared.store.port import Collection, Key

EVERYONE = "everyone"
EVALUATORS = "evaluators"


class Offerer(Entity, frozen=True, kw_only=True):
    """That an organisation offers in a call which limits how many. Never sent.

    Every such offer writes it, so that of two at the same moment the later one sees the earlier.
    """

    call_id: Id
    organization_id: Id


def readers(offer: Offer) -> tuple[str, ...]:
    """Who may see it, officials aside: its organisations, evaluators of what was accepted, and at last everyone."""
    if offer.results_on is not None:
        return (EVERYONE,)
    return (*offer.organization_ids, *((EVALUATORS,) if offer.status is OfferStatus.ACCEPTED else ()))


OFFERS = Collection(
    "offers",
    Offer,
    "ofr",
    keys={
        "received": Key(lambda o: o.received_at),
        "call_id": Key(lambda o: o.call_id),
        "organization_ids": Key(lambda o: o.organization_ids, multi=True),
        "status": Key(lambda o: o.status),
        "readers": Key(readers, multi=True),
    },
    orders=("received", "-received"),
)

OFFERERS = Collection("offerers", Offerer, "ofc")
