"""How projects are read; all of it is public."""

from services.registry.projects.collections import PROJECTS
from services.registry.spans import holding
from shared.contracts.people import Viewer
from shared.contracts.projects import Project, ProjectFilter
from shared.polish import fold, words
from shared.service.reading import Listing
from shared.store.port import Condition, In, Prefix, containing, equal


def _projects(asked: ProjectFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = [*equal(leader_id=asked.leader_id)]
    if asked.search:
        where += [In("roots", stems) for stems in words(asked.search) or [()]]
    if asked.name_starts_with:
        where.append(Prefix("folded", fold(asked.name_starts_with)))
    if asked.as_of is not None:
        where.append(In("days", holding("", asked.as_of)))
    where += containing(
        taking_part=asked.participant_id, district_ids=asked.district_id, funding_kinds=asked.funding_kind
    )
    return tuple(where)


LISTINGS = (Listing(PROJECTS, Project, ProjectFilter, _projects, facets={"fundingKind": "funding_kinds"}),)
