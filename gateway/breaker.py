"""A circuit breaker: a service that keeps failing is left alone for a while, so that waiting for it costs nobody.

Closed: calls go through. After FAILURES failures in a row it is open: calls are refused at once. When `rest` seconds
are over it is half open: one call is let through to try, and its outcome decides. (Nygard, Release It!)
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

FAILURES = 5
REST = 2.0


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Resting(Exception):
    """The breaker is open: the service was not asked."""


class Failed(Exception):
    """Raised within `calling` by whoever finds that the service did not do its part; carries why."""

    counts = True
    """False where it may be the caller's fault: such a one neither opens nor closes."""


class Breaker:
    def __init__(self, failures: int = FAILURES, rest: float = REST, clock: Callable[[], float] = time.monotonic):
        self._allowed = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._rests_until: float | None = None
        self._trying: set[bool] = set()
        """Which calls try a service that rested: one with a fair time, and one without. Nobody who gives it too little
        time to answer keeps those from trying who give it enough."""

    @property
    def state(self) -> State:
        if self._rests_until is None:
            return State.CLOSED
        return State.OPEN if self._clock() < self._rests_until else State.HALF_OPEN

    def measured(self) -> float:
        """The state as a number, for metrics: the worse the higher."""
        return float((State.CLOSED, State.HALF_OPEN, State.OPEN).index(self.state))

    @contextmanager
    def calling(self, *, fair: bool = True) -> Iterator[bool]:
        """One call, with a `fair` time to answer or without. Raises Resting instead of letting it through; Failed
        within counts unless it says otherwise, anything else is an answer. Gives whether it tries one that rested.

        What is cancelled says nothing about the service: it neither opens nor closes.
        """
        state = self.state
        tries = state is State.HALF_OPEN
        if state is State.OPEN or (tries and fair in self._trying):
            raise Resting
        if tries:
            self._trying.add(fair)
        try:
            yield tries
        except Failed as failed:
            if not failed.counts:
                raise
            self._failures += 1
            if tries or self._failures >= self._allowed:
                self._rests_until = self._clock() + self._rest
            raise
        except Exception:
            self._close()
            raise
        else:
            self._close()
        finally:
            if tries:
                self._trying.discard(fair)

    def _close(self) -> None:
        self._failures = 0
        self._rests_until = None
