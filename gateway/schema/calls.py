"""Open calls, offers and their evaluations."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from shared.contracts import calls as contracts


@expose(contracts.OfferAction)
class OfferAction:
    organization = one(kinds.ORGANIZATIONS, "organization_id", "Who does it")


@expose(contracts.Call)
class Call(Node):
    organizer = one(kinds.ORGANIZATIONS, "organizer_id")
    offers = many(kinds.OFFERS, "call_id", "Everyone sees them once the results are published")


@expose(contracts.Offer)
class Offer(Node):
    call = one(kinds.CALLS, "call_id")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")
    evaluations = many(kinds.EVALUATIONS, "offer_id", "One sheet at most, where it is there to be seen")


@expose(contracts.OfferEvaluations)
class OfferEvaluations(Node):
    offer = one(kinds.OFFERS, "offer_id")
    call = one(kinds.CALLS, "call_id")


announce_call = command(kinds.CALLS, contracts.AnnounceCall)
publish_results = command(kinds.CALLS, contracts.PublishResults)
submit_offer = command(kinds.OFFERS, contracts.SubmitOffer)
change_offer = command(kinds.OFFERS, contracts.ChangeOffer)
withdraw_offer = command(kinds.OFFERS, contracts.WithdrawOffer)
evaluate_offer_formally = command(kinds.OFFERS, contracts.EvaluateOfferFormally)
evaluate_offer = command(kinds.EVALUATIONS, contracts.EvaluateOffer)
