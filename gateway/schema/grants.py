"""Small grants, their comments, the yearly plans, and the limits of law."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one
from shared.contracts import grants as contracts
from shared.contracts import law


@expose(contracts.SmallGrant)
class SmallGrant(Node):
    organization = one(kinds.ORGANIZATIONS, "organization_id")
    comments = many(kinds.SMALL_GRANT_COMMENTS, "small_grant_id", "What was said of it while it was published")
    agreements = many(kinds.AGREEMENTS, "small_grant_id", "One at most")


@expose(contracts.SmallGrantComment)
class SmallGrantComment(Node):
    small_grant = one(kinds.SMALL_GRANTS, "small_grant_id")
    organization = one(kinds.ORGANIZATIONS, "organization_id")


@expose(contracts.GrantPlan)
class GrantPlan(Node):
    funder = one(kinds.ORGANIZATIONS, "funder_id", "The public body whose budget it is")


@expose(law.LegalSetting)
class LegalSetting(Node):
    pass


submit_small_grant = command(kinds.SMALL_GRANTS, contracts.SubmitSmallGrant)
publish_small_grant = command(kinds.SMALL_GRANTS, contracts.PublishSmallGrant)
decide_small_grant = command(kinds.SMALL_GRANTS, contracts.DecideSmallGrant)
withdraw_small_grant = command(kinds.SMALL_GRANTS, contracts.WithdrawSmallGrant)
comment_small_grant = command(
    kinds.SMALL_GRANT_COMMENTS,
    contracts.CommentSmallGrant,
    {"organization_id": kinds.ORGANIZATIONS},
    open_to_visitors=True,
)
set_grant_plan = command(kinds.GRANT_PLANS, contracts.SetGrantPlan)
set_legal_setting = command(kinds.LEGAL_SETTINGS, law.SetLegalSetting)
