"""What the events service stores, and by which keys it is found."""

from datetime import UTC, datetime

from shared.contracts.base import Entity
from shared.contracts.events import Event
from shared.service.handing import HANDOVERS
from shared.store.port import Collection, Key

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)

EVENTS = Collection(
    "events",
    Event,
    "evt",
    keys={
        # one whose day a source does not give comes last
        "starts": Key(lambda e: e.starts_at or _NEVER),
        "starts_at": Key(lambda e: e.starts_at),
        "ends_at": Key(lambda e: e.ends_at or e.starts_at),
        "kind": Key(lambda e: e.kind),
        "status": Key(lambda e: e.status),
        "organizer_ids": Key(lambda e: e.organizer_ids, multi=True),
        "district_ids": Key(lambda e: e.district_ids, multi=True),
        "partnership_ids": Key(lambda e: e.partnership_ids, multi=True),
        "consultation_id": Key(lambda e: e.consultation_id),
        "follows": Key(lambda e: e.consultation_id if e.follows_version is not None else None),
    },
    orders=("starts", "-starts"),
)


class Followed(Entity, frozen=True, kw_only=True):
    """Up to which version of a consultation the calendar follows it; the id is `fol_` and the consultation's rest."""

    consultation_version: int


FOLLOWED: Collection[Followed] = Collection("followed", Followed, "fol")

ALL = (EVENTS, FOLLOWED, HANDOVERS)
