"""Putting organisations on the public-benefit list of a year, and striking them off: load, decide, put, tell."""

from services.registry.benefit import rules
from services.registry.benefit.collections import BENEFITS, entry_id
from services.registry.law.queries import provision
from services.registry.organisations.collections import ORGANIZATIONS
from shared.clock import after, now, today
from shared.contracts.benefit import BenefitStatus, ListForPublicBenefit, PublicBenefitEntry, StrikeOffPublicBenefit
from shared.contracts.law import Limit
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Transaction


async def list_for_public_benefit(tx: Transaction, viewer: Viewer, command: ListForPublicBenefit) -> PublicBenefitEntry:
    rules.may_keep_the_list(viewer)
    rules.the_cutoff_has_come(command.tax_year, today())
    organization = await tx.get(ORGANIZATIONS, command.organization_id)
    if organization is None or organization.status is not OrganizationStatus.PUBLISHED:
        raise Refused(
            "UNKNOWN_ORGANIZATION",
            pl="Nie ma opublikowanej organizacji o tym identyfikatorze.",
            en="There is no published organisation with this id.",
            field="organizationId",
        )
    rules.has_status_on_the_cutoff(organization, command.tax_year)
    earlier = await tx.get(BENEFITS, entry_id(command.organization_id, command.tax_year))
    rules.is_not_listed(earlier)
    # an amendment of the summer is for the tax of the whole year
    share = await provision(tx, Limit.PUBLIC_BENEFIT_SHARE, rules.cutoff(command.tax_year))
    moment = now()
    entry = PublicBenefitEntry(
        id=entry_id(command.organization_id, command.tax_year),
        version=earlier.version + 1 if earlier else 1,
        created_at=earlier.created_at if earlier else moment,
        updated_at=after(earlier.updated_at) if earlier else moment,
        organization_id=organization.id,
        name=organization.name,
        krs=rules.number_of(organization),
        tax_year=command.tax_year,
        status=BenefitStatus.LISTED,
        basis_points=share.value,
        listed_on=today(),
    )
    await tx.put(BENEFITS, entry)
    await changed(tx, "registry", "listed", entry, (entry.organization_id,))
    return entry


async def strike_off_public_benefit(
    tx: Transaction, viewer: Viewer, command: StrikeOffPublicBenefit
) -> PublicBenefitEntry:
    rules.may_keep_the_list(viewer)
    entry = rules.is_listed(await tx.get(BENEFITS, entry_id(command.organization_id, command.tax_year)))
    entry = next_version(
        entry,
        status=BenefitStatus.STRUCK_OFF,
        struck_off_on=today(),
        reason=command.reason,
    )
    await tx.put(BENEFITS, entry)
    await changed(tx, "registry", "struckoff", entry, (entry.organization_id,))
    return entry
