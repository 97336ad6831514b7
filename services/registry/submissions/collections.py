"""What submissions leave beside the register: which organisations they may double, and which names were claimed."""

from shared.contracts.base import Entity
from shared.contracts.lifecycle import LikelyDuplicate
from shared.store.port import Collection, Key


class NameClaim(Entity, frozen=True, kw_only=True):
    """Written by every submission of a name, so that of two at once one comes second. Its id is the name's hash."""


NAME_CLAIMS: Collection[NameClaim] = Collection("name_claims", NameClaim, "nam")

LIKELY_DUPLICATES = Collection(
    "likely_duplicates",
    LikelyDuplicate,
    "dup",
    keys={
        "created": Key(lambda d: d.created_at),
        "organization_ids": Key(lambda d: (d.organization_id, d.other_id), multi=True),
    },
    orders=("-created",),
)
