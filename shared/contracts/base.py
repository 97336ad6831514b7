"""The two kinds of contract, and the small types that all of them share."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from shared.contracts.unseen import UNSEEN

# `$` alone would let a newline follow
type Id = Annotated[str, Meta(pattern=r"^[a-z]{3}_[0-9a-z]{26}$(?!\n)", extra={"graphql": "ID"})]
# something to read, and no control characters, nor signs that are not seen or turn what follows: a name must be what
# it looks like
_NOT_IN_LINES = rf"\x00-\x1f\x7f-\x9f\u2028\u2029{UNSEEN}"
type Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=rf"^(?=.*\w)[^{_NOT_IN_LINES}]*$(?!\n)")]
type Text = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$(?!\n)")]
type Instant = Annotated[datetime, Meta(tz=True)]
type Url = Annotated[
    str, Meta(max_length=500, pattern=r"^https?://[^\s/<>\"\x00-\x20][^\s<>\"\x00-\x20\u200b-\u206f]*$(?!\n)")
]
type Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$(?!\n)")]
type Phone = Annotated[str, Meta(max_length=40, pattern=r"^\+?[0-9 ()/-]{5,}$(?!\n)")]
type Clock = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)", description="Time of day in Warsaw, HH:MM")
]
type Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class Record(Struct, frozen=True, rename="camel"):
    """Something stored or sent. Unknown fields are skipped, so that an older reader takes a newer record."""


class Command(Struct, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """Something asked for. An unknown field is refused: it is a misspelling or a version we do not know."""


class Entity(Record, frozen=True, kw_only=True):
    """A stored record with an identity. `version` starts at 1 and grows by one with every write.

    `updated_at` strictly grows with `version`: changes of one entity leave the outbox in its order.
    """

    id: Id
    version: Annotated[int, Meta(ge=1)]
    created_at: Instant
    updated_at: Instant


class Source(Record, frozen=True, kw_only=True):
    """Where a record's facts come from."""

    document: Annotated[Line, Meta(description="The document that says so")]
    note: Annotated[Text | None, Meta(description="What a reader should know, e.g. of a kept misprint")] = None


class Address(Record, frozen=True, kw_only=True):
    street: Line | None = None
    building: Line | None = None
    postal_code: Annotated[str, Meta(pattern=r"^[0-9]{2}-[0-9]{3}$(?!\n)")] | None = None
    city: Line | None = None


class Weekday(StrEnum):
    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


class OpeningHours(Record, frozen=True, kw_only=True):
    day: Weekday
    opens: Clock
    closes: Clock


class ContactPoint(Record, frozen=True, kw_only=True):
    """Where an organisation can be reached. Of an office, never of a private person."""

    name: Line | None = None
    address: Address | None = None
    rooms: tuple[Line, ...] = ()
    phones: tuple[Phone, ...] = ()
    fax: Phone | None = None
    emails: tuple[Email, ...] = ()
    website: Url | None = None
    hours: tuple[OpeningHours, ...] = ()


class Attendance(Record, frozen=True, kw_only=True):
    """How many came, by category. A source gives counts; people are not listed."""

    category: Line
    count: Count


class Period(Record, frozen=True, kw_only=True):
    """Days from `since` until and including `until`; a source often knows only a part of it."""

    since: date | None = None
    until: date | None = None
    not_before: Annotated[
        date | None, Meta(description='Where `since` is not known: surely not earlier, as for "in 2012"')
    ] = None
    not_after: Annotated[date | None, Meta(description="Where `until` is not known: surely not later")] = None
    as_written: Annotated[Line | None, Meta(description="The source's own words where the day is not known")] = None

    @property
    def first(self) -> date | None:
        """The earliest day that may be in it; None where any may."""
        return self.since or self.not_before

    @property
    def last(self) -> date | None:
        return self.until or self.not_after

    def may_hold(self, day: date) -> bool:
        """A day that nobody knows leaves the period open on that side."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def encode(value: object) -> bytes:
    """JSON as it travels: camelCase, RFC 3339 instants."""
    return msgspec.json.encode(value)


def narrowed[R: Record](record: R, contract: type[R]) -> R:
    """The record as the contract has it: without the private fields that a service's own subclass adds."""
    if type(record) is contract:
        return record
    return contract(**{name: getattr(record, name) for name in contract.__struct_fields__})
