"""The registry's entities: organisations and their units, districts."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Address, Command, ContactPoint, Entity, Id, Line, Record, Source, Text, Url
from shared.contracts.people import Role

type Krs = Annotated[
    str, Meta(pattern=r"^[0-9]{10}$(?!\n)", description="National Court Register number, with leading zeros")
]
type Nip = Annotated[str, Meta(pattern=r"^[0-9]{10}$(?!\n)", description="Tax number")]
type Regon = Annotated[
    str, Meta(pattern=r"^([0-9]{9}|[0-9]{14})$(?!\n)", description="Statistical number, without padding")
]
type GivenRegon = Annotated[str, Meta(pattern=r"^[0-9]{9}([0-9]{5})?$(?!\n)")]
"""As somebody gives it: perhaps padded."""

type Pkd = Annotated[str, Meta(pattern=r"^[0-9]{2}\.[0-9]{2}\.[A-Z]$(?!\n)")]


class LegalForm(StrEnum):
    """Legal forms, and the kinds of bodies that the city's register lists beside them."""

    FOUNDATION = "FOUNDATION"
    ASSOCIATION = "ASSOCIATION"
    ORDINARY_ASSOCIATION = "ORDINARY_ASSOCIATION"
    ASSOCIATION_UNION = "ASSOCIATION_UNION"
    ASSOCIATION_BRANCH = "ASSOCIATION_BRANCH"  # terenowa jednostka organizacyjna
    VOLUNTEER_FIRE_BRIGADE = "VOLUNTEER_FIRE_BRIGADE"  # OSP
    FIRE_BRIGADE_UNION = "FIRE_BRIGADE_UNION"
    SPORTS_CLUB = "SPORTS_CLUB"
    STUDENT_SPORTS_CLUB = "STUDENT_SPORTS_CLUB"  # UKS
    SPORTS_UNION = "SPORTS_UNION"
    RURAL_HOUSEWIVES_CIRCLE = "RURAL_HOUSEWIVES_CIRCLE"  # KGW
    FARMERS_CIRCLE = "FARMERS_CIRCLE"
    SENIORS_CLUB = "SENIORS_CLUB"
    PARENTS_COUNCIL = "PARENTS_COUNCIL"
    ALLOTMENT_GARDEN_ASSOCIATION = "ALLOTMENT_GARDEN_ASSOCIATION"
    TRADE_UNION = "TRADE_UNION"
    EMPLOYERS_ORGANIZATION = "EMPLOYERS_ORGANIZATION"
    ECONOMIC_CHAMBER = "ECONOMIC_CHAMBER"
    SOCIAL_COOPERATIVE = "SOCIAL_COOPERATIVE"
    COOPERATIVE = "COOPERATIVE"
    SOCIAL_INTEGRATION_CENTRE = "SOCIAL_INTEGRATION_CENTRE"  # CIS
    SOCIAL_INTEGRATION_CLUB = "SOCIAL_INTEGRATION_CLUB"  # KIS
    VOCATIONAL_ACTIVITY_ESTABLISHMENT = "VOCATIONAL_ACTIVITY_ESTABLISHMENT"  # ZAZ
    OCCUPATIONAL_THERAPY_WORKSHOP = "OCCUPATIONAL_THERAPY_WORKSHOP"  # WTZ
    SENIOR_CENTRE = "SENIOR_CENTRE"
    SUPPORT_CENTRE = "SUPPORT_CENTRE"  # of social economy, as JOWES
    COMMUNITY_CENTRE = "COMMUNITY_CENTRE"  # OSL, DOSL
    CHURCH_ENTITY = "CHURCH_ENTITY"
    CHURCH_CHARITY = "CHURCH_CHARITY"  # as Caritas
    PUBLIC_BODY = "PUBLIC_BODY"
    BUDGETARY_ENTITY = "BUDGETARY_ENTITY"
    CULTURAL_INSTITUTION = "CULTURAL_INSTITUTION"
    COMPANY = "COMPANY"
    NON_PROFIT_COMPANY = "NON_PROFIT_COMPANY"
    UNIVERSITY = "UNIVERSITY"
    UNIT = "UNIT"
    OTHER = "OTHER"


class Field(StrEnum):
    """The six fields of activity of the city's register of organisations."""

    SPORT_TOURISM_RECREATION_HOBBY = "SPORT_TOURISM_RECREATION_HOBBY"
    LABOUR_MARKET_SOCIAL_AFFAIRS = "LABOUR_MARKET_SOCIAL_AFFAIRS"
    CULTURE_ART = "CULTURE_ART"
    HEALTH = "HEALTH"
    ECONOMY = "ECONOMY"
    EDUCATION_UPBRINGING = "EDUCATION_UPBRINGING"


