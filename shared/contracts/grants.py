"""Small grants: offers without an open call (art. 19a of the act on public-benefit work), and their yearly plan."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Line, Text
from shared.contracts.money import Money
from shared.contracts.organisations import Field
from shared.contracts.tasks import OfferContent

type Year = Annotated[int, Meta(ge=2010, le=2100)]


class TaskMode(StrEnum):
    """ENTRUSTED is powierzenie: the whole cost is the grant; SUPPORTED is wsparcie: the organisation adds to it."""

    ENTRUSTED = "ENTRUSTED"
    SUPPORTED = "SUPPORTED"


class SmallGrantStatus(StrEnum):
    RECEIVED = "RECEIVED"
    PUBLISHED = "PUBLISHED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class SmallGrant(Entity, frozen=True, kw_only=True):
    """An offer made without an open call, from its receipt to the decision."""

    organization_id: Id
    partner_ids: Annotated[tuple[Id, ...], Meta(description="Who makes the offer jointly with it")] = ()
    title: Line
    description: Text
    field: Field | None = None
    mode: TaskMode
    amount: Annotated[Money, Meta(description="The grant asked for")]
    total_cost: Annotated[Money, Meta(description="Of the whole task")]
    starts_on: date
    ends_on: Annotated[date, Meta(description="The last day of the task")]
    status: SmallGrantStatus
    received_on: date
    publish_by: Annotated[date, Meta(description="The last day on which the city may publish the offer")]
    published_on: date | None = None
    published_late: Annotated[bool, Meta(description="Published after the last day that the city had for it")] = False
    comments_until: Annotated[date | None, Meta(description="The last day on which anyone may comment")] = None
    decided_on: date | None = None
    decision_reason: Annotated[Text | None, Meta(description="Why it was declined")] = None
    granted: Annotated[Money | None, Meta(description="The grant as decided: what was asked for, or less")] = None
    budget_year: Annotated[
        Year | None, Meta(description="The year whose money it is, and whose caps it counts for")
    ] = None
    content: Annotated[OfferContent | None, Meta(description="Schedule and budget, where they were given")] = None
    confirmed_ids: Annotated[
        tuple[Id, ...], Meta(description="Of a joint offer: for whom it was made or confirmed so far")
    ] = ()


class SmallGrantComment(Entity, frozen=True, kw_only=True):
    """What somebody said of an offer while it was published."""

    small_grant_id: Id
    text: Text
    organization_id: Annotated[Id | None, Meta(description="When speaking for an organisation")] = None


class GrantPlan(Entity, frozen=True, kw_only=True):
    """A budget year: grants planned for organisations' tasks, and what small grants took of them so far."""

    year: Year
    funder_id: Annotated[Id, Meta(description="The public body whose budget it is")]
    planned: Annotated[Money, Meta(description="Planned grants for organisations' public tasks, all together")]
    small_grants: Annotated[Money, Meta(description="Small grants decided in the year, all together")] = "0.00"


class SubmitSmallGrant(Command, frozen=True, kw_only=True):
    """Offer a task without an open call, for one organisation or several jointly; an official enters what came on
    paper."""

    organization_id: Id
    partner_ids: Annotated[
        Annotated[tuple[Id, ...], Meta(max_length=9)], Meta(description="Who makes the offer jointly with it")
    ] = ()
    title: Line
    description: Text
    field: Field | None = None
    mode: TaskMode = TaskMode.SUPPORTED
    amount: Money
    total_cost: Money
    starts_on: date
    ends_on: date
    received_on: Annotated[date | None, Meta(description="Day of receipt of an offer that came off-line")] = None
    content: Annotated[
        OfferContent | None, Meta(description="Schedule and budget, of the same title, grant and total cost")
    ] = None


class ConfirmSmallGrant(Command, frozen=True, kw_only=True):
    """Confirm a joint offer for one of its organisations; an official does so by what is on paper."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    organization_id: Annotated[Id, Meta(description="The organisation that takes part in the offer")]


class PublishSmallGrant(Command, frozen=True, kw_only=True):
    """Publish an offer for comments: on the BIP, the notice board and the website, on the same day."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]


class CommentSmallGrant(Command, frozen=True, kw_only=True):
    """Say something of a published offer; anyone may, in the days after its publication."""

    small_grant_id: Id
    text: Text
    organization_id: Annotated[Id | None, Meta(description="When speaking for an organisation")] = None


class DecideSmallGrant(Command, frozen=True, kw_only=True):
    """Grant what was asked for or less, or decline with a reason."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    grant: bool
    amount: Annotated[Money | None, Meta(description="Less than what was asked for")] = None
    reason: Text | None = None
    budget_year: Annotated[
        Year | None, Meta(description="The year in which the money is handed over; this one if left out")
    ] = None


class WithdrawSmallGrant(Command, frozen=True, kw_only=True):
    """Take an offer back before it is decided."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]


class SetGrantPlan(Command, frozen=True, kw_only=True):
    """Enter or change the grants planned in a budget year."""

    year: Year
    funder_id: Annotated[Id, Meta(description="The public body whose budget it is")]
    planned: Money


class SmallGrantFilter(Command, frozen=True, kw_only=True):
    """Not yet published offers are found by officials, and by the organisation's representatives."""

    organization_id: Annotated[Id | None, Meta(description="One that made the offer, alone or jointly")] = None
    status: SmallGrantStatus | None = None
    field: Field | None = None
    publish_before: Annotated[date | None, Meta(description="Offers that must be published before this day")] = None
    published_late: bool | None = None


class SmallGrantCommentFilter(Command, frozen=True, kw_only=True):
    small_grant_id: Id | None = None
    organization_id: Id | None = None


class GrantPlanFilter(Command, frozen=True, kw_only=True):
    year: Year | None = None
