"""Snapshots. By which keys they are found."""

from shared.contracts.statistics import Snapshot
from shared.store.port import Collection, Key

SNAPSHOTS = Collection("snapshots", Snapshot, "snp", keys={"taken": Key(lambda s: s.taken_on)}, orders=("-taken",))
