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
    where: list[Condition] = [*equal(kind=asked.kind, district_id=asked.district_id)]
    if asked.as_of is None:
        where += containing(operator_ids=asked.operator_id)
    elif asked.operator_id is not None:
        where.append(In("operator_days", holding(asked.operator_id, asked.as_of)))
    return tuple(where)


def _of_that_day(centre: Centre, asked: CentreFilter) -> Centre:
    return centre if asked.as_of is None else centre.on(asked.as_of)


LISTINGS = (
    Listing(DISTRICTS, District, DistrictFilter, _districts),
    Listing(CENTRES, Centre, CentreFilter, _centres, shown=_of_that_day),
)
