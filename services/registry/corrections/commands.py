"""Reporting an error and deciding on it: load, decide, put, tell."""

import msgspec

from services.registry.corrections import rules
from services.registry.corrections.collections import CORRECTIONS, StoredCorrection
from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import may_see as may_see_organization
from services.registry.organisations.rules import sourced
from services.registry.submissions.rules import number_is_taken
from shared.clock import after, now, today
from shared.contracts.corrections import CorrectionStatus, DecideCorrection, SubmitCorrection
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Eq, Query, Transaction


async def submit_correction(tx: Transaction, viewer: Viewer | None, command: SubmitCorrection) -> StoredCorrection:
    """Anybody may, signed in or not. That records of other services exist is for the gateway to see."""
    if command.record_id.startswith("org_"):
        await _organization(tx, command.record_id, viewer)
        rules.field_is_known(command.field)
    moment = now()
    correction = StoredCorrection(
        **msgspec.structs.asdict(command),
        id=new_id("cor"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=CorrectionStatus.RECEIVED,
        decide_by=rules.decide_by(today()),
        reported_by=viewer.subject if viewer is not None else None,
    )
    await tx.put(CORRECTIONS, correction)
    await changed(tx, "registry", "submitted", correction, (correction.record_id,))
    return correction


async def decide_correction(tx: Transaction, viewer: Viewer, command: DecideCorrection) -> StoredCorrection:
    """With `apply`, the record and the decision are written together or not at all."""
    rules.may_decide(viewer)
    correction = await tx.get(CORRECTIONS, command.id)
    if correction is None:
        raise Refused(
            "UNKNOWN_CORRECTION",
            pl="Nie ma zgłoszenia błędu o tym identyfikatorze.",
            en="There is no error report with this id.",
            field="id",
        )
    rules.can_be_decided(correction, command)
    if command.apply:
        await _apply(tx, viewer, correction, command)
    correction = msgspec.structs.replace(
        correction,
        version=correction.version + 1,
        updated_at=after(correction.updated_at),
        status=CorrectionStatus.ACCEPTED if command.accept else CorrectionStatus.REJECTED,
        decided_on=today(),
        decided_by=viewer.subject,
        decision_reason=command.reason,
        applied=command.apply,
    )
    await tx.put(CORRECTIONS, correction)
    await changed(tx, "registry", "accepted" if command.accept else "rejected", correction, (correction.record_id,))
    return correction


async def _apply(tx: Transaction, viewer: Viewer, correction: StoredCorrection, command: DecideCorrection) -> None:
    attribute, value = rules.applied_value(correction, command)
    organization = await _organization(tx, correction.record_id, viewer)
    rules.can_be_corrected(organization)
    if attribute in ("krs", "nip", "regon"):
        for other in await tx.find(Query(ORGANIZATIONS, (Eq(attribute, value),), limit=1)):
            if other.id != organization.id:
                raise number_is_taken(attribute, other)
    provenance = sourced(organization.provenance, [attribute], "correction", today(), correction.id)
    await organisations.replaced(tx, organization, "corrected", **{attribute: value}, provenance=provenance)


async def _organization(tx: Transaction, id_: str, viewer: Viewer | None) -> StoredOrganization:
    organization = await tx.get(ORGANIZATIONS, id_)
    if organization is None or not may_see_organization(organization, viewer):
        raise Refused(
            "UNKNOWN_ID",
            pl="Nie ma organizacji o tym identyfikatorze; sprawdź go.",
            en="There is no organisation with this id; check it.",
            field="recordId",
        )
    return organization
