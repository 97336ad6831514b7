"""A correction that the registry passed on, carried out by the service that keeps the record: once, or declined.

Everything is in one transaction: that it was handled, the record with the source of its new value, and the answer to
the registry. A correction that comes again finds the answer it got, even when the bus no longer knows of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.bus.outbox import once
from shared.clock import now
from shared.contracts.base import Entity, Id, Instant, Line
from shared.contracts.changes import Change
from shared.contracts.correcting import corrected_value, text_of
from shared.contracts.handovers import KEPT_ELSEWHERE, Answered, Kept, PassedOn
from shared.contracts.organisations import FieldSource
from shared.contracts.refusals import Refused
from shared.ids import id_of
from shared.service.replacing import replaced
from shared.service.writing import changed
from shared.store.port import Collection, Eq, Key, Query, Range, Store, Transaction

SUBJECT = "changes.registry.correction.passedon"


class Handover(Entity, frozen=True, kw_only=True):
    """What became of one correction here; its id is made from the correction's."""

    correction_id: Id
    record_id: Id
    field: Line
    decided_at: Instant
    code: Line | None = None


HANDOVERS: Collection[Handover] = Collection(
    "handovers",
    Handover,
    "hov",
    keys={
        "applied_to": Key(lambda handover: None if handover.code else _place(handover.record_id, handover.field)),
        "decided_at": Key(lambda handover: handover.decided_at),
    },
    orders=("decided_at",),
)


@dataclass(frozen=True)
class Keeper:
    """A service that keeps records. `sound` gives the values as it keeps them, or raises Refused by its own rules."""

    service: str
    collections: Mapping[str, Collection[Any]]
    sound: Callable[[Any, dict[str, Any]], dict[str, Any]]
    tell: Callable[[Transaction, Entity], Awaitable[None]]

    async def carry_out(self, store: Store, committed: Callable[[], None], change: Change) -> None:
        passed = msgspec.convert(change.data, PassedOn)
        kept = KEPT_ELSEWHERE.get(passed.record_id.partition("_")[0])
        if kept is None or kept.service != self.service:
            return

        async def work(tx: Transaction) -> None:
            id_ = id_of(HANDOVERS.prefix, change.entity_id)
            if await once(tx, f"{self.service}-corrections", change) and await tx.get(HANDOVERS, id_) is None:
                await self._answer(tx, id_, change.entity_id, passed, kept)

        await store.transaction(work)
        committed()

    async def _answer(self, tx: Transaction, id_: str, correction_id: str, passed: PassedOn, kept: Kept) -> None:
        try:
            answered = await self._carried_out(tx, correction_id, passed, kept)
        except Refused as refused:
            answered = Answered(correction_id=correction_id, code=refused.code)
        moment = now()
        handover = Handover(
            id=id_,
            version=1,
            created_at=moment,
            updated_at=moment,
            correction_id=correction_id,
            record_id=passed.record_id,
            field=passed.field,
            decided_at=passed.decided_at,
            code=answered.code,
        )
        await tx.put(HANDOVERS, handover)
        verb = "declined" if answered.code else "applied"
        await changed(tx, self.service, verb, handover, (correction_id, passed.record_id), answered)

    async def _carried_out(self, tx: Transaction, correction_id: str, passed: PassedOn, kept: Kept) -> Answered:
        """Raises Refused before anything is written."""
        collection = self.collections[passed.record_id.partition("_")[0]]
        record = await tx.get(collection, passed.record_id)
        if record is None:
            raise _declined("UNKNOWN_ID", "Nie ma takiego zapisu.", "There is no such record.")
        root = passed.field.partition(".")[0]
        if root not in kept.fields:
            raise _declined("CANNOT_APPLY", "Tego pola nie zmienia zgłoszenie.", "No report changes this field.")
        if passed.role not in kept.roles:
            raise _declined("FORBIDDEN", "Ta rola nie zmienia takich zapisów.", "This role changes no such record.")
        await _is_newest(tx, passed)
        old_value = text_of(record, kept.contract, passed.field)
        attribute, value = corrected_value(record, kept.contract, passed.field, passed.value)
        values = self.sound(record, {attribute: value})
        source = FieldSource(
            field=root, source="correction", on=passed.decided_on, decision_id=correction_id, role=passed.role
        )
        written = replaced(record, values, (source,))
        new_value = text_of(written, kept.contract, passed.field)
        if new_value == old_value:
            raise _declined("THERE_ALREADY", "Ta wartość już tam jest.", "This value stands there already.")
        await tx.put(collection, written)
        await self.tell(tx, written)
        return Answered(correction_id=correction_id, old_value=old_value, new_value=new_value)


async def _is_newest(tx: Transaction, passed: PassedOn) -> None:
    """Corrections may overtake each other on their way; what was decided last holds."""
    place = Eq("applied_to", _place(passed.record_id, passed.field))
    if await tx.find(Query(HANDOVERS, (place, Range("decided_at", ge=passed.decided_at)), limit=1)):
        raise _declined("SUPERSEDED", "Późniejsza decyzja już obowiązuje.", "A later decision holds already.")


def _place(record_id: str, field: str) -> str:
    return f"{record_id} {field}"


def _declined(code: str, pl: str, en: str) -> Refused:
    return Refused(code, pl=pl, en=en)
