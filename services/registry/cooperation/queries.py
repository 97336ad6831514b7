"""How records of cooperation are read; all of it is public."""

from datetime import timedelta

from services.registry.cooperation.collections import COOPERATIONS
from shared.contracts.cooperation import Cooperation, CooperationFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, Range, containing, equal


def _cooperations(asked: CooperationFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = [*equal(financial=asked.financial, mode=asked.mode, project_id=asked.project_id)]
    if asked.form is not None:
        where.append(In("form", asked.form))
    if asked.until is not None:
        where.append(Range("since", lt=asked.until + timedelta(days=1)))
    if asked.since is not None:
        where.append(Range("until", ge=asked.since))
    where += containing(taking_part=asked.organization_id, district_ids=asked.district_id)
    return tuple(where)


LISTINGS = (
    Listing(
        COOPERATIONS,
        Cooperation,
        CooperationFilter,
        _cooperations,
        facets={"form": "form", "mode": "mode"},
    ),
)
