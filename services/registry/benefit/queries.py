"""How the public-benefit list is read; all of it is public."""

from services.registry.benefit.collections import BENEFITS
from shared.contracts.benefit import PublicBenefitEntry, PublicBenefitFilter
from shared.contracts.people import Viewer
from shared.polish import fold
from shared.service.reading import Listing
from shared.store.port import Condition, Prefix, equal


def _entries(asked: PublicBenefitFilter, _: Viewer | None) -> tuple[Condition, ...]:
    starting = (Prefix("folded", fold(asked.name_starts_with)),) if asked.name_starts_with else ()
    return (
        *starting,
        *equal(year=asked.tax_year, organization_id=asked.organization_id, status=asked.status),
    )


LISTINGS = (
    Listing(BENEFITS, PublicBenefitEntry, PublicBenefitFilter, _entries, facets={"status": "status", "year": "year"}),
)
