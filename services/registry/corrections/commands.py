"""Reporting an error and deciding on it: load, decide, put, tell."""

from datetime import datetime
from typing import Any

import msgspec

from services.registry.amendments.commands import amended
from services.registry.corrections import content, handing, rules
from services.registry.corrections.collections import CORRECTIONS, StoredCorrection
from services.registry.corrections.content import Correctable
from services.registry.law.queries import provision
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import may_see as may_see_organization
from services.registry.practices.collections import StoredPractice
from services.registry.practices.rules import may_see as may_see_practice
from shared import clock
from shared.contracts.base import Entity
from shared.contracts.correcting import text_of
from shared.contracts.corrections import CorrectionOutcome, CorrectionStatus, DecideCorrection, SubmitCorrection
from shared.contracts.handovers import Kept, PassedOn
from shared.contracts.law import Limit
from shared.contracts.organisations import FieldSource
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.replacing import replaced
from shared.service.writing import changed
from shared.store.port import Transaction


async def submit_correction(tx: Transaction, viewer: Viewer | None, command: SubmitCorrection) -> StoredCorrection:
    """Anybody may, signed in or not. That records of other services exist is for the gateway to see."""
    kind = content.of_record(command.record_id)
    stood: str | None = None
    if kind is not None:
        record = await _record(tx, kind, command.record_id, viewer)
        content.field_is_known(command.record_id, command.field)
        stood = text_of(record, kind.contract, command.field) if command.field else None
    moment = clock.now()
    received_on = clock.local(moment).date()
    term = await provision(tx, Limit.CORRECTION_DECIDED_WITHIN, received_on)
    correction = StoredCorrection(
        **msgspec.structs.asdict(command),
        id=new_id("cor"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=CorrectionStatus.RECEIVED,
        decide_by=rules.decide_by(received_on, term),
        old_value=stood,
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
    outcome: CorrectionOutcome | None = None
    values: dict[str, str | None] = {}
    moment = clock.after(correction.updated_at)
    passed: PassedOn | None = None
    if command.accept:
        outcome = CorrectionOutcome.APPLIED if command.apply else CorrectionOutcome.BY_HAND
    if command.apply and (kept := handing.kept_elsewhere(correction.record_id)) is not None:
        passed = _passed_on(viewer, correction, command, kept, moment)
        outcome = CorrectionOutcome.PASSED_ON
    elif command.apply:
        values = await _apply(tx, viewer, correction, command)
    correction = msgspec.structs.replace(
        correction,
        version=correction.version + 1,
        updated_at=moment,
        status=CorrectionStatus.ACCEPTED if command.accept else CorrectionStatus.REJECTED,
        decided_on=clock.today(),
        decided_by=viewer.subject,
        decision_reason=command.reason,
        applied=outcome is CorrectionOutcome.APPLIED,
        outcome=outcome,
        **values,
    )
    await tx.put(CORRECTIONS, correction)
    verb = "passedon" if passed else "accepted" if command.accept else "rejected"
    await changed(tx, "registry", verb, correction, (correction.record_id,), passed)
    return correction


def _passed_on(
    viewer: Viewer, correction: StoredCorrection, command: DecideCorrection, kept: Kept, moment: datetime
) -> PassedOn:
    """What stands in the field only its keeper knows; whether it can be changed so, too."""
    role = content.may_apply(viewer, kept)
    text = content.proposed(correction, command)
    return PassedOn(
        record_id=correction.record_id,
        field=handing.can_be_passed_on(kept, correction.field, text),
        value=text,
        decided_at=moment,
        decided_on=clock.local(moment).date(),
        role=role,
    )


async def _apply(
    tx: Transaction, viewer: Viewer, correction: StoredCorrection, command: DecideCorrection
) -> dict[str, str | None]:
    """What stood in the field, and what stands there now."""
    kind = content.correctable(correction.record_id, correction.field)
    role = content.may_apply(viewer, kind)
    field = correction.field or ""
    record = await _record(tx, kind, correction.record_id, viewer)
    content.can_be_corrected(record)
    old_value = text_of(record, kind.contract, field)
    content.is_as_reported(correction, command, old_value)
    attribute, value = content.corrected(record, kind.contract, field, content.proposed(correction, command))
    written: Entity
    if isinstance(record, StoredOrganization):
        written = await amended(tx, record, {attribute: value}, "corrected", "correction", role, correction.id)
    else:
        source = FieldSource(
            field=field.partition(".")[0], source="correction", on=clock.today(), decision_id=correction.id, role=role
        )
        written = await _corrected(tx, kind, record, attribute, value, source)
    new_value = text_of(written, kind.contract, field)
    content.is_new(old_value, new_value)
    return {"old_value": old_value, "new_value": new_value}


async def _corrected(
    tx: Transaction, kind: Correctable, record: Any, attribute: str, value: Any, source: FieldSource
) -> Entity:
    written: Entity = replaced(record, {attribute: value}, (source,))
    content.remains_sound(kind, written, attribute)
    await tx.put(kind.collection, written)
    await changed(tx, "registry", "corrected", written)
    return written


async def _record(tx: Transaction, kind: Correctable, id_: str, viewer: Viewer | None) -> Entity:
    record: Entity | None = await tx.get(kind.collection, id_)
    hidden = isinstance(record, StoredOrganization) and not may_see_organization(record, viewer)
    hidden |= isinstance(record, StoredPractice) and not may_see_practice(record, viewer)
    if record is None or hidden:
        raise Refused(
            "UNKNOWN_ID",
            pl="Nie ma niczego o tym identyfikatorze; sprawdź go.",
            en="There is nothing with this id; check it.",
            field="recordId",
        )
    return record
