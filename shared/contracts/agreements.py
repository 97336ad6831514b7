"""Agreements on granted tasks, requests to change them, and reports on the tasks (art. 16 to 18)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Record, Text
from shared.contracts.grants import TaskMode, Year
from shared.contracts.money import Money
from shared.contracts.tasks import OfferContent


class Tranche(Record, frozen=True, kw_only=True):
    """What is paid in one calendar year of a task that takes several."""

    year: Year
    amount: Money


class Agreement(Entity, frozen=True, kw_only=True):
    """On a task of a funded offer, or of a small grant that was decided."""

    offer_id: Id | None = None
    small_grant_id: Id | None = None
    organization_ids: tuple[Id, ...]
    title: Line
    mode: TaskMode
    grant: Money
    tranches: tuple[Tranche, ...] = ()
    starts_on: date
    ends_on: Annotated[date, Meta(description="The last day of the task")]
    content: Annotated[
        OfferContent | None,
        Meta(description="Schedule and budget as they hold now; none where a small grant was offered without"),
    ] = None
    signed_on: date
    report_until: Annotated[date, Meta(description="The last day for the task's report")]
    settled_on: Annotated[date | None, Meta(description="The day on which the task's report was accepted")] = None


class SignAgreement(Command, frozen=True, kw_only=True):
    """Enter an agreement that was signed, on a funded offer or a granted small grant."""

    offer_id: Id | None = None
    small_grant_id: Id | None = None
    signed_on: date
    content: Annotated[
        OfferContent | None, Meta(description="Schedule and budget brought up to date; required if less was granted")
    ] = None
    tranches: Annotated[
        Annotated[tuple[Tranche, ...], Meta(max_length=10)],
        Meta(description="One for each year of a task that takes several"),
    ] = ()


class ChangeRequestStatus(StrEnum):
    REQUESTED = "REQUESTED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class ChangeRequest(Entity, frozen=True, kw_only=True):
    """An organisation asks for another schedule or budget; accepted, it becomes the agreement's."""

    agreement_id: Id
    organization_ids: tuple[Id, ...]
    reason: Text
    content: OfferContent
    status: ChangeRequestStatus
    decision_reason: Text | None = None
    decided_on: date | None = None
    agreement_version: Annotated[int, Meta(ge=1, description="The agreement's version that it was made from")] = 1


class RequestChange(Command, frozen=True, kw_only=True):
    """Ask for another schedule or budget of an agreed task, before the task ends."""

    agreement_id: Id
    expected_version: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="The agreement's version that it was made from; the present one if left out"),
    ] = None
    reason: Text
    content: OfferContent


class DecideChange(Command, frozen=True, kw_only=True):
    """Accept a request for change, or decline it with a reason."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    accept: bool
    reason: Text | None = None


class TaskReportStatus(StrEnum):
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"


class TaskReport(Entity, frozen=True, kw_only=True):
    """On the whole task, after its end. One per agreement; a returned one is sent in again."""

    agreement_id: Id
    organization_ids: tuple[Id, ...]
    description: Text
    spent: Annotated[Money, Meta(description="How much of the grant was spent")]
    status: TaskReportStatus
    submitted_on: date
    in_time: Annotated[bool, Meta(description="First submitted within the term of the law")]
    decision_reason: Annotated[Text | None, Meta(description="Why it was returned")] = None


class SubmitTaskReport(Command, frozen=True, kw_only=True):
    """Report on a task after its end; late is taken, too, and shows."""

    agreement_id: Id
    description: Text
    spent: Money


class DecideTaskReport(Command, frozen=True, kw_only=True):
    """Accept a report, or return it with a reason."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    accept: bool
    reason: Text | None = None


class AgreementFilter(Command, frozen=True, kw_only=True):
    organization_id: Id | None = None
    offer_id: Id | None = None
    small_grant_id: Id | None = None
    report_before: Annotated[date | None, Meta(description="Agreements whose report is due before this day")] = None


class ChangeRequestFilter(Command, frozen=True, kw_only=True):
    """Requests are found by officials and by the organisations' representatives; accepted ones by everyone."""

    agreement_id: Id | None = None
    organization_id: Id | None = None
    status: ChangeRequestStatus | None = None


class TaskReportFilter(Command, frozen=True, kw_only=True):
    """Reports are found by officials and by the organisations' representatives; accepted ones by everyone."""

    agreement_id: Id | None = None
    organization_id: Id | None = None
    status: TaskReportStatus | None = None
