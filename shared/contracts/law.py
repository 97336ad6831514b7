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


class Unit(StrEnum):
    GROSZE = "GROSZE"
    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    PERCENT = "PERCENT"
    YEARS = "YEARS"


type LimitValue = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class LegalSetting(Entity, frozen=True, kw_only=True):
    """A limit as an operator set it after the law changed; it holds until a later one of the same name.

    What the act said when this was written is built in; a setting stands in its place from its first day on.
    """

    name: Limit
    value: LimitValue
    unit: Unit
    valid_from: Annotated[date, Meta(description="The first day on which it holds")]
    legal_basis: Annotated[Line, Meta(description="The article that says so; shown with every refusal by it")]


class SetLegalSetting(Command, frozen=True, kw_only=True):
    """Enter a limit of law from a day on. The same name and day again corrects it."""

    name: Limit
    value: LimitValue
    valid_from: date
    legal_basis: Line


class LegalSettingFilter(Command, frozen=True, kw_only=True):
    name: Limit | None = None
