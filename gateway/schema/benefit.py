"""The public-benefit list per tax year: a part of the registry's schema."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import every, one
from shared.contracts import benefit as contracts


@expose(contracts.PublicBenefitEntry)
class PublicBenefitEntry(Node):
    organization = one(kinds.ORGANIZATIONS, "organization_id")


public_benefit_list = every(kinds.BENEFITS, "Who may receive a share of income tax for a tax year", {"tax_year": int})
list_for_public_benefit = command(kinds.BENEFITS, contracts.ListForPublicBenefit)
strike_off_public_benefit = command(kinds.BENEFITS, contracts.StrikeOffPublicBenefit)
