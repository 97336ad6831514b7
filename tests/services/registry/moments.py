"""Moving the clock that the procedures go by: their terms are days and weeks."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from shared import clock

type Travel = Callable[..., None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """`at(day, hour, minute)`: from now on it is then in Warsaw, and time goes on from there."""

    def travel(day: date, hour: int = 12, minute: int = 0) -> None:
        start = datetime.combine(day, time(hour, minute), clock.WARSAW)
        steps = 0

        def now() -> datetime:
            nonlocal steps
            steps += 1
            return start + timedelta(milliseconds=steps)

        monkeypatch.setattr(clock, "now", now)

    return travel
