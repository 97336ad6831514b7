"""Periods as marks: a day is found exactly in the periods that hold it."""

import random
from datetime import date, timedelta

import pytest

from services.registry.spans import holding, marks

START = date(2012, 1, 1)


def held(since: date | None, until: date | None, day: date) -> bool:
    return bool(set(marks("x", since, until)) & set(holding("x", day)))


def test_a_period_holds_its_days_and_no_others() -> None:
    chance = random.Random(1)  # noqa: S311 - a test's numbers
    for _ in range(2_000):
        since, until, day = (START + timedelta(days=chance.randrange(400)) for _ in range(3))
        assert held(since, until, day) == (since <= day <= until), (since, until, day)


@pytest.mark.parametrize(("since", "until"), [(None, START), (START, None), (None, None), (START, START)])
def test_a_side_that_is_not_known_is_open(since: date | None, until: date | None) -> None:
    for day in (date.min, START - timedelta(days=1), START, START + timedelta(days=1), date.max):
        assert held(since, until, day) == ((since is None or since <= day) and (until is None or day <= until))


def test_a_period_has_few_marks() -> None:
    assert len(list(marks("x", START, None))) < 25
    assert len(list(marks("x", START, START + timedelta(days=10_000)))) < 30


def test_a_period_of_another_is_not_found() -> None:
    assert not set(marks("x", START, None)) & set(holding("y", START))
