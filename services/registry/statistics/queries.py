"""How snapshots are read; all of them are public."""

from datetime import timedelta

from services.registry.statistics.collections import SNAPSHOTS
from shared.contracts.people import Viewer
from shared.contracts.statistics import Snapshot, SnapshotFilter
from shared.service.reading import Listing
from shared.store.port import Condition, Range


def _snapshots(asked: SnapshotFilter, _: Viewer | None) -> tuple[Condition, ...]:
    if asked.since is None and asked.until is None:
        return ()
    past = asked.until + timedelta(days=1) if asked.until else None
    return (Range("taken", asked.since, past),)


LISTINGS = (Listing(SNAPSHOTS, Snapshot, SnapshotFilter, _snapshots),)
