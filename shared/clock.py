"""Time as the city counts it: instants to the millisecond, days and deadlines in Europe/Warsaw."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

WARSAW = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """This instant, cut to milliseconds: what every store keeps."""
    return _cut(datetime.now(UTC))


def after(previous: datetime) -> datetime:
    """This instant, but later than `previous`: one entity's writes stay in order whatever a replica's clock says."""
    return max(now(), _cut(previous) + timedelta(milliseconds=1))


def today() -> date:
    return datetime.now(WARSAW).date()


def local(instant: datetime) -> datetime:
    """The same instant written with Warsaw's offset, cut to milliseconds."""
    return _cut(instant).astimezone(WARSAW)


def midnight(day: date) -> datetime:
    """The first moment of the day in Warsaw."""
    return datetime.combine(day, time(), WARSAW)


def is_working_day(day: date) -> bool:
    """No Saturday, no Sunday, no public holiday (ustawa o dniach wolnych od pracy, art. 1)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def deadline(last_day: date) -> date:
    """The day a term really ends: one that ends on a day off ends on the next working day (KPA art. 57 § 4)."""
    while not is_working_day(last_day):
        last_day += timedelta(days=1)
    return last_day


def working_day_after(day: date, count: int) -> date:
    """The last day of a term of that many working days; the day itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PL", years=year))


def _cut(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
