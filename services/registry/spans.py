"""Periods that can be searched by a day: as marks on an index, with no scan and no filter after the page.

A period is cut into spans whose lengths are powers of two and which start at their multiples; there are few, however
long it is. A day lies in one span of each length: a period holds the day exactly when it has one of those.
"""

from collections.abc import Iterator
from datetime import date

_LEVELS = 23
"""2 ** 22 days are past the year 9999."""


def marks(of: str, since: date | None, until: date | None) -> Iterator[str]:
    """The marks of a period of something, both days included; None leaves that side open."""
    low = since.toordinal() if since else 0
    high = until.toordinal() + 1 if until else 1 << (_LEVELS - 1)
    level = 0
    while low < high:
        if low & 1:
            yield f"{of}/{level}/{low}"
            low += 1
        if high & 1:
            high -= 1
            yield f"{of}/{level}/{high}"
        low, high, level = low >> 1, high >> 1, level + 1


def holding(of: str, day: date) -> tuple[str, ...]:
    """The marks of which a period has one exactly when it holds the day."""
    return tuple(f"{of}/{level}/{day.toordinal() >> level}" for level in range(_LEVELS))
