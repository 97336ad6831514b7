"""What the changes of records write beside them."""

from shared.contracts.base import Entity
from shared.store.port import Collection


class Hierarchy(Entity, frozen=True, kw_only=True):
    """Written by every change of a parent, so that of two at once one comes second and sees the other.

    Each alone could be sound and both together a circle; they would not meet otherwise, for they write two records.
    """


HIERARCHIES: Collection[Hierarchy] = Collection("hierarchies", Hierarchy, "hie")
