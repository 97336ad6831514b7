"""Open calls, and by which keys they are found."""

from shared.contracts.calls import Call
from shared.store.port import Collection, Key

CALLS = Collection(
    "calls",
    Call,
    "cal",
    keys={
        "offers_until": Key(lambda c: c.offers_until),
        "status": Key(lambda c: c.status),
        "organizer_id": Key(lambda c: c.organizer_id),
    },
    orders=("-offers_until", "offers_until"),
)
