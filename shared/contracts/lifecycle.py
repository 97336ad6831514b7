"""What is asked about an organisation that is in the register or on its way there."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Address,
    Command,
    ContactPoint,
    Email,
    Entity,
    Id,
    Line,
    OpeningHours,
    Phone,
    Text,
    Url,
)
from shared.contracts.organisations import Award, Field, GivenRegon, Krs, LegalForm, Nip, Representative

type Version = Annotated[int, Meta(ge=1)]


class VerifyOrganization(Command, frozen=True, kw_only=True):
    """Say that a submission's numbers and facts were checked; it can be published now."""

    id: Id
    expected_version: Version


class PublishOrganization(Command, frozen=True, kw_only=True):
    """Publish a verified organisation."""

    id: Id
    expected_version: Version


class RejectOrganization(Command, frozen=True, kw_only=True):
    """Reject a submission, verified or not, with a reason."""

    id: Id
    expected_version: Version
    reason: Text


class SuspendOrganization(Command, frozen=True, kw_only=True):
    """Suspend a published organisation; it stays visible, marked so, and leaves the lists."""

    id: Id
    expected_version: Version
    reason: Text


class ReinstateOrganization(Command, frozen=True, kw_only=True):
    """Publish a suspended organisation again."""

    id: Id
    expected_version: Version
    reason: Text | None = None


class DissolveOrganization(Command, frozen=True, kw_only=True):
    """Record that an organisation no longer exists, since which day."""

    id: Id
    expected_version: Version
    dissolved_on: date
    reason: Text | None = None


class Clearable(StrEnum):
    """Fields that an update can empty."""

    WEBSITE = "WEBSITE"
    DESCRIPTION = "DESCRIPTION"
    ADDRESS = "ADDRESS"
    KRS = "KRS"
    NIP = "NIP"
    REGON = "REGON"
    PARENT_ID = "PARENT_ID"
    OPERATOR_ID = "OPERATOR_ID"
    PUBLIC_BENEFIT_SINCE = "PUBLIC_BENEFIT_SINCE"
    PUBLIC_BENEFIT_UNTIL = "PUBLIC_BENEFIT_UNTIL"


class GivenContactPoint(ContactPoint, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an organisation can be reached. Of an office, never of a private person."""

    # what is stored may hold more: a record of an import is read as it is
    rooms: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    phones: Annotated[tuple[Phone, ...], Meta(max_length=10)] = ()
    emails: Annotated[tuple[Email, ...], Meta(max_length=10)] = ()
    hours: Annotated[tuple[OpeningHours, ...], Meta(max_length=28)] = ()


class UpdateOrganization(Command, frozen=True, kw_only=True):
    """Change an organisation's record. What is not given stays; a list replaces the whole list.

    A representative of the organisation may change its contact points, website, description and services.
    """

    id: Id
    expected_version: Version
    name: Line | None = None
    aliases: Annotated[tuple[Line, ...], Meta(max_length=20)] | None = None
    fields: Annotated[tuple[Field, ...], Meta(max_length=6)] | None = None
    legal_form: LegalForm | None = None
    krs: Krs | None = None
    nip: Nip | None = None
    regon: GivenRegon | None = None
    public_benefit: bool | None = None
    public_benefit_since: date | None = None
    public_benefit_until: date | None = None
    description: Text | None = None
    services: Annotated[tuple[Line, ...], Meta(max_length=100)] | None = None
    address: Address | None = None
    contact_points: Annotated[tuple[GivenContactPoint, ...], Meta(max_length=50)] | None = None
    website: Url | None = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] | None = None
    representatives: Annotated[tuple[Representative, ...], Meta(max_length=50)] | None = None
    parent_id: Annotated[Id | None, Meta(description="The body of which this is a unit")] = None
    operator_id: Annotated[Id | None, Meta(description="Who runs it, where that is somebody else")] = None
    founder_ids: Annotated[tuple[Id, ...], Meta(max_length=50)] | None = None
    federation_ids: Annotated[tuple[Id, ...], Meta(max_length=50)] | None = None
    covers: Annotated[tuple[Line, ...], Meta(max_length=100)] | None = None
    awards: Annotated[tuple[Award, ...], Meta(max_length=200)] | None = None
    clear: Annotated[tuple[Clearable, ...], Meta(max_length=10)] = ()


class Likeness(StrEnum):
    """Why two organisations may be one."""

    SAME_NAME = "SAME_NAME"
    OTHER_WORD_ORDER = "OTHER_WORD_ORDER"
    NEAR_NAME = "NEAR_NAME"


class LikelyDuplicate(Entity, frozen=True, kw_only=True):
    """That a submission may be an organisation which is there already. For those who decide on submissions."""

    organization_id: Annotated[Id, Meta(description="What was submitted")]
    other_id: Annotated[Id, Meta(description="What was there already")]
    likeness: Likeness


class LikelyDuplicateFilter(Command, frozen=True, kw_only=True):
    organization_id: Annotated[Id | None, Meta(description="One of the two")] = None
