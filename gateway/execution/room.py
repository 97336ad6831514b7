"""One bound for all plans of the process: who asks decides how many there are, and how far each grows."""

from collections import OrderedDict
from typing import Protocol
from weakref import ref

MOST = 20_000
"""Fields of all plans together: one takes about 1.8 KB, with its share of its selection; so 36 MB."""


class Plan(Protocol):
    def forget(self) -> None:
        """Leave the memory; whoever runs by it may go on."""
        ...


class Room:
    def __init__(self, most: int = MOST) -> None:
        self.used = 0
        self._most = most
        self._sizes: OrderedDict[ref[Plan], int] = OrderedDict()
        """The one used longest ago first. Weak: plans go with their operation, too."""

    def used_now(self, plan: Plan) -> None:
        """It has been asked for, perhaps for the first time."""
        key = ref(plan, self._gone)
        self._sizes.setdefault(key, 0)
        self._sizes.move_to_end(key)

    def grew(self, plan: Plan, fields: int) -> None:
        """Forgets the plans used longest ago, and in the end this one, until there is room for all."""
        key = ref(plan, self._gone)
        if key not in self._sizes:
            # forgotten while it runs
            return
        self._sizes[key] += fields
        self.used += fields
        while self.used > self._most and self._sizes:
            oldest, size = self._sizes.popitem(last=False)
            self.used -= size
            if (forgotten := oldest()) is not None:
                forgotten.forget()

    def _gone(self, key: ref[Plan]) -> None:
        self.used -= self._sizes.pop(key, 0)


room = Room()
