"""What one client may have open at the same time, in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.contracts.refusals import Refused


class Opened:
    def __init__(self, most: int, setting: str, *, pl: str, en: str) -> None:
        self._most = most
        self._setting = setting
        self._pl = pl
        self._en = en
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, client: str) -> Iterator[None]:
        """Raises Refused where the client has as many already."""
        if self._open[client] >= self._most:
            raise Refused(
                "TOO_MANY_OPEN",
                pl=f"{self._pl}: najwyżej {self._most} naraz ({self._setting}); zamknij któreś z otwartych.",
                en=f"{self._en}: at most {self._most} at once ({self._setting}); close one of those that are open.",
                status=429,
            )
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]
