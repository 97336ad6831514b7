"""What is to be done and what it costs: the schedule and the budget of an offer, in a call or without one."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Id, Line, Record, Text
from shared.contracts.money import Money


class OfferAction(Record, frozen=True, kw_only=True):
    """A line of the schedule."""

    name: Line
    starts_on: date
    ends_on: date
    organization_id: Annotated[Id | None, Meta(description="Who does it; required in a joint offer")] = None


class BudgetPosition(Record, frozen=True, kw_only=True):
    """A line of the budget: what it costs, and who pays which part."""

    name: Line
    total: Money
    grant: Money
    own: Money = "0.00"
    other: Money = "0.00"


class OfferContent(Record, frozen=True, kw_only=True):
    """What an offer says. The sums are given, too, and have to agree with the positions."""

    title: Line
    description: Text
    schedule: Annotated[tuple[OfferAction, ...], Meta(min_length=1, max_length=100)]
    budget: Annotated[tuple[BudgetPosition, ...], Meta(min_length=1, max_length=100)]
    total: Money
    grant: Annotated[Money, Meta(description="The grant asked for")]
    own: Annotated[Money, Meta(description="The organisations' own funds")] = "0.00"
    other: Annotated[Money, Meta(description="From other sources")] = "0.00"
