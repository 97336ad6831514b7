"""How likely duplicates are read: by those who decide on submissions, and by nobody else."""

from services.registry.organisations.rules import REVIEWERS
from services.registry.submissions.collections import LIKELY_DUPLICATES
from shared.contracts.lifecycle import LikelyDuplicate, LikelyDuplicateFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, containing


def _likely_duplicates(asked: LikelyDuplicateFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    if not _visible(None, viewer):
        return (In("organization_ids", ()),)
    return tuple(containing(organization_ids=asked.organization_id))


def _visible(_: LikelyDuplicate | None, viewer: Viewer | None) -> bool:
    return viewer is not None and viewer.has(*REVIEWERS)


LISTINGS = (Listing(LIKELY_DUPLICATES, LikelyDuplicate, LikelyDuplicateFilter, _likely_duplicates, visible=_visible),)
