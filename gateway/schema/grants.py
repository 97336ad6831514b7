"""Small grants, their comments, the yearly plans, and the limits of law."""

from datetime import date
from typing import Any, Optional

import strawberry

from gateway import kinds
from gateway.context import Info
from gateway.limits.declared import CALL
from gateway.loaders import then
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from gateway.schema.tasks import OfferAction  # noqa: F401  # a part has its relations before what holds it
from shared.contracts import grants as contracts
from shared.contracts import law
from shared.contracts.reading import FindRequest


@expose(contracts.SmallGrant)
class SmallGrant(Node):
    organization = one(kinds.ORGANIZATIONS, "organization_id")
    partners = several(kinds.ORGANIZATIONS, "partner_ids", "Who makes the offer jointly with it")
    confirmed = several(kinds.ORGANIZATIONS, "confirmed_ids", "Of a joint offer: for whom it was made or confirmed")
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


def _legal_setting(info: Info, name: law.Limit, as_of: date) -> Any:
    # the day is asked for: "today" would be another law tomorrow in an answer that was kept
    request: FindRequest[Any] = FindRequest(filter=law.LegalSettingFilter(name=name, as_of=as_of), first=1)
    return then(info.context.loaders.find(kinds.LEGAL_SETTINGS, request), lambda page: next(iter(page.items), None))


_legal_setting.__annotations__["return"] = Optional[LegalSetting]
legal_setting = strawberry.field(
    resolver=_legal_setting, description="One limit as it stands on a day", directives=[CALL]
)

submit_small_grant = command(kinds.SMALL_GRANTS, contracts.SubmitSmallGrant)
confirm_small_grant = command(kinds.SMALL_GRANTS, contracts.ConfirmSmallGrant)
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
