"""How districts and centres are read; all of it is public."""

from services.registry.centres.collections import CENTRES, DISTRICTS
from shared.contracts.organisations import Centre, CentreFilter, District, DistrictFilter
from shared.contracts.people import Viewer
from shared.polish import fold
from shared.service.reading import Listing
from shared.store.port import Condition, Prefix, containing, equal


def _districts(asked: DistrictFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (Prefix("folded", fold(asked.name_starts_with)),) if asked.name_starts_with else ()


def _centres(asked: CentreFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (
        *equal(kind=asked.kind, district_id=asked.district_id),
        *containing(operator_ids=asked.operator_id),
    )


LISTINGS = (
    Listing(DISTRICTS, District, DistrictFilter, _districts),
    Listing(CENTRES, Centre, CentreFilter, _centres),
)
