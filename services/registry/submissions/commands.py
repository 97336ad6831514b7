"""Submitting an organisation and deciding on it: load, decide, put, tell."""

import msgspec

from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import sourced
from services.registry.submissions import rules
from shared.clock import now, today
from shared.contracts.organisations import OrganizationStatus, ReviewOrganization, SubmitOrganization
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Eq, Query, Transaction


async def submit_organization(tx: Transaction, viewer: Viewer, command: SubmitOrganization) -> StoredOrganization:
    """A submission waits for review, with the identifiers checked and no double in the register."""
    rules.may_submit(viewer)
    rules.identifiers_are_valid(command)
    regon = rules.unpadded(command.regon) if command.regon else None
    for name, number in (("krs", command.krs), ("nip", command.nip), ("regon", regon)):
        if number is not None:
            await _is_free(tx, name, number)
    await organisations.districts_exist(tx, command.district_ids)
    moment = now()
    values = msgspec.structs.asdict(command) | {"regon": regon}
    organization = StoredOrganization(
        **values,
        id=new_id("org"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=OrganizationStatus.SUBMITTED,
        submitted_by=viewer.subject,
        provenance=sourced((), [name for name, value in values.items() if value], "submission", today()),
    )
    await tx.put(ORGANIZATIONS, organization)
    await changed(tx, "registry", "submitted", organization, organization.district_ids)
    return organization


async def review_organization(tx: Transaction, viewer: Viewer, command: ReviewOrganization) -> StoredOrganization:
    rules.may_review(viewer)
    organization = await organisations.existing(tx, command.id, viewer)
    rules.can_be_reviewed(organization, command)
    return await organisations.replaced(
        tx,
        organization,
        "published" if command.publish else "rejected",
        status=OrganizationStatus.PUBLISHED if command.publish else OrganizationStatus.REJECTED,
        decision_reason=command.reason,
    )


async def _is_free(tx: Transaction, name: str, number: str) -> None:
    """Asked before the unique index would answer, so that the refusal can name the field."""
    if await tx.find(Query(ORGANIZATIONS, (Eq(name, number),), limit=1)):
        raise Refused(
            "DUPLICATE_IDENTIFIER",
            pl=f"Organizacja o tym numerze {name.upper()} już jest w rejestrze albo czeka na decyzję.",
            en=f"An organisation with this {name.upper()} is in the register already, or awaits its decision.",
            field=name,
            status=409,
        )
