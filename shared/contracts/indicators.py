"""Aggregate indicators: a number for an organisation or a project and a year, and never a person."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Count, Entity, Id, Source
from shared.contracts.grants import Year
from shared.contracts.organisations import FieldSource


class IndicatorName(StrEnum):
    """What is counted: a list, so that nothing about a person can be written there."""

    SUBSIDISED_JOBS = "SUBSIDISED_JOBS"  # dotacyjne miejsca pracy dla osób zagrożonych wykluczeniem
    EMPLOYED_FROM_VULNERABLE_GROUPS = "EMPLOYED_FROM_VULNERABLE_GROUPS"
    PARTICIPANTS = "PARTICIPANTS"
    VOLUNTEERS = "VOLUNTEERS"
    SOCIAL_COOPERATIVES_FOUNDED = "SOCIAL_COOPERATIVES_FOUNDED"
    TRAININGS = "TRAININGS"
    ADVICE_HOURS = "ADVICE_HOURS"


class Indicator(Entity, frozen=True, kw_only=True):
    """One number. It cannot be told by whom it was reached."""

    organization_id: Id | None = None
    project_id: Id | None = None
    year: Annotated[Year | None, Meta(description="None where the source gives a number without a year")] = None
    name: IndicatorName
    value: Count
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class RecordIndicator(Command, frozen=True, kw_only=True):
    """Enter an indicator of an organisation or a project for a year. The same name and year again corrects it."""

    organization_id: Id | None = None
    project_id: Id | None = None
    year: Year
    name: IndicatorName
    value: Count
    expected_version: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="Required to correct what is there")
    ] = None


class IndicatorFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    organization_id: Id | None = None
    project_id: Id | None = None
    year: Year | None = None
    name: IndicatorName | None = None
