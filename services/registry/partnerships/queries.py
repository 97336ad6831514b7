"""How partnerships are read; all of it is public."""

from services.registry.partnerships.collections import PARTNERSHIPS
from shared.contracts.organisations import Partnership, PartnershipFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, containing, equal


def _partnerships(asked: PartnershipFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (
        *equal(kind=asked.kind, district_id=asked.district_id),
        *containing(member_ids=asked.member_id),
    )


LISTINGS = (Listing(PARTNERSHIPS, Partnership, PartnershipFilter, _partnerships),)
