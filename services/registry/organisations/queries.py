"""How the register is read: what its filter means and who may see what."""

from services.registry.organisations import rules
from services.registry.organisations.abbreviations import searched
from services.registry.organisations.collections import ORGANIZATIONS
from shared.contracts.organisations import Organization, OrganizationFilter, OrganizationStatus
from shared.contracts.people import Viewer
from shared.polish import fold
from shared.service.reading import Listing
from shared.store.port import Condition, Eq, In, Prefix, containing, equal


def _organizations(asked: OrganizationFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = []
    if viewer is not None and viewer.has(*rules.REVIEWERS):
        if asked.status is not None:
            where.append(Eq("status", asked.status))
    else:
        wanted = asked.status or OrganizationStatus.PUBLISHED
        where.append(Eq("status", wanted))
        if wanted not in rules.PUBLIC:
            # what is not public one sees of one's own submissions only
            where.append(Eq("submitted_by", viewer.subject) if viewer is not None else In("status", ()))
    if asked.search:
        # a search of signs alone finds nothing, rather than everything
        where.extend(In("roots", roots) for roots in searched(asked.search) or [()])
    if asked.name_starts_with:
        where.append(Prefix("folded", fold(asked.name_starts_with)))
    if asked.legal_form is not None:
        where.append(In("legal_form", asked.legal_form))
    if asked.field is not None:
        where.append(In("fields", asked.field))
    where += equal(public_benefit=asked.public_benefit, nip=asked.nip, krs=asked.krs)
    where += equal(parent_id=asked.parent_id, operator_id=asked.operator_id)
    where += containing(district_ids=asked.district_id, founder_ids=asked.founder_id)
    return tuple(where)


LISTINGS = (
    Listing(
        ORGANIZATIONS,
        Organization,
        OrganizationFilter,
        _organizations,
        visible=rules.may_see,
        facets={
            "legalForm": "legal_form",
            "field": "fields",
            "publicBenefit": "public_benefit",
            "district": "district_ids",
        },
    ),
)
