"""What one operation has read: of which records and lists it speaks, and whether that is still so."""

import math


class Recording:
    """Tags are ids of entities, and names of collections for lists of them.

    A tag is noted before anything is read, so that a change in the middle of the operation spoils it.
    """

    __slots__ = ("__weakref__", "ages", "spoiled", "tags", "until")

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.spoiled = False
        """Something it speaks of has changed since, or is not everybody's: its answer is for nobody else."""
        self.until = math.inf
        self.ages: dict[str, float] = {}
        """Of services that were away, how many seconds old the oldest is that was served in their stead. Not kept."""

    def served_stale(self, service: str, age: float) -> None:
        self.ages[service] = max(age, self.ages.get(service, 0.0))
