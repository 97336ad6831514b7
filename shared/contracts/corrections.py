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


class CorrectionOutcome(StrEnum):
    """What becomes of an accepted report."""

    APPLIED = "APPLIED"  # the decision itself changed the record
    BY_HAND = "BY_HAND"  # to be carried out by an editor of the service or procedure that keeps the record
    PASSED_ON = "PASSED_ON"  # on its way to the service that keeps the record; APPLIED or DECLINED follows
    DECLINED = "DECLINED"  # that service's own rules do not allow it; see declined_code


class Correction(Entity, frozen=True, kw_only=True):
    """An error report. Seen by who made it and by those who decide."""

    record_id: Annotated[Id, Meta(description="The record that is wrong")]
    field: Annotated[Line | None, Meta(description="The field as clients know it, e.g. legalForm or address.city")] = (
        None
    )
    wrong: Annotated[Text, Meta(description="What is wrong")]
    proposed: Annotated[Text | None, Meta(description="What should stand there")] = None
    status: CorrectionStatus
    decide_by: Annotated[date, Meta(description="The last day to decide, counted in working days")]
    decided_on: date | None = None
    decision_reason: Text | None = None
    applied: Annotated[bool, Meta(description="The decision itself changed the record")] = False
    outcome: Annotated[CorrectionOutcome | None, Meta(description="Of an accepted one")] = None
    old_value: Annotated[
        Text | None, Meta(description="What stood in the field: when it was reported, and once applied, until then")
    ] = None
    new_value: Annotated[Text | None, Meta(description="What stands there since it was applied")] = None
    declined_code: Annotated[
        Line | None, Meta(description="Why the service that keeps the record did not apply it: the name of its rule")
    ] = None


class SubmitCorrection(Command, frozen=True, kw_only=True):
    """Report an error in any record. Do not put anybody's personal data into the texts."""

    record_id: Id
    field: Annotated[Line | None, Meta(description="As clients know it, or a part of it: address.city")] = None
    wrong: Text
    proposed: Text | None = None


class DecideCorrection(Command, frozen=True, kw_only=True):
    """Accept or reject an error report. With `apply`, an accepted one changes the record; one of another service is
    passed on there (PASSED_ON), which applies it or declines it by its rules (APPLIED, DECLINED).

    A list of simple values has one on a line; a value with parts (a contact point) is JSON; `null` empties a field.
    Without `apply`, it is for an editor to carry it out.
    """

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


class Receipt(Entity, frozen=True, kw_only=True):
    """What everybody with the id may know of a submission or an error report: how far it is. None of its text."""

    status: str
    decide_by: date | None = None
    decided_on: date | None = None
