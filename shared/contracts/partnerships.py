"""Partnerships, local and sectoral: who is in them since when, and what each member brings.

Members are organisations, institutions and persons. Of persons there is a role and a count, never a name.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.contracts.base import Command, Count, Entity, Id, Line, Record, Source
from shared.contracts.organisations import Field, FieldSource


class PartnershipKind(StrEnum):
    LOCAL = "LOCAL"
    SECTORAL = "SECTORAL"


class MemberKind(StrEnum):
    ORGANIZATION = "ORGANIZATION"
    INSTITUTION = "INSTITUTION"
    PERSON = "PERSON"


class PersonRole(StrEnum):
    """As whom persons take part: a list, so that no name can be written there."""

    RESIDENT = "RESIDENT"
    VOLUNTEER = "VOLUNTEER"
    ANIMATOR = "ANIMATOR"
    COUNCILLOR = "COUNCILLOR"
    ENTREPRENEUR = "ENTREPRENEUR"
    EXPERT = "EXPERT"
    OTHER = "OTHER"


class ResourceKind(StrEnum):
    PEOPLE = "PEOPLE"
    MATERIAL = "MATERIAL"
    IDEAS = "IDEAS"
    TIME = "TIME"


class Contribution(Record, frozen=True, kw_only=True):
    """What a member brings."""

    kind: ResourceKind
    text: Line | None = None
    since: Annotated[date | None, Meta(description="From which day on, where it is later than the joining")] = None

    @property
    def line(self) -> str:
        """In the words of the city's own account of partnerships."""
        words = _RESOURCES[self.kind]
        return f"{words}: {self.text}" if self.text else words


_RESOURCES = {
    ResourceKind.PEOPLE: "ludzie",
    ResourceKind.MATERIAL: "zasoby materialne",
    ResourceKind.IDEAS: "pomysły",
    ResourceKind.TIME: "wolny czas",
}


class Brought(Record, frozen=True, kw_only=True):
    """What one member brings to a partnership."""

    kind: ResourceKind
    text: Line | None = None
    membership_id: Id
    member_kind: MemberKind
    organization_id: Id | None = None


class Membership(Record, frozen=True, kw_only=True):
    """One member from its joining to its leaving, both days included; a source may not know them."""

    id: Id
    kind: MemberKind
    organization_id: Annotated[Id | None, Meta(description="The organisation, or the institution of the register")] = (
        None
    )
    name: Annotated[Line | None, Meta(description="An institution that is not in the register")] = None
    role: Annotated[PersonRole | None, Meta(description="Of persons")] = None
    count: Annotated[Count | None, Meta(description="How many persons")] = None
    joined_on: date | None = None
    left_on: date | None = None
    joined_as_written: Annotated[Line | None, Meta(description="The source's words where the day is not known")] = None
    left_as_written: Annotated[Line | None, Meta(description="Has left, on a day the source does not know")] = None
    contributions: tuple[Contribution, ...] = ()

    @property
    def over(self) -> bool:
        """Has left, whether the day is known or not."""
        return self.left_on is not None or self.left_as_written is not None

    def held(self, day: date) -> bool:
        return (self.joined_on is None or self.joined_on <= day) and (self.left_on is None or day <= self.left_on)


