"""Entering a centre, and saying who runs it: load, decide, put, tell."""

import msgspec

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.operators import rules
from services.registry.organisations.collections import ORGANIZATIONS
from shared.clock import after, now
from shared.contracts.base import Period
from shared.contracts.centres import AssignOperator, Centre, Operator, RegisterCentre
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Transaction


async def register_centre(tx: Transaction, viewer: Viewer, command: RegisterCentre) -> Centre:
    rules.may_keep(viewer)
    if command.district_id is not None and await tx.get(DISTRICTS, command.district_id) is None:
        raise _unknown("DISTRICT", "dzielnicy", "district", "districtId")
    if command.coordinator_id is not None:
        await _is_published(tx, command.coordinator_id, "coordinatorId")
    moment = now()
    centre = Centre(
        **msgspec.structs.asdict(command), id=new_id("cen"), version=1, created_at=moment, updated_at=moment
    )
    await tx.put(CENTRES, centre)
    await changed(tx, "registry", "registered", centre, _concerned(centre))
    return centre


async def assign_operator(tx: Transaction, viewer: Viewer, command: AssignOperator) -> Centre:
    """The one before ran it until the day before."""
    rules.may_keep(viewer)
    rules.operator_is_named(command)
    centre = await tx.get(CENTRES, command.id)
    if centre is None:
        raise _unknown("CENTRE", "ośrodka", "centre", "id")
    rules.is_another(centre.operators, command)
    rules.no_periods_overlap(centre.operators, command.since)
    if command.organization_id is not None:
        await _is_published(tx, command.organization_id, "organizationId")
    assigned = Operator(organization_id=command.organization_id, name=command.name, period=Period(since=command.since))
    centre = msgspec.structs.replace(
        centre,
        version=centre.version + 1,
        updated_at=after(centre.updated_at),
        operators=(*rules.ended_the_day_before(centre.operators, command.since), assigned),
    )
    await tx.put(CENTRES, centre)
    await changed(tx, "registry", "assigned", centre, _concerned(centre))
    return centre


def _concerned(centre: Centre) -> list[str]:
    ids = [centre.district_id, centre.coordinator_id, *(operator.organization_id for operator in centre.operators[-2:])]
    return [id_ for id_ in ids if id_ is not None]


async def _is_published(tx: Transaction, id_: str, field: str) -> None:
    organization = await tx.get(ORGANIZATIONS, id_)
    if organization is None or organization.status is not OrganizationStatus.PUBLISHED:
        raise _unknown("ORGANIZATION", "opublikowanej organizacji", "published organisation", field)


def _unknown(code: str, pl: str, en: str, field: str) -> Refused:
    return Refused(
        f"UNKNOWN_{code}",
        pl=f"Nie ma {pl} o tym identyfikatorze.",
        en=f"There is no {en} with this id.",
        field=field,
    )
