"""Projects: who leads them, who takes part and as what, whose money it is, and the note that must say so."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Period, Record, Source, Text
from shared.contracts.organisations import FieldSource


class FundingKind(StrEnum):
    """Whose money it is."""

    EUROPEAN_UNION = "EUROPEAN_UNION"  # as the European Social Fund
    FOREIGN = "FOREIGN"  # as the funds of the EEA and Norway
    STATE = "STATE"  # the state's budget and its funds, as FIO
    REGION = "REGION"
    MUNICIPALITY = "MUNICIPALITY"
    PRIVATE = "PRIVATE"
    OWN = "OWN"


class ProjectRole(StrEnum):
    """As what a body takes part; the leader is named apart."""

    PARTNER = "PARTNER"
    CONTRACTOR = "CONTRACTOR"  # does a part of it by contract or as a commissioned task
    CO_ORGANIZER = "CO_ORGANIZER"
    SUPPORTER = "SUPPORTER"


class Participant(Record, frozen=True, kw_only=True):
    """A body that takes part, in one role."""

    organization_id: Id | None = None
    name: Annotated[Line | None, Meta(description="A body that is not in the register")] = None
    role: ProjectRole


class Project(Entity, frozen=True, kw_only=True):
    """A project of organisations or public bodies."""

    name: Line
    leader_id: Id | None = None
    partner_ids: Annotated[tuple[Id, ...], Meta(description="Partners that are in the register")] = ()
    participants: Annotated[tuple[Participant, ...], Meta(description="Who takes part, and as what")] = ()
    programme: Annotated[Line | None, Meta(description="The programme that funds it, e.g. POKL or FIO")] = None
    funders: tuple[Line, ...] = ()
    funding_kinds: tuple[FundingKind, ...] = ()
    funding_note: Annotated[Text | None, Meta(description="The note a funded project must show")] = None
    description: Text | None = None
    district_ids: tuple[Id, ...] = ()
    period: Period | None = None
    ended_on: Annotated[date | None, Meta(description="Entered as ended; its last day")] = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class NewParticipant(Command, frozen=True, kw_only=True):
    """An organisation by id, or a body that is not in the register by name; never a person."""

    organization_id: Id | None = None
    name: Line | None = None
    role: ProjectRole = ProjectRole.PARTNER


class RegisterProject(Command, frozen=True, kw_only=True):
    """Enter a project: an official any, a representative those that the own organisation leads."""

    name: Line
    leader_id: Id
    starts_on: date
    ends_on: Annotated[date | None, Meta(description="The last day that is planned")] = None
    participants: Annotated[tuple[NewParticipant, ...], Meta(max_length=100)] = ()
    programme: Line | None = None
    funders: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    funding_kinds: Annotated[tuple[FundingKind, ...], Meta(max_length=7)] = ()
    funding_note: Text | None = None
    description: Text | None = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] = ()


class ChangeProject(Command, frozen=True, kw_only=True):
    """Change a project that has not ended. What is not given stays; a list replaces the whole list."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    name: Line | None = None
    leader_id: Annotated[Id | None, Meta(description="Officials only")] = None
    starts_on: date | None = None
    ends_on: date | None = None
    participants: Annotated[tuple[NewParticipant, ...], Meta(max_length=100)] | None = None
    programme: Line | None = None
    funders: Annotated[tuple[Line, ...], Meta(max_length=20)] | None = None
    funding_kinds: Annotated[tuple[FundingKind, ...], Meta(max_length=7)] | None = None
    funding_note: Text | None = None
    description: Text | None = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] | None = None


class EndProject(Command, frozen=True, kw_only=True):
    """Say on which day a project ran for the last time; it cannot be changed after that."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    ended_on: date


class ProjectFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    search: Annotated[
        Annotated[str, Meta(max_length=200)] | None, Meta(description="In name, programme and funders")
    ] = None
    name_starts_with: Annotated[str, Meta(max_length=100)] | None = None
    leader_id: Id | None = None
    participant_id: Annotated[Id | None, Meta(description="Its leader, or who takes part in any role")] = None
    district_id: Id | None = None
    funding_kind: FundingKind | None = None
    as_of: Annotated[date | None, Meta(description="Those that ran that day")] = None
