"""What of a report on another service's record can be passed on; pure decisions, no store."""

from services.registry.corrections.content import place_of
from shared.contracts.correcting import read_value
from shared.contracts.handovers import KEPT_ELSEWHERE, Kept


def kept_elsewhere(record_id: str) -> Kept | None:
    return KEPT_ELSEWHERE.get(record_id.partition("_")[0])


def can_be_passed_on(kept: Kept, field: str | None, text: str) -> str:
    """The field. Raises Refused for what the other service could only decline: it knows the same contract."""
    named, annotation = place_of(kept, field)
    read_value(annotation, text, named)
    return named
