"""How practices are read: the catalogue by everybody, submissions by those who decide and by their submitters."""

from services.registry.practices import rules
from services.registry.practices.collections import PRACTICES
from shared.contracts.people import Viewer
from shared.contracts.practices import Practice, PracticeFilter, PracticeStatus
from shared.polish import fold, words
from shared.service.reading import Listing
from shared.store.port import Condition, Eq, In, containing, equal


def _practices(asked: PracticeFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    wanted = asked.status or PracticeStatus.PUBLISHED
    where: list[Condition] = [Eq("status", wanted)]
    if wanted is not PracticeStatus.PUBLISHED and (viewer is None or not viewer.has(*rules.REVIEWERS)):
        where.append(Eq("submitted_by", viewer.subject) if viewer is not None else In("status", ()))
    if asked.search:
        where += [In("roots", stems) for stems in words(asked.search) or [()]]
    where += equal(kind=asked.kind)
    where += containing(
        fields=asked.field,
        tags=fold(asked.tag) if asked.tag else None,
        organization_ids=asked.organization_id,
        project_ids=asked.project_id,
        agreement_ids=asked.agreement_id,
        district_ids=asked.district_id,
    )
    return tuple(where)


LISTINGS = (
    Listing(
        PRACTICES,
        Practice,
        PracticeFilter,
        _practices,
        visible=rules.may_see,
        facets={"kind": "kind", "field": "fields", "tag": "tags"},
    ),
)
