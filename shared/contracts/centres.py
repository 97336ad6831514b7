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
    activities: tuple[Line, ...] = ()
    target_groups: tuple[Line, ...] = ()
    as_of: Annotated[date | None, Meta(description="The centre is shown as it was that day; else all its history")] = (
        None
    )
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()

    def on(self, day: date) -> "Centre":
        """With the operators of that day. A day that the source does not know leaves the period open on that side."""
        stood = tuple(operator for operator in self.operators if runs(operator.period, day))
        return msgspec.structs.replace(self, operators=stood, as_of=day)


def runs(period: Period, day: date) -> bool:
    return (period.since is None or period.since <= day) and (period.until is None or day <= period.until)


class RegisterCentre(Command, frozen=True, kw_only=True):
    """Enter a new community centre into the register."""

    name: Line
    kind: CentreKind
    district_id: Id | None = None
    coordinator_id: Id | None = None
    activities: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    target_groups: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()


class AssignOperator(Command, frozen=True, kw_only=True):
    """Say who runs a centre from a day on; the one before it ran it until the day before."""

    id: Id
    since: date
    organization_id: Id | None = None
    name: Annotated[Line | None, Meta(description="Where it is no single organisation of the register")] = None


class CentreFilter(Command, frozen=True, kw_only=True):
    kind: CentreKind | None = None
    district_id: Id | None = None
    operator_id: Annotated[Id | None, Meta(description="Runs it or ran it; with `asOf`, ran it that day")] = None
    as_of: Annotated[date | None, Meta(description="Show centres with their operators of that day")] = None
