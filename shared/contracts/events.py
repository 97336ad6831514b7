"""What people attend: the calendar of the city and its organisations."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Address, Attendance, Command, Entity, Id, Instant, Line, Record, Source, Text
from shared.contracts.organisations import FieldSource


class EventKind(StrEnum):
    MEETING = "MEETING"
    WORKSHOP = "WORKSHOP"
    STUDY_VISIT = "STUDY_VISIT"
    SEMINAR = "SEMINAR"
    FORUM = "FORUM"
    PICNIC = "PICNIC"
    GALA = "GALA"
    CAMPAIGN = "CAMPAIGN"
    COMPETITION = "COMPETITION"
    TRAINING = "TRAINING"
    SIGNING = "SIGNING"
    CONSULTATION_OPENING = "CONSULTATION_OPENING"
    CONSULTATION_MEETING = "CONSULTATION_MEETING"
    CONSULTATION_CLOSING = "CONSULTATION_CLOSING"
    OTHER = "OTHER"


class EventStatus(StrEnum):
    SCHEDULED = "SCHEDULED"
    CANCELLED = "CANCELLED"


class Session(Record, frozen=True, kw_only=True):
    """A part of a longer event."""

    title: Line
    day: date | None = None
    minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None
    place: Line | None = None
    host_ids: tuple[Id, ...] = ()
    speaker_organization_ids: tuple[Id, ...] = ()
    topics: tuple[Line, ...] = ()


class Event(Entity, frozen=True, kw_only=True):
    """One entry of the calendar. All-day entries run from local midnight to local midnight, Europe/Warsaw."""

    title: Line
    kind: EventKind
    status: EventStatus = EventStatus.SCHEDULED
    description: Text | None = None
    starts_at: Instant | None = None
    ends_at: Annotated[Instant | None, Meta(description="The first moment after it")] = None
    all_day: bool = False
    date_as_written: Annotated[Line | None, Meta(description="The source's words, where it gives no date")] = None
    recurrence: Annotated[Line | None, Meta(description="How it recurs, in words")] = None
    venue: Line | None = None
    address: Address | None = None
    organizer_ids: tuple[Id, ...] = ()
    district_ids: tuple[Id, ...] = ()
    consultation_id: Id | None = None
    partnership_ids: tuple[Id, ...] = ()
    project_id: Id | None = None
    sessions: tuple[Session, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    follows_version: Annotated[
        int | None, Meta(description="Version of the consultation that this entry was last made from")
    ] = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class ScheduleEvent(Command, frozen=True, kw_only=True):
    title: Line
    kind: EventKind = EventKind.OTHER
    description: Text | None = None
    starts_at: Instant
    ends_at: Instant
    venue: Line | None = None
    address: Address | None = None
    organizer_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=20)]
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] = ()
    consultation_id: Id | None = None


class ChangeEvent(Command, frozen=True, kw_only=True):
    """Change an entry of the calendar. What is not given stays; a list replaces the whole list.

    What an entry repeats of a consultation is changed there.
    """

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    title: Line | None = None
    kind: EventKind | None = None
    description: Text | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    all_day: bool | None = None
    date_as_written: Line | None = None
    recurrence: Line | None = None
    venue: Line | None = None
    address: Address | None = None
    organizer_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=20)] | None = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] | None = None


class EventFilter(Command, frozen=True, kw_only=True):
    """Events that touch the time from `starts_from` until before `starts_before`, counted by their start."""

    starts_from: Instant | None = None
    starts_before: Instant | None = None
    upcoming: Annotated[bool | None, Meta(description="Only what has not ended yet")] = None
    kind: Annotated[tuple[EventKind, ...], Meta(max_length=20)] | None = None
    status: EventStatus | None = None
    organizer_id: Id | None = None
    district_id: Id | None = None
    consultation_id: Id | None = None
    partnership_id: Id | None = None
