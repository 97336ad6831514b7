"""How partnerships are read, now and as of any day; all of it is public."""

from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.spans import holding
from shared.contracts.partnerships import Partnership, PartnershipFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, containing, equal


def _partnerships(asked: PartnershipFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = [*equal(kind=asked.kind, district_id=asked.district_id, field=asked.field)]
    if asked.as_of is None:
        where += containing(member_ids=asked.member_id)
    else:
        where.append(In("days", holding("", asked.as_of)))
        if asked.member_id is not None:
            where.append(In("member_days", holding(asked.member_id, asked.as_of)))
    return tuple(where)


def _of_that_day(partnership: Partnership, asked: PartnershipFilter) -> Partnership:
    return partnership if asked.as_of is None else partnership.on(asked.as_of)


LISTINGS = (Listing(PARTNERSHIPS, Partnership, PartnershipFilter, _partnerships, shown=_of_that_day),)
