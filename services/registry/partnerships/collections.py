"""Partnerships, local and sectoral. By which keys they are found."""

from collections.abc import Iterator

from services.registry.spans import marks
from shared.contracts.partnerships import Partnership
from shared.polish import sort_key
from shared.store.port import Collection, Key


def _member_days(partnership: Partnership) -> Iterator[str]:
    for membership in partnership.told_memberships():
        if membership.organization_id is not None:
            yield from marks(membership.organization_id, membership.joined_on, membership.left_on)


PARTNERSHIPS = Collection(
    "partnerships",
    Partnership,
    "par",
    keys={
        "name": Key(lambda p: sort_key(p.name), edition=1),
        "kind": Key(lambda p: p.kind),
        "district_id": Key(lambda p: p.district_id),
        "field": Key(lambda p: p.field),
        "member_ids": Key(lambda p: p.member_ids, multi=True),
        "days": Key(lambda p: tuple(marks("", p.signed_on, p.ended_on)), multi=True),
        "member_days": Key(lambda p: tuple(_member_days(p)), multi=True),
    },
    orders=("name",),
)
