"""Projects with their funders and partners. By which keys they are found."""

from collections.abc import Iterator

from services.registry.spans import marks
from shared.contracts.projects import Project
from shared.polish import fold, sort_key, stems
from shared.store.port import Collection, Key


def _takes_part(project: Project) -> Iterator[str]:
    if project.leader_id is not None:
        yield project.leader_id
    yield from project.partner_ids
    yield from (one.organization_id for one in project.participants if one.organization_id is not None)


def _days(project: Project) -> tuple[str, ...]:
    period = project.period
    return tuple(marks("", period.first if period else None, period.last if period else None))


PROJECTS = Collection(
    "projects",
    Project,
    "prj",
    keys={
        "name": Key(lambda p: sort_key(p.name), edition=1),
        "folded": Key(lambda p: fold(p.name)),
        "roots": Key(lambda p: stems(" ".join((p.name, p.programme or "", *p.funders))), multi=True, edition=1),
        "leader_id": Key(lambda p: p.leader_id),
        "taking_part": Key(lambda p: tuple(_takes_part(p)), multi=True),
        "district_ids": Key(lambda p: p.district_ids, multi=True),
        "funding_kinds": Key(lambda p: p.funding_kinds, multi=True),
        "days": Key(_days, multi=True),
    },
    orders=("name",),
)
