"""Public consultations: their stages, draft documents by paragraph, and the remarks made on them."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Attendance, Command, ContactPoint, Entity, Id, Instant, Line, Record, Source, Text
from shared.contracts.organisations import FieldSource


class ConsultationStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Channel(StrEnum):
    """How a remark may reach the city."""

    ONLINE = "ONLINE"
    EMAIL = "EMAIL"
    POST = "POST"
    OFFICE = "OFFICE"
    WORKSHOP = "WORKSHOP"


class Meeting(Record, frozen=True, kw_only=True):
    """One meeting of a consultation, e.g. a workshop of its working group."""

    id: Id
    title: Line
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    day: Annotated[date | None, Meta(description="The day, where the source gives no hour")] = None
    number: Annotated[int, Meta(ge=1)] | None = None
    place: Line | None = None
    topics: tuple[Line, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    participant_ids: Annotated[tuple[Id, ...], Meta(description="Organisations that were represented")] = ()


class Consultation(Entity, frozen=True, kw_only=True):
    title: Line
    summary: Text | None = None
    status: ConsultationStatus
    organizer_ids: Annotated[tuple[Id, ...], Meta(min_length=1)]
    district_ids: tuple[Id, ...] = ()
    opens_on: date | None = None
    closes_on: date | None = None
    remarks_until: Annotated[
        date | None, Meta(description="Last day for remarks: closes_on, moved to a working day where it is none")
    ] = None
    channels: tuple[Channel, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    goals: Annotated[tuple[Line, ...], Meta(description="The main goal first, then its detailed goals")] = ()
    contact: ContactPoint | None = None
    project_id: Id | None = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class Paragraph(Record, frozen=True, kw_only=True):
    id: Id
    label: Annotated[Line | None, Meta(description="How the draft itself numbers it, e.g. 'ust. 29'")] = None
    text: Text


class Section(Record, frozen=True, kw_only=True):
    id: Id
    heading: Line
    paragraphs: tuple[Paragraph, ...] = ()


class Document(Entity, frozen=True, kw_only=True):
    """One draft that is being consulted. Ids of sections and paragraphs stay when the draft is revised."""

    consultation_id: Id
    title: Line
    sections: tuple[Section, ...] = ()
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class RemarkKind(StrEnum):
    COMMENT = "COMMENT"
    REPLACE = "REPLACE"
    APPEND = "APPEND"
    ADD_ITEM = "ADD_ITEM"
    RESTRUCTURE = "RESTRUCTURE"
    DELETE = "DELETE"


class RemarkStatus(StrEnum):
    RECEIVED = "RECEIVED"
    AGREED = "AGREED"
    DECLINED = "DECLINED"


class Remark(Entity, frozen=True, kw_only=True):
    consultation_id: Id
    document_id: Id | None = None
    anchor_id: Annotated[Id | None, Meta(description="The section or paragraph it speaks of")] = None
    kind: RemarkKind
    text: Text
    proposed_wording: Text | None = None
    status: RemarkStatus
    channel: Channel
    received_on: Annotated[date | None, Meta(description="The day of receipt decides whether it is in time")] = None
    organization_id: Id | None = None
    agreed_at_meeting_id: Id | None = None
    source: Source | None = None


class NewMeeting(Command, frozen=True, kw_only=True):
    title: Line
    starts_at: Instant
    ends_at: Instant
    place: Line | None = None
    topics: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    id: Annotated[Id | None, Meta(description="Of a meeting that is there already, in a change")] = None


class NewSection(Command, frozen=True, kw_only=True):
    heading: Line
    paragraphs: Annotated[tuple[Text, ...], Meta(max_length=500)] = ()


class NewDocument(Command, frozen=True, kw_only=True):
    title: Line
    sections: Annotated[tuple[NewSection, ...], Meta(max_length=200)] = ()


class OpenConsultation(Command, frozen=True, kw_only=True):
    title: Line
    summary: Text | None = None
    organizer_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=20)]
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] = ()
    opens_on: date
    closes_on: date
    channels: Annotated[tuple[Channel, ...], Meta(max_length=5)] = (Channel.ONLINE,)
    meetings: Annotated[tuple[NewMeeting, ...], Meta(max_length=50)] = ()
    documents: Annotated[tuple[NewDocument, ...], Meta(max_length=20)] = ()


class ChangeConsultation(Command, frozen=True, kw_only=True):
    """Rename or move a consultation. What is not given stays; `meetings` replaces the whole list."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    title: Line | None = None
    summary: Text | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    meetings: Annotated[tuple[NewMeeting, ...], Meta(max_length=50)] | None = None


class SubmitRemark(Command, frozen=True, kw_only=True):
    consultation_id: Id
    document_id: Id | None = None
    anchor_id: Id | None = None
    kind: RemarkKind = RemarkKind.COMMENT
    text: Text
    proposed_wording: Text | None = None
    organization_id: Annotated[Id | None, Meta(description="When speaking for an organisation")] = None
    channel: Annotated[Channel, Meta(description="An official enters what came by post, e-mail or at the office")] = (
        Channel.ONLINE
    )
    received_on: Annotated[date | None, Meta(description="Day of receipt of a remark that came off-line")] = None


class ConsultationFilter(Command, frozen=True, kw_only=True):
    status: ConsultationStatus | None = None
    organizer_id: Id | None = None
    district_id: Id | None = None
    opens_from: date | None = None
    opens_before: date | None = None


class DocumentFilter(Command, frozen=True, kw_only=True):
    consultation_id: Id | None = None


class RemarkFilter(Command, frozen=True, kw_only=True):
    consultation_id: Id | None = None
    document_id: Id | None = None
    organization_id: Id | None = None
    anchor_id: Id | None = None
    kind: RemarkKind | None = None
    status: RemarkStatus | None = None