class Partnership(Entity, frozen=True, kw_only=True):
    """A partnership for a district or a field of activity.

    As of a day it is shown with the members of that day. A day that nobody knows excludes nothing: who joined on an
    unknown day was a member on every day until leaving, and who left on an unknown day on every day after joining.
    """

    name: Line
    kind: PartnershipKind
    district_id: Id | None = None
    field: Annotated[Field | None, Meta(description="Of a sectoral partnership")] = None
    member_ids: Annotated[
        tuple[Id, ...], Meta(description="Organisations and institutions that are members now, or on the day `asOf`")
    ] = ()
    memberships: Annotated[
        tuple[Membership, ...], Meta(description="All there were, or with `asOf` those of that day")
    ] = ()
    resources: Annotated[
        tuple[Line, ...], Meta(description="What members bring, as a source says of all of them together")
    ] = ()
    signed_on: date | None = None
    signed_as_written: Line | None = None
    signing_event_id: Annotated[Id | None, Meta(description="The event at which it was signed")] = None
    ended_on: Annotated[date | None, Meta(description="The last day on which it stood")] = None
    as_of: Annotated[date | None, Meta(description="Shown as it stood that day; else with all its history")] = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()

    def on(self, day: date) -> "Partnership":
        """As it stood that day."""
        held = tuple(membership for membership in self.told_memberships() if membership.held(day))
        ids = dict.fromkeys(m.organization_id for m in held if m.organization_id)
        return msgspec.structs.replace(self, memberships=held, member_ids=tuple(ids), as_of=day)

    def brought(self) -> tuple[Brought, ...]:
        """By the members that are shown: those of the day `asOf`, else those who have not left."""
        return tuple(
            Brought(
                kind=one.kind,
                text=one.text,
                membership_id=member.id,
                member_kind=member.kind,
                organization_id=member.organization_id,
            )
            for member in self.memberships
            if self.as_of is not None or not member.over
            for one in member.contributions
            if self.as_of is None or one.since is None or one.since <= self.as_of
        )

    def resource_lines(self) -> tuple[str, ...]:
        """Each once: what a source says of all together, and what the members bring."""
        lines = (Contribution(kind=one.kind, text=one.text).line for one in self.brought())
        return tuple(dict.fromkeys((*self.resources, *lines)))

    def told_memberships(self) -> tuple[Membership, ...]:
        """Also of those of whom a record says only that they are members: since when, it does not know."""
        told = {membership.organization_id for membership in self.memberships}
        untold = (
            Membership(id=f"mem_{id_.partition('_')[2]}", kind=MemberKind.ORGANIZATION, organization_id=id_)
            for id_ in self.member_ids
            if id_ not in told
        )
        return (*self.memberships, *untold)


class NewContribution(Command, frozen=True, kw_only=True):
    kind: ResourceKind
    text: Line | None = None


class NewMember(Command, frozen=True, kw_only=True):
    """An organisation by id, an institution by id or name, or persons by role and count."""

    kind: MemberKind
    organization_id: Id | None = None
    name: Annotated[Line | None, Meta(description="Of an institution that is not in the register")] = None
    role: PersonRole | None = None
    count: Count | None = None
    contributions: Annotated[tuple[NewContribution, ...], Meta(max_length=20)] = ()


class SignPartnership(Command, frozen=True, kw_only=True):
    """Enter a partnership that was signed, with those who signed it."""

    name: Line
    kind: PartnershipKind
    signed_on: date
    district_id: Id | None = None
    field: Field | None = None
    members: Annotated[tuple[NewMember, ...], Meta(max_length=100)] = ()
    signing_event_id: Annotated[Id | None, Meta(description="The event at which it was signed")] = None


class JoinPartnership(Command, frozen=True, kw_only=True):
    """Take a member in. A representative may join for the organisation that they represent."""

    id: Id
    member: NewMember
    joined_on: date


class BringResource(Command, frozen=True, kw_only=True):
    """Add to what a member brings, from a day on. A representative may for the organisation that they represent."""

    id: Id
    membership_id: Id
    resource: NewContribution
    since: date


class LeavePartnership(Command, frozen=True, kw_only=True):
    """End a membership; `leftOn` is its last day."""

    id: Id
    membership_id: Id
    left_on: date


class EndPartnership(Command, frozen=True, kw_only=True):
    """Say on which day a partnership stood for the last time; memberships end with it."""

    id: Id
    ended_on: date


class PartnershipFilter(Command, frozen=True, kw_only=True):
    kind: PartnershipKind | None = None
    district_id: Id | None = None
    field: Field | None = None
    member_id: Annotated[Id | None, Meta(description="Is a member; with `asOf`, was one that day")] = None
    as_of: Annotated[date | None, Meta(description="Those that stood that day, with the members of that day")] = None
