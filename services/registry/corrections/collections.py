"""Error reports as the registry stores them, and by which keys they are found."""

from shared.contracts.corrections import Correction
from shared.store.port import Collection, Key


class StoredCorrection(Correction, frozen=True, kw_only=True):
    """With what is never sent: who reported it, unless it was a visitor, and who decided (subjects of tokens)."""

    reported_by: str | None = None
    decided_by: str | None = None


CORRECTIONS = Collection(
    "corrections",
    StoredCorrection,
    "cor",
    keys={
        "created": Key(lambda c: c.created_at),
        "decide_by": Key(lambda c: c.decide_by),
        "record_id": Key(lambda c: c.record_id),
        "status": Key(lambda c: c.status),
        "reported_by": Key(lambda c: c.reported_by),
    },
    orders=("decide_by", "-created"),
)
