"""Days that a record names: whether they have come, and in which order they are; pure decisions."""

from datetime import date, timedelta

from shared.contracts.refusals import Refused


def has_come(day: date, today: date, field: str) -> None:
    """What is recorded has happened."""
    if day > today:
        raise Refused(
            "DAY_AHEAD",
            pl="Ten dzień jeszcze nie nadszedł; zapisz to, gdy się stanie.",
            en="This day has not come yet; enter it when it has happened.",
            field=field,
        )


AHEAD_MAX = timedelta(days=366)
"""Contracts on centres are made for the next year at most; a later day is a misprint, and would hold up the centre
until it comes."""


def is_near(day: date, today: date, field: str) -> None:
    """What is entered before it happens is about to happen."""
    if day > today + AHEAD_MAX:
        raise Refused(
            "DAY_TOO_FAR_AHEAD",
            pl=f"Ten dzień jest zbyt odległy: podaj najpóźniej {today + AHEAD_MAX}.",
            en=f"This day is too far ahead: give {today + AHEAD_MAX} at the latest.",
            field=field,
        )


def runs_forward(since: date | None, until: date | None, field: str) -> None:
    """A period does not end before it begins."""
    if since is not None and until is not None and until < since:
        raise Refused(
            "PERIOD_REVERSED",
            pl=f"Okres zaczyna się {since}; podaj ostatni dzień nie wcześniejszy.",
            en=f"The period begins on {since}; give a last day that is not earlier.",
            field=field,
        )
