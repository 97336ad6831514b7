"""Community centres of the city, and who runs them when."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Period, Record, Source
from shared.contracts.organisations import FieldSource


class CentreKind(StrEnum):
    OSL = "OSL"
    DOSL = "DOSL"


class ActivityKind(StrEnum):
    """What a centre does, as the city tells of its centres."""

    INTEGRATION = "INTEGRATION"
    ACTIVATION = "ACTIVATION"
    NEIGHBOURHOOD_INITIATIVES = "NEIGHBOURHOOD_INITIATIVES"
    READING = "READING"
    HOLIDAY_CARE = "HOLIDAY_CARE"
    ECOLOGY = "ECOLOGY"
    CULTURE = "CULTURE"
    PICNICS = "PICNICS"
    EDUCATION = "EDUCATION"
    OTHER = "OTHER"


class TargetGroup(StrEnum):
    """For whom it is."""

    CHILDREN = "CHILDREN"
    YOUTH = "YOUTH"
    PARENTS = "PARENTS"
    SENIORS = "SENIORS"
    NEIGHBOURS = "NEIGHBOURS"
    PEOPLE_WITH_DISABILITIES = "PEOPLE_WITH_DISABILITIES"
    EXCLUDED = "EXCLUDED"
    OTHER = "OTHER"


class Coverage(Record, frozen=True, kw_only=True):
    """A district that a centre serves, and when."""

    district_id: Id
    period: Period


class Operator(Record, frozen=True, kw_only=True):
    """Who ran a centre, and when. `name` holds where the source names no single organisation."""

    organization_id: Id | None = None
    name: Line | None = None
    period: Period


class Centre(Entity, frozen=True, kw_only=True):
    """A community centre: Ośrodek Społeczności Lokalnej (OSL) or its district kind (DOSL)."""

    name: Line
    kind: CentreKind
    district_id: Id | None = None
    coordinator_id: Id | None = None
    operators: Annotated[tuple[Operator, ...], Meta(description="Earliest first; with `asOf`, those of that day")] = ()
    existed: Annotated[Period | None, Meta(description="From the opening to the closing day")] = None
    coverage: Annotated[
        tuple[Coverage, ...], Meta(description="Districts that it serves; with `asOf`, those of that day")
    ] = ()
    activities: tuple[Line, ...] = ()
    activity_kinds: tuple[ActivityKind, ...] = ()
    target_groups: tuple[Line, ...] = ()
    target_group_kinds: tuple[TargetGroup, ...] = ()
    as_of: Annotated[date | None, Meta(description="The centre is shown as it was that day; else all its history")] = (
        None
    )
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()

    def on(self, day: date) -> "Centre":
        """With the operators and the coverage of that day."""
        ran = tuple(operator for operator in self.operators if operator.period.may_hold(day))
        covered = tuple(coverage for coverage in self.coverage if coverage.period.may_hold(day))
        return msgspec.structs.replace(self, operators=ran, coverage=covered, as_of=day)

    @property
    def first_day(self) -> date | None:
        """Of its existence: the opening; where nobody entered that, the day from which on somebody ran it."""
        if self.existed is not None and self.existed.first is not None:
            return self.existed.first
        began = [operator.period.first for operator in self.operators]
        return min((day for day in began if day is not None), default=None) if None not in began else None

    @property
    def last_day(self) -> date | None:
        return self.existed.last if self.existed is not None else None


class RegisterCentre(Command, frozen=True, kw_only=True):
    """Enter a new community centre into the register."""

    name: Line
    kind: CentreKind
    district_id: Id | None = None
    coordinator_id: Id | None = None
    opened_on: date | None = None
    activities: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    activity_kinds: Annotated[tuple[ActivityKind, ...], Meta(max_length=10)] = ()
    target_groups: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    target_group_kinds: Annotated[tuple[TargetGroup, ...], Meta(max_length=8)] = ()


class ChangeCentre(Command, frozen=True, kw_only=True):
    """Change what a centre is called and does. What is not given stays; a list replaces the whole list."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    name: Line | None = None
    district_id: Id | None = None
    coordinator_id: Id | None = None
    activities: Annotated[tuple[Line, ...], Meta(max_length=50)] | None = None
    activity_kinds: Annotated[tuple[ActivityKind, ...], Meta(max_length=10)] | None = None
    target_groups: Annotated[tuple[Line, ...], Meta(max_length=50)] | None = None
    target_group_kinds: Annotated[tuple[TargetGroup, ...], Meta(max_length=8)] | None = None


class CloseCentre(Command, frozen=True, kw_only=True):
    """Say on which day a centre was open for the last time; who ran it and what it covered end with it."""

    id: Id
    closed_on: date


class CoverDistrict(Command, frozen=True, kw_only=True):
    """Say that a centre serves a district from a day on."""

    id: Id
    district_id: Id
    since: date


class EndCoverage(Command, frozen=True, kw_only=True):
    """Say on which day a centre served a district for the last time."""

    id: Id
    district_id: Id
    until: date


class AssignOperator(Command, frozen=True, kw_only=True):
    """Say who runs a centre from a day on, a year ahead at most; the one before it runs it until the day before."""

    id: Id
    since: date
    organization_id: Id | None = None
    name: Annotated[Line | None, Meta(description="Where it is no single organisation of the register")] = None


class TakeBackOperator(Command, frozen=True, kw_only=True):
    """Take an assignment back that has not begun yet; who ran the centre until the day before runs it on."""

    id: Id
    since: Annotated[date, Meta(description="The day from which on it was assigned")]


class CentreFilter(Command, frozen=True, kw_only=True):
    kind: CentreKind | None = None
    district_id: Id | None = None
    operator_id: Annotated[Id | None, Meta(description="Runs it or ran it; with `asOf`, ran it that day")] = None
    coordinator_id: Id | None = None
    covers_district_id: Annotated[Id | None, Meta(description="Serves it or served it; with `asOf`, that day")] = None
    activity: ActivityKind | None = None
    target_group: TargetGroup | None = None
    as_of: Annotated[date | None, Meta(description="Those that existed that day, as they were")] = None
