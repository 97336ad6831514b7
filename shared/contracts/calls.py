"""Open calls for offers (art. 13 to 15 of the act on public-benefit work): call, offer, evaluation, results."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Instant, Line, Record, Text
from shared.contracts.grants import TaskMode
from shared.contracts.money import Money
from shared.contracts.organisations import Field
from shared.contracts.tasks import OfferContent

type Points = Annotated[int, Meta(ge=0, le=1_000)]
type EvaluationsWanted = Annotated[int, Meta(ge=1, le=20)]
type OffersAllowed = Annotated[int, Meta(ge=1, le=100)]
type Average = Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]{2}$(?!\n)", description='Points with two places: "83.50"')]


class CallStatus(StrEnum):
    ANNOUNCED = "ANNOUNCED"
    DECIDED = "DECIDED"


class CallTask(Record, frozen=True, kw_only=True):
    """A public task that offers may be made for, and how much the city gives for it."""

    id: Id
    title: Line
    mode: TaskMode
    field: Field | None = None
    amount: Money
    starts_on: date
    ends_on: date


class Criterion(Record, frozen=True, kw_only=True):
    """What offers are judged by, and how many points there are for it at most."""

    id: Id
    name: Line
    max_points: Points


class Call(Entity, frozen=True, kw_only=True):
    """An open call for offers. It is announced in three places; the last one starts the term for offers."""

    title: Line
    description: Text | None = None
    organizer_id: Id
    tasks: tuple[CallTask, ...]
    criteria: tuple[Criterion, ...]
    amount: Annotated[Money, Meta(description="Of all tasks together")]
    announced_in_bip_on: date
    announced_on_board_on: date
    announced_on_website_on: date
    offers_until: Annotated[date, Meta(description="The last day for offers, moved to a working day where it is none")]
    correction_days: Annotated[int, Meta(description="How long an offer with formal faults may be corrected")]
    status: CallStatus
    results_on: Annotated[date | None, Meta(description="The day on which the results were published")] = None
    offers_per_organization: Annotated[
        OffersAllowed | None,
        Meta(description="How many offers an organisation may make for one task, alone and jointly; null for any"),
    ] = None
    evaluations_per_offer: Annotated[
        EvaluationsWanted, Meta(description="How many evaluations each accepted offer needs before the results")
    ] = 1


class NewCallTask(Command, frozen=True, kw_only=True):
    title: Line
    mode: TaskMode
    field: Field | None = None
    amount: Money
    starts_on: date
    ends_on: date


class NewCriterion(Command, frozen=True, kw_only=True):
    name: Line
    max_points: Annotated[int, Meta(ge=1, le=1_000)]


class AnnounceCall(Command, frozen=True, kw_only=True):
    """Announce an open call, with the days on which it appears in the three places."""

    title: Line
    description: Text | None = None
    organizer_id: Id
    tasks: Annotated[tuple[NewCallTask, ...], Meta(min_length=1, max_length=50)]
    criteria: Annotated[tuple[NewCriterion, ...], Meta(min_length=1, max_length=50)]
    announced_in_bip_on: date
    announced_on_board_on: date
    announced_on_website_on: date
    offers_until: date
    correction_days: Annotated[int, Meta(ge=1, le=60)] = 7
    offers_per_organization: Annotated[
        OffersAllowed | None,
        Meta(description="How many offers an organisation may make for one task, alone and jointly; any if left out"),
    ] = None
    evaluations_per_offer: Annotated[
        EvaluationsWanted, Meta(description="How many evaluations each accepted offer needs before the results")
    ] = 1


class FundedOffer(Command, frozen=True, kw_only=True):
    offer_id: Id
    grant: Annotated[Money, Meta(description="What was asked for, or less")]


class PublishResults(Command, frozen=True, kw_only=True):
    """Publish the results of a call, once all its offers are evaluated: these are funded, the others are not."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    funded: Annotated[tuple[FundedOffer, ...], Meta(max_length=500)]


