"""Error reports ("Zgłoś błąd"): what somebody found wrong in a record of any service, and what became of it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Text


class CorrectionStatus(StrEnum):
    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Correction(Entity, frozen=True, kw_only=True):
    """An error report. Seen by who made it and by those who decide."""

    record_id: Annotated[Id, Meta(description="The record that is wrong")]
    field: Annotated[Line | None, Meta(description="The field as clients know it, e.g. legalForm")] = None
    wrong: Annotated[Text, Meta(description="What is wrong")]
    proposed: Annotated[Text | None, Meta(description="What should stand there")] = None
    status: CorrectionStatus
    decide_by: Annotated[date, Meta(description="The last day to decide, counted in working days")]
    decided_on: date | None = None
    decision_reason: Text | None = None
    applied: Annotated[bool, Meta(description="The decision itself changed the record")] = False


class SubmitCorrection(Command, frozen=True, kw_only=True):
    """Report an error in any record. Do not put anybody's personal data into the texts."""

    record_id: Id
    field: Line | None = None
    wrong: Text
    proposed: Text | None = None


class DecideCorrection(Command, frozen=True, kw_only=True):
    """Accept or reject an error report. With `apply`, an accepted one changes the organisation's record itself."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    accept: bool
    reason: Annotated[Text | None, Meta(description="Required of a rejection")] = None
    apply: bool = False
    value: Annotated[Text | None, Meta(description="To apply in place of what was proposed")] = None


class CorrectionFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    record_id: Id | None = None
    status: CorrectionStatus | None = None
    decide_before: Annotated[date | None, Meta(description="Whose last day to decide lies before this day")] = None
