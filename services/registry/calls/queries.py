"""How open calls are read; all of it is public."""

from services.registry.calls.collections import CALLS
from shared.contracts.calls import Call, CallFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, Range, equal


def _calls(asked: CallFilter, _: Viewer | None) -> tuple[Condition, ...]:
    still_open = (Range("offers_until", ge=asked.open_on),) if asked.open_on else ()
    return (*equal(status=asked.status, organizer_id=asked.organizer_id), *still_open)


LISTINGS = (Listing(CALLS, Call, CallFilter, _calls, facets={"status": "status"}),)