class OrganizationStatus(StrEnum):
    """Submitted, verified, published; then perhaps suspended, reinstated, dissolved. Or rejected."""

    SUBMITTED = "SUBMITTED"
    VERIFIED = "VERIFIED"
    PUBLISHED = "PUBLISHED"
    SUSPENDED = "SUSPENDED"
    DISSOLVED = "DISSOLVED"
    REJECTED = "REJECTED"


class Award(Record, frozen=True, kw_only=True):
    name: Line
    issuer: Line | None = None
    edition: Line | None = None
    category: Line | None = None
    rank: Annotated[int, Meta(ge=1)] | None = None
    note: Text | None = None


class Representative(Record, frozen=True, kw_only=True):
    """Who speaks for an organisation: name and function, and nothing else of the person."""

    name: Line
    function: Line


class FieldSource(Record, frozen=True, kw_only=True):
    """Where the present value of one field comes from."""

    field: Annotated[Line, Meta(description="The field as clients know it, e.g. legalForm")]
    source: Annotated[
        Line, Meta(description="submission, update, correction, what an import names; of the status, the step taken")
    ]
    on: date
    decision_id: Annotated[Id | None, Meta(description="The correction that was accepted")] = None
    role: Annotated[Role | None, Meta(description="As what somebody decided so; who it was is not told")] = None
    reason: Annotated[Text | None, Meta(description="Of a step that has one")] = None


class Organization(Entity, frozen=True, kw_only=True):
    """An organisation, a public body, or a unit of one."""

    name: Line
    aliases: tuple[Line, ...] = ()
    legal_form: LegalForm
    status: OrganizationStatus
    krs: Krs | None = None
    nip: Nip | None = None
    regon: Regon | None = None
    public_benefit: Annotated[bool, Meta(description="Has public-benefit status (OPP)")] = False
    public_benefit_since: Annotated[date | None, Meta(description="The first day of public-benefit status")] = None
    public_benefit_until: Annotated[date | None, Meta(description="Its last day, where it was lost")] = None
    fields: tuple[Field, ...] = ()
    description: Text | None = None
    services: tuple[Line, ...] = ()
    address: Address | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    website: Url | None = None
    pkd: Annotated[tuple[Pkd, ...], Meta(description="Activity codes (PKD) of the court register")] = ()
    district_ids: Annotated[tuple[Id, ...], Meta(description="Districts in which it is active")] = ()
    parent_id: Annotated[Id | None, Meta(description="The body of which this is a unit")] = None
    operator_id: Annotated[Id | None, Meta(description="Who runs it, where that is somebody else")] = None
    founder_ids: tuple[Id, ...] = ()
    federation_ids: Annotated[tuple[Id, ...], Meta(description="Federations it belongs to")] = ()
    covers: Annotated[tuple[Line, ...], Meta(description="Municipalities and counties it serves")] = ()
    awards: tuple[Award, ...] = ()
    representatives: tuple[Representative, ...] = ()
    decision_reason: Annotated[
        Text | None, Meta(description="Why it was rejected, suspended or dissolved, where it is")
    ] = None
    dissolved_on: date | None = None
    provenance: Annotated[
        tuple[FieldSource, ...], Meta(description="Sources of single fields; of the status, every step")
    ] = ()
    source: Source | None = None


class SubmitOrganization(Command, frozen=True, kw_only=True):
    """Put an organisation forward for the register; an official decides."""

    name: Line
    legal_form: LegalForm
    aliases: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    krs: Krs | None = None
    nip: Nip | None = None
    regon: GivenRegon | None = None
    public_benefit: bool = False
    fields: Annotated[tuple[Field, ...], Meta(max_length=6)] = ()
    description: Text | None = None
    address: Address | None = None
    website: Url | None = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] = ()


class ReviewOrganization(Command, frozen=True, kw_only=True):
    """Decide on a submission: publish it, or reject it with a reason."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    publish: bool
    reason: Text | None = None


class District(Entity, frozen=True, kw_only=True):
    name: Line
    city: Line
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class OrganizationFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    search: Annotated[str, Meta(max_length=200)] | None = None
    name_starts_with: Annotated[str, Meta(max_length=100)] | None = None
    legal_form: Annotated[tuple[LegalForm, ...], Meta(max_length=50)] | None = None
    field: Annotated[tuple[Field, ...], Meta(max_length=6)] | None = None
    public_benefit: bool | None = None
    status: OrganizationStatus | None = None
    nip: Nip | None = None
    krs: Krs | None = None
    district_id: Id | None = None
    parent_id: Id | None = None
    operator_id: Id | None = None
    founder_id: Id | None = None


class DistrictFilter(Command, frozen=True, kw_only=True):
    name_starts_with: Annotated[str, Meta(max_length=100)] | None = None
