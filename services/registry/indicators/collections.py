"""Indicators, and by which keys they are found."""

from shared.contracts.indicators import Indicator
from shared.store.port import Collection, Key


def of(indicator: Indicator) -> str | None:
    """What the number is of: two officials cannot both be right. Sources may give several without a year."""
    subject = indicator.organization_id or indicator.project_id
    return None if indicator.year is None else what(subject, indicator.year, indicator.name)


def what(subject: str | None, year: int, name: str) -> str:
    return f"{subject} {year} {name}"


INDICATORS = Collection(
    "indicators",
    Indicator,
    "ind",
    keys={
        # one without a year comes last
        "latest": Key(lambda i: i.year or 0),
        "of": Key(of, unique=True),
        "year": Key(lambda i: i.year),
        "name": Key(lambda i: i.name),
        "organization_id": Key(lambda i: i.organization_id),
        "project_id": Key(lambda i: i.project_id),
    },
    orders=("-latest",),
)
