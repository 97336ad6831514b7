"""What the registry does when another service answers a correction that was passed on to it."""

from collections.abc import Callable

import msgspec

from services.registry.corrections.collections import CORRECTIONS
from shared.bus.outbox import once
from shared.contracts.changes import Change
from shared.contracts.corrections import CorrectionOutcome
from shared.contracts.handovers import Answered
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Store, Transaction

DURABLE = "registry-handovers"
SUBJECTS = ("changes.consultations.handover.*", "changes.events.handover.*")


async def settle(store: Store, committed: Callable[[], None], change: Change) -> None:
    """Whoever reported or decided sees what became of it."""
    answered = msgspec.convert(change.data, Answered)

    async def work(tx: Transaction) -> None:
        if not await once(tx, DURABLE, change):
            return
        correction = await tx.get(CORRECTIONS, answered.correction_id)
        if correction is None or correction.outcome is not CorrectionOutcome.PASSED_ON:
            return
        applied = answered.code is None
        settled = next_version(
            correction,
            applied=applied,
            outcome=CorrectionOutcome.APPLIED if applied else CorrectionOutcome.DECLINED,
            old_value=answered.old_value,
            new_value=answered.new_value,
            declined_code=answered.code,
        )
        await tx.put(CORRECTIONS, settled)
        await changed(tx, "registry", "applied" if applied else "declined", settled, (settled.record_id,))

    await store.transaction(work)
    committed()
