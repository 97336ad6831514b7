"""Parts of what offers say, in a call or without one."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.relations import one
from shared.contracts import tasks as contracts


@expose(contracts.OfferAction)
class OfferAction:
    organization = one(kinds.ORGANIZATIONS, "organization_id", "Who does it")
