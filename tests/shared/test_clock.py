from datetime import UTC, date, datetime, timedelta

import pytest

from shared.clock import after, deadline, local, midnight, now


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 21), date(2026, 11, 23)),  # a Saturday
        (date(2026, 11, 11), date(2026, 11, 12)),  # Independence Day, a Wednesday
        (date(2026, 12, 25), date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2025, 12, 24), date(2025, 12, 29)),  # a public holiday since 2025
        (date(2024, 12, 24), date(2024, 12, 24)),  # not yet
        (date(2026, 6, 4), date(2026, 6, 5)),  # Corpus Christi, a movable one
    ],
)
def test_a_deadline_on_a_day_off_moves_to_the_next_working_day(given: date, ends: date) -> None:
    assert deadline(given) == ends


def test_midnight_is_warsaws_in_summer_and_winter() -> None:
    assert midnight(date(2026, 7, 1)).astimezone(UTC) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert midnight(date(2026, 1, 1)).astimezone(UTC) == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_an_entitys_writes_get_later_instants_even_when_the_clock_stands_behind() -> None:
    ahead = now() + timedelta(hours=1)
    assert after(ahead) > ahead


def test_instants_are_kept_to_the_millisecond() -> None:
    assert local(datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=UTC)).isoformat() == "2026-07-01T12:00:00.123000+02:00"
