"""How the register is read: what each filter means and who may see what."""

from services.registry import collections, rules
from shared.contracts.organisations import (
    Centre,
    CentreFilter,
    District,
    DistrictFilter,
    Organization,
    OrganizationFilter,
    OrganizationStatus,
    Partnership,
    PartnershipFilter,
    Project,
    ProjectFilter,
)
from shared.contracts.people import Viewer
from shared.polish import fold, words
from shared.service.reading import Listing
from shared.store.port import Condition, Eq, In, Prefix, containing, equal


def _organizations(asked: OrganizationFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = []
    if viewer is not None and viewer.has(*rules.REVIEWERS):
        if asked.status is not None:
            where.append(Eq("status", asked.status))
    else:
        where.append(Eq("status", OrganizationStatus.PUBLISHED))
        if asked.status not in (None, OrganizationStatus.PUBLISHED):
            where.append(In("status", ()))
    if asked.search:
        where.extend(In("stems", stems) for stems in words(asked.search))
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


def _districts(asked: DistrictFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return _starting(asked.name_starts_with)


def _centres(asked: CentreFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (
        *equal(kind=asked.kind, district_id=asked.district_id),
        *containing(operator_ids=asked.operator_id),
    )


def _partnerships(asked: PartnershipFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (
        *equal(kind=asked.kind, district_id=asked.district_id),
        *containing(member_ids=asked.member_id),
    )


def _projects(asked: ProjectFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return (*_starting(asked.name_starts_with), *containing(participant_ids=asked.participant_id))


def _starting(name: str | None) -> tuple[Condition, ...]:
    return (Prefix("folded", fold(name)),) if name else ()


LISTINGS = (
    Listing(
        collections.ORGANIZATIONS,
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
    Listing(collections.DISTRICTS, District, DistrictFilter, _districts),
    Listing(collections.CENTRES, Centre, CentreFilter, _centres),
    Listing(collections.PARTNERSHIPS, Partnership, PartnershipFilter, _partnerships),
    Listing(collections.PROJECTS, Project, ProjectFilter, _projects),
)
