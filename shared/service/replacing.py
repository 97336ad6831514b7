"""The next version of a record, and of one that stands only for others' taking turns."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shared.clock import after, now
from shared.contracts.base import Entity
from shared.contracts.organisations import FieldSource
from shared.ids import id_of
from shared.store.port import Collection, Transaction


def next_version[E: Entity](record: E, **changes: Any) -> E:
    """With these changes; later than the one before, whatever the clock says."""
    return msgspec.structs.replace(record, version=record.version + 1, updated_at=after(record.updated_at), **changes)


def replaced[E: Entity](record: E, values: Mapping[str, Any], sources: Sequence[FieldSource] = ()) -> E:
    """Of a record that says where its values come from, with these values.

    What is set anew has the source that is given for it, or none: never an older value's.
    """
    names = {field.name: field.encode_name for field in msgspec.structs.fields(type(record))}
    told = {names[attribute] for attribute in values} | {source.field for source in sources}
    provenance: tuple[FieldSource, ...] = record.provenance  # type: ignore[attr-defined]  # of contracts that have it
    return next_version(
        record,
        provenance=(*(one for one in provenance if one.field not in told), *sources),
        **values,
    )


async def come_in_turn[E: Entity](tx: Transaction, collection: Collection[E], name: str) -> None:
    """Of all transactions at once that ask it by this name one goes through; the next ones see what it left.

    Rules over several records need it: two that write no common one would not notice each other.
    """
    id_ = id_of(collection.prefix, name)
    record = await tx.get(collection, id_)
    if record is None:
        moment = now()
        record = collection.type(id=id_, version=1, created_at=moment, updated_at=moment)
    else:
        record = next_version(record)
    await tx.put(collection, record)
