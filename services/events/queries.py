"""How the calendar is read: what its filter means. All of it is public."""

from services.events.collections import EVENTS
from shared.clock import now
from shared.contracts.events import Event, EventFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, Range, containing, equal


def _events(asked: EventFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = []
    if asked.starts_from or asked.starts_before:
        where.append(Range("starts_at", asked.starts_from, asked.starts_before))
    if asked.upcoming is not None:
        moment = now()
        where.append(Range("ends_at", ge=moment) if asked.upcoming else Range("ends_at", lt=moment))
    if asked.kind is not None:
        where.append(In("kind", asked.kind))
    where += equal(status=asked.status, consultation_id=asked.consultation_id)
    where += containing(
        organizer_ids=asked.organizer_id, district_ids=asked.district_id, partnership_ids=asked.partnership_id
    )
    return tuple(where)


LISTINGS = (Listing(EVENTS, Event, EventFilter, _events, facets={"kind": "kind", "status": "status"}),)
