"""What the city and its organisations do together, form by form, with money and without."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Period, Source, Text
from shared.contracts.grants import TaskMode
from shared.contracts.organisations import FieldSource


class CooperationForm(StrEnum):
    """The forms of the act (art. 5) as the city names them; all but the first are without money."""

    COMMISSIONED_TASK = "COMMISSIONED_TASK"  # zlecenie zadania: powierzenie albo wspieranie
    INFORMATION = "INFORMATION"  # wzajemne informowanie się o planowanych kierunkach działalności
    OPEN_MEETING = "OPEN_MEETING"
    LOCAL_LAW_CONSULTATION = "LOCAL_LAW_CONSULTATION"
    TRAINING = "TRAINING"
    ADVICE = "ADVICE"
    PROMOTION = "PROMOTION"
    PICNIC = "PICNIC"
    ROOM = "ROOM"
    ADDRESS = "ADDRESS"
    OTHER = "OTHER"


class Cooperation(Entity, frozen=True, kw_only=True):
    """One cooperation of a public body with organisations, in one form, over one period."""

    form: CooperationForm
    mode: Annotated[TaskMode | None, Meta(description="Of a commissioned task")] = None
    authority_id: Annotated[Id, Meta(description="The public body, or its unit")]
    organization_ids: Annotated[
        tuple[Id, ...], Meta(description="With whom; none where a source speaks of organisations in general")
    ] = ()
    description: Text
    period: Period
    district_ids: tuple[Id, ...] = ()
    project_id: Id | None = None
    agreement_id: Annotated[Id | None, Meta(description="The agreement on the task")] = None
    event_id: Annotated[Id | None, Meta(description="The event at which it happened")] = None
    consultation_id: Id | None = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class RecordCooperation(Command, frozen=True, kw_only=True):
    """Enter a cooperation that has begun. Write of no person by name."""

    form: CooperationForm
    mode: TaskMode | None = None
    authority_id: Id
    organization_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=100)]
    description: Text
    since: date
    until: Annotated[date | None, Meta(description="Its last day, where that is known")] = None
    district_ids: Annotated[tuple[Id, ...], Meta(max_length=30)] = ()
    project_id: Id | None = None
    agreement_id: Id | None = None
    event_id: Id | None = None
    consultation_id: Id | None = None


class EndCooperation(Command, frozen=True, kw_only=True):
    """Say on which day a cooperation took place for the last time."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    until: date


class CooperationFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once. `since` and `until` ask for what touches those days."""

    organization_id: Annotated[Id | None, Meta(description="One with whom; or the public body")] = None
    form: Annotated[tuple[CooperationForm, ...], Meta(max_length=11)] | None = None
    financial: Annotated[bool | None, Meta(description="With money: commissioned tasks")] = None
    mode: TaskMode | None = None
    district_id: Id | None = None
    project_id: Id | None = None
    since: date | None = None
    until: date | None = None
