"""Open calls, offers and their evaluations, agreements, changes and reports."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from gateway.schema.tasks import OfferAction  # noqa: F401  # a part has its relations before what holds it
from shared.contracts import agreements
from shared.contracts import calls as contracts


@expose(contracts.Call)
class Call(Node):
    organizer = one(kinds.ORGANIZATIONS, "organizer_id")
    offers = many(kinds.OFFERS, "call_id", "Everyone sees them once the results are published")


@expose(contracts.Offer)
class Offer(Node):
    call = one(kinds.CALLS, "call_id")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")
    confirmed = several(kinds.ORGANIZATIONS, "confirmed_ids", "Of a joint offer: for whom it was made or confirmed")
    evaluations = many(kinds.EVALUATIONS, "offer_id", "One sheet at most, where it is there to be seen")
    agreements = many(kinds.AGREEMENTS, "offer_id", "One at most")


@expose(contracts.OfferEvaluations)
class OfferEvaluations(Node):
    offer = one(kinds.OFFERS, "offer_id")
    call = one(kinds.CALLS, "call_id")


@expose(agreements.Agreement)
class Agreement(Node):
    offer = one(kinds.OFFERS, "offer_id")
    small_grant = one(kinds.SMALL_GRANTS, "small_grant_id")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")
    change_requests = many(kinds.CHANGE_REQUESTS, "agreement_id")
    reports = many(kinds.TASK_REPORTS, "agreement_id", "One at most")


@expose(agreements.ChangeRequest)
class ChangeRequest(Node):
    agreement = one(kinds.AGREEMENTS, "agreement_id")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")


@expose(agreements.TaskReport)
class TaskReport(Node):
    agreement = one(kinds.AGREEMENTS, "agreement_id")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")


announce_call = command(kinds.CALLS, contracts.AnnounceCall)
publish_results = command(kinds.CALLS, contracts.PublishResults)
submit_offer = command(kinds.OFFERS, contracts.SubmitOffer)
change_offer = command(kinds.OFFERS, contracts.ChangeOffer)
confirm_offer = command(kinds.OFFERS, contracts.ConfirmOffer)
withdraw_offer = command(kinds.OFFERS, contracts.WithdrawOffer)
evaluate_offer_formally = command(kinds.OFFERS, contracts.EvaluateOfferFormally)
evaluate_offer = command(kinds.EVALUATIONS, contracts.EvaluateOffer)
sign_agreement = command(kinds.AGREEMENTS, agreements.SignAgreement)
request_change = command(kinds.CHANGE_REQUESTS, agreements.RequestChange)
decide_change = command(kinds.CHANGE_REQUESTS, agreements.DecideChange)
submit_task_report = command(kinds.TASK_REPORTS, agreements.SubmitTaskReport)
decide_task_report = command(kinds.TASK_REPORTS, agreements.DecideTaskReport)
