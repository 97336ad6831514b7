"""Partnerships, local and sectoral. By which keys they are found."""

from shared.contracts.organisations import Partnership
from shared.polish import sort_key
from shared.store.port import Collection, Key

PARTNERSHIPS = Collection(
    "partnerships",
    Partnership,
    "par",
    keys={
        "name": Key(lambda p: sort_key(p.name)),
        "kind": Key(lambda p: p.kind),
        "district_id": Key(lambda p: p.district_id),
        "member_ids": Key(lambda p: p.member_ids, multi=True),
    },
    orders=("name",),
)
