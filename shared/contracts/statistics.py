"""Statistics of the register as dated snapshots, which also show what does not reconcile."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Count, Entity, Line, Record, Source, Text
from shared.contracts.organisations import FieldSource, LegalForm


class NamedCount(Record, frozen=True, kw_only=True):
    name: Annotated[Line, Meta(description="As the source names it")]
    legal_form: LegalForm | None = None
    count: Count


class Snapshot(Entity, frozen=True, kw_only=True):
    """How many organisations there were on a day, as somebody published it or as they were counted."""

    taken_on: date
    total: Count
    counts: tuple[NamedCount, ...] = ()
    public_benefit: Annotated[Count | None, Meta(description="How many have public-benefit status")] = None
    note: Text | None = None
    source: Annotated[Source | None, Meta(description="Null where it was counted from the register itself")] = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()

    @property
    def unreconciled(self) -> int:
        """What the total holds beyond the listed counts: negative where they say more than the total."""
        return self.total - sum(each.count for each in self.counts)


class TakeSnapshot(Command, frozen=True, kw_only=True):
    """Keep today's counts of the register, instead of those that were kept earlier today."""

    note: Text | None = None


class SnapshotFilter(Command, frozen=True, kw_only=True):
    since: date | None = None
    until: date | None = None
