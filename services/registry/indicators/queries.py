"""How indicators are read; all of them are public."""

from services.registry.indicators.collections import INDICATORS
from shared.contracts.indicators import Indicator, IndicatorFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, equal


def _indicators(asked: IndicatorFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return tuple(
        equal(organization_id=asked.organization_id, project_id=asked.project_id, year=asked.year, name=asked.name)
    )


LISTINGS = (Listing(INDICATORS, Indicator, IndicatorFilter, _indicators, facets={"name": "name", "year": "year"}),)
