"""How error reports are read: all by the reviewers, one's own by everybody."""

from services.registry.corrections.collections import CORRECTIONS
from services.registry.corrections.rules import may_see
from services.registry.organisations.rules import REVIEWERS
from shared.contracts.corrections import Correction, CorrectionFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, Eq, In, Range, equal


def _corrections(asked: CorrectionFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = equal(record_id=asked.record_id, status=asked.status)
    if asked.decide_before is not None:
        where.append(Range("decide_by", lt=asked.decide_before))
    if viewer is None:
        where.append(In("reported_by", ()))
    elif not viewer.has(*REVIEWERS):
        where.append(Eq("reported_by", viewer.subject))
    return tuple(where)


LISTINGS = (
    Listing(CORRECTIONS, Correction, CorrectionFilter, _corrections, visible=may_see, facets={"status": "status"}),
)
