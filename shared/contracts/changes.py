"""What goes over the bus. A change says which entity changed, to which version, and what others need of it.

Nothing personal is in a change: no names of people, no subject of a token, no text that a person wrote, unless a
decision made it a public record's (the value of a correction that is passed on).
"""

import re
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.base import Id, Instant, Line, Record

type Trace = Annotated[str, Meta(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$(?!\n)")]
"""W3C Trace Context, section 3.2: numbers, and nothing that anybody could write into it."""

TOLD = "Jasne-Changes"
"""Header of a command's answer: the changes it told, `entity/id/version` with commas between. Whoever keeps
copies of them need not wait for the bus. Missing where they are not known, or too many."""

# ids of nothing but zeros are none (sections 3.2.2.3 and 3.2.2.4)
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(header: str | None) -> str | None:
    """The trace a client's header names; None where it is missing or anything else than a trace."""
    return header if header is not None and _TRACE.fullmatch(header) else None


class Change(Record, frozen=True, kw_only=True):
    """One committed write. Ids are unique for ever; a consumer may see one twice and must act once."""

    id: Id
    service: Annotated[str, Meta(pattern=r"^[a-z]+$(?!\n)")]
    entity: Annotated[str, Meta(pattern=r"^[a-z]+$(?!\n)")]
    verb: Annotated[str, Meta(pattern=r"^[a-z]+$(?!\n)", description="Past tense: opened, submitted")]
    entity_id: Id
    version: int
    at: Instant
    related: Annotated[tuple[Id, ...], Meta(description="Other entities that it concerns, e.g. organisers")] = ()
    traceparent: Trace | None = None
    data: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The subject on the bus."""
        return f"changes.{self.service}.{self.entity}.{self.verb}"


class MeetingSchedule(Record, frozen=True, kw_only=True):
    id: Id
    title: Line
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    day: date | None = None
    place: Line | None = None


class ConsultationSchedule(Record, frozen=True, kw_only=True):
    """`data` of every consultation change: all that a calendar needs of it."""

    title: Line
    opens_on: date | None = None
    remarks_until: date | None = None
    organizer_ids: tuple[Id, ...] = ()
    district_ids: tuple[Id, ...] = ()
    meetings: tuple[MeetingSchedule, ...] = ()
