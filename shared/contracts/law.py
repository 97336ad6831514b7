"""Limits that the law sets, each with the day from which it holds."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Line


class Limit(StrEnum):
    """What is limited."""

    CORRECTION_DECIDED_WITHIN = "CORRECTION_DECIDED_WITHIN"
    SMALL_GRANT_AMOUNT = "SMALL_GRANT_AMOUNT"
    SMALL_GRANT_TASK_DAYS = "SMALL_GRANT_TASK_DAYS"
    SMALL_GRANT_PUBLISHED_WITHIN = "SMALL_GRANT_PUBLISHED_WITHIN"
    SMALL_GRANT_COMMENT_DAYS = "SMALL_GRANT_COMMENT_DAYS"
    SMALL_GRANTS_OF_ORGANIZATION = "SMALL_GRANTS_OF_ORGANIZATION"
    SMALL_GRANTS_SHARE = "SMALL_GRANTS_SHARE"
    CALL_OFFER_DAYS = "CALL_OFFER_DAYS"
    TASK_REPORT_DAYS = "TASK_REPORT_DAYS"
    AGREEMENT_YEARS = "AGREEMENT_YEARS"
    PUBLIC_BENEFIT_SHARE = "PUBLIC_BENEFIT_SHARE"


class Unit(StrEnum):
    GROSZE = "GROSZE"
    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    PERCENT = "PERCENT"
    YEARS = "YEARS"
    BASIS_POINTS = "BASIS_POINTS"


type LimitValue = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class LegalSetting(Entity, frozen=True, kw_only=True):
    """A limit of law and the days on which it holds: built in as the acts stand, or entered after they changed."""

    name: Limit
    value: LimitValue
    unit: Unit
    valid_from: Annotated[date, Meta(description="The first day on which it holds")]
    legal_basis: Annotated[Line, Meta(description="The article that says so; shown with every refusal by it")]
    valid_until: Annotated[date | None, Meta(description="The last day; null while no later one is known")] = None
    built_in: Annotated[bool, Meta(description="From the system's own table of acts; false where it was entered")] = (
        False
    )


class SetLegalSetting(Command, frozen=True, kw_only=True):
    """Enter a limit of law from today or a later day on. The same name and day again corrects it."""

    name: Limit
    value: LimitValue
    valid_from: date
    legal_basis: Line


class LegalSettingFilter(Command, frozen=True, kw_only=True):
    name: Limit | None = None
    as_of: Annotated[date | None, Meta(description="Only what holds on this day")] = None
