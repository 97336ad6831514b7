"""How districts and centres are read; all of it is public."""

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.spans import holding
from shared.contracts.centres import Centre, CentreFilter
from shared.contracts.organisations import District, DistrictFilter
from shared.contracts.people import Viewer
from shared.polish import fold
from shared.service.reading import Listing
from shared.store.port import Condition, In, Prefix, containing, equal


def _districts(asked: DistrictFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (Prefix("folded", fold(asked.name_starts_with)),) if asked.name_starts_with else ()


def _centres(asked: CentreFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = [
        *equal(kind=asked.kind, district_id=asked.district_id, coordinator_id=asked.coordinator_id)
    ]
    where += containing(activity_kinds=asked.activity, target_group_kinds=asked.target_group)
    if asked.as_of is None:
        where += containing(operator_ids=asked.operator_id, covered_ids=asked.covers_district_id)
        return tuple(where)
    where.append(In("existed_days", holding("", asked.as_of)))
    for days, of in (("ran_days", asked.operator_id), ("coverage_days", asked.covers_district_id)):
        if of is not None:
            where.append(In(days, holding(of, asked.as_of)))
    return tuple(where)


def _of_that_day(centre: Centre, asked: CentreFilter) -> Centre:
    return centre if asked.as_of is None else centre.on(asked.as_of)


LISTINGS = (
    Listing(DISTRICTS, District, DistrictFilter, _districts),
    Listing(CENTRES, Centre, CentreFilter, _centres, shown=_of_that_day),
)
