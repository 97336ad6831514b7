"""The life of an organisation in the register: load, decide, put, tell."""

from typing import Any

from services.registry.centres.collections import DISTRICTS
from services.registry.organisations import rules
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import Step
from shared.clock import today
from shared.contracts.lifecycle import (
    DissolveOrganization,
    PublishOrganization,
    ReinstateOrganization,
    RejectOrganization,
    SuspendOrganization,
    VerifyOrganization,
)
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.service.replacing import next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction


async def verify_organization(tx: Transaction, viewer: Viewer, command: VerifyOrganization) -> StoredOrganization:
    return await _step(tx, viewer, command, Step.VERIFIED)


async def publish_organization(tx: Transaction, viewer: Viewer, command: PublishOrganization) -> StoredOrganization:
    return await _step(tx, viewer, command, Step.PUBLISHED)


async def reject_organization(tx: Transaction, viewer: Viewer, command: RejectOrganization) -> StoredOrganization:
    return await _step(tx, viewer, command, Step.REJECTED, command.reason, decision_reason=command.reason)


async def suspend_organization(tx: Transaction, viewer: Viewer, command: SuspendOrganization) -> StoredOrganization:
    return await _step(tx, viewer, command, Step.SUSPENDED, command.reason, decision_reason=command.reason)


async def reinstate_organization(tx: Transaction, viewer: Viewer, command: ReinstateOrganization) -> StoredOrganization:
    return await _step(tx, viewer, command, Step.REINSTATED, command.reason, decision_reason=None)


async def dissolve_organization(tx: Transaction, viewer: Viewer, command: DissolveOrganization) -> StoredOrganization:
    rules.may_take(viewer, Step.DISSOLVED)
    rules.dissolution_is_past(command.dissolved_on, today())
    values = {"dissolved_on": command.dissolved_on, "decision_reason": command.reason}
    return await _step(tx, viewer, command, Step.DISSOLVED, command.reason, **values)


async def existing(tx: Transaction, id_: str, viewer: Viewer) -> StoredOrganization:
    organization = await tx.get(ORGANIZATIONS, id_)
    if organization is None or not rules.may_see(organization, viewer):
        raise Refused(
            "UNKNOWN_ORGANIZATION",
            pl="Nie ma organizacji o tym identyfikatorze.",
            en="There is no organisation with this id.",
            field="id",
        )
    return organization


async def replaced(tx: Transaction, organization: StoredOrganization, verb: str, **values: Any) -> StoredOrganization:
    """The organisation's next version with these values, stored and told."""
    written = next_version(organization, **values)
    await tx.put(ORGANIZATIONS, written)
    await changed(tx, "registry", verb, written, written.district_ids)
    return written


async def districts_exist(tx: Transaction, ids: tuple[str, ...]) -> None:
    known = {district.id for district in await tx.get_many(DISTRICTS, ids)} if ids else set()
    for place, id_ in enumerate(ids):
        if id_ not in known:
            raise Refused(
                "UNKNOWN_DISTRICT",
                pl="Nie ma dzielnicy o tym identyfikatorze.",
                en="There is no district with this id.",
                field=f"districtIds.{place}",
            )


async def _step(
    tx: Transaction, viewer: Viewer, command: Any, step: Step, reason: str | None = None, **values: Any
) -> StoredOrganization:
    rules.may_take(viewer, step)
    organization = await existing(tx, command.id, viewer)
    version_is_current(organization.version, command.expected_version)
    status = rules.moved(organization.status, step)
    provenance = rules.stepped(organization.provenance, viewer, step, today(), reason)
    return await replaced(tx, organization, step, status=status, provenance=provenance, **values)
