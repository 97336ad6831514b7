"""The evaluations of each offer, in one record per offer.

One record, so that whether a viewer's own evaluation is in can be read off it, and so that an evaluation and the
publication of results at the same moment meet.
"""

from datetime import date

from services.registry.offers.collections import EVERYONE
from shared.contracts.calls import OfferEvaluations
from shared.store.port import Collection, Key


class StoredOfferEvaluations(OfferEvaluations, frozen=True, kw_only=True):
    """With what is never sent: whose evaluations these are (subjects of tokens), in their order."""

    evaluators: tuple[str, ...] = ()
    results_on: date | None = None


def readers(evaluations: StoredOfferEvaluations) -> tuple[str, ...]:
    """Who may see them, officials aside: those whose own is in, and after the results everyone."""
    return (EVERYONE,) if evaluations.results_on is not None else evaluations.evaluators


EVALUATIONS = Collection(
    "offerevaluations",
    StoredOfferEvaluations,
    "oev",
    keys={
        "created": Key(lambda e: e.created_at),
        "offer_id": Key(lambda e: e.offer_id),
        "call_id": Key(lambda e: e.call_id),
        "readers": Key(readers, multi=True),
    },
    orders=("created",),
)