class CallFilter(Command, frozen=True, kw_only=True):
    status: CallStatus | None = None
    organizer_id: Id | None = None
    open_on: Annotated[date | None, Meta(description="Calls that take offers until this day or longer")] = None


class OfferStatus(StrEnum):
    """ACCEPTED and REJECTED are formal; FUNDED and UNFUNDED come with the results."""

    SUBMITTED = "SUBMITTED"
    TO_CORRECT = "TO_CORRECT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    FUNDED = "FUNDED"
    UNFUNDED = "UNFUNDED"


class Offer(Entity, frozen=True, kw_only=True):
    """An offer in a call, by one organisation or several jointly."""

    call_id: Id
    task_id: Annotated[Id, Meta(description="The call's task that it is made for")]
    organization_ids: tuple[Id, ...]
    content: OfferContent
    received_at: Instant
    status: OfferStatus
    faults: Annotated[Text | None, Meta(description="What is formally wrong with it")] = None
    correct_until: Annotated[date | None, Meta(description="The last day for correcting the faults")] = None
    points: Annotated[Average | None, Meta(description="The evaluators' average")] = None
    granted: Money | None = None
    results_on: date | None = None
    confirmed_ids: Annotated[
        tuple[Id, ...], Meta(description="Of a joint offer: for whom it was made or confirmed as it stands")
    ] = ()


class SubmitOffer(Command, frozen=True, kw_only=True):
    """Make an offer in a call; an official enters one that came on paper, with the moment of its receipt."""

    call_id: Id
    task_id: Id
    organization_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=10)]
    content: OfferContent
    received_at: Annotated[Instant | None, Meta(description="The moment of receipt of an offer on paper")] = None


class ChangeOffer(Command, frozen=True, kw_only=True):
    """Change an offer while the call takes offers, or correct it when asked to."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    content: OfferContent


class ConfirmOffer(Command, frozen=True, kw_only=True):
    """Confirm a joint offer as it stands for one of its organisations; an official does so by what is on paper."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    organization_id: Annotated[Id, Meta(description="The organisation that takes part in the offer")]


class WithdrawOffer(Command, frozen=True, kw_only=True):
    """Take an offer back before the results."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]


class OfferFilter(Command, frozen=True, kw_only=True):
    """Before the results, offers are found by officials and by their organisations' representatives."""

    call_id: Id | None = None
    organization_id: Id | None = None
    status: OfferStatus | None = None


class FormalOutcome(StrEnum):
    ACCEPT = "ACCEPT"
    CORRECT = "CORRECT"
    REJECT = "REJECT"


class EvaluateOfferFormally(Command, frozen=True, kw_only=True):
    """Accept an offer for evaluation, send it back for correction, or reject it for its form."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    outcome: FormalOutcome
    faults: Annotated[Text | None, Meta(description="Required unless it is accepted")] = None


class Score(Record, frozen=True, kw_only=True):
    criterion_id: Id
    points: Points


class Evaluation(Record, frozen=True, kw_only=True):
    """One evaluator's points. The evaluator is not named."""

    scores: tuple[Score, ...]
    total: int
    justification: Text


class OfferEvaluations(Entity, frozen=True, kw_only=True):
    """All evaluations of an offer. An evaluator sees them once the own one is in; everyone, after the results."""

    offer_id: Id
    call_id: Id
    evaluations: tuple[Evaluation, ...] = ()


class EvaluateOffer(Command, frozen=True, kw_only=True):
    """Give an offer points by every criterion of its call; once, by each evaluator."""

    offer_id: Id
    scores: Annotated[tuple[Score, ...], Meta(min_length=1, max_length=50)]
    justification: Text


class OfferEvaluationsFilter(Command, frozen=True, kw_only=True):
    offer_id: Id | None = None
    call_id: Id | None = None
