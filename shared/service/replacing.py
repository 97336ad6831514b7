"""The next version of a record that says where the values of its fields come from."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shared.clock import after
from shared.contracts.base import Entity
from shared.contracts.organisations import FieldSource


def replaced[E: Entity](record: E, values: Mapping[str, Any], sources: Sequence[FieldSource] = ()) -> E:
    """With these values. What is set anew has the source that is given for it, or none: never an older value's."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(type(record))}
    told = {names[attribute] for attribute in values} | {source.field for source in sources}
    provenance: tuple[FieldSource, ...] = record.provenance  # type: ignore[attr-defined]  # of contracts that have it
    return msgspec.structs.replace(
        record,
        version=record.version + 1,
        updated_at=after(record.updated_at),
        provenance=(*(one for one in provenance if one.field not in told), *sources),
        **values,
    )
