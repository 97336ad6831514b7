"""The register as a table: its columns are the fields of the contract, so that a new field is exported by itself.

A list is written with " | " between its items; what is more than text is written as JSON. An empty cell is nothing.
"""

import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from shared.contracts.organisations import Organization
from shared.contracts.reading import described

LEFT_OUT = frozenset({"version", "createdAt", "updatedAt"})
"""Of this very store: not of the organisation."""
_TRUTH = {"true": True, "tak": True, "1": True, "false": False, "nie": False, "0": False}
# what a spreadsheet may take for the end of a cell, whichever separator it is set to: then blanks and quotes it
# skips, and the sign that makes a formula of the rest. Apostrophes that stood there before count as part of that sign
_CELL, _FORMULA = r"(^|[,;|\t\r\n])([ \xa0\"]*)", r"(?='*[=+\-@\t\r＝＋－＠])"
_RISK, _GUARD = re.compile(_CELL + _FORMULA), re.compile(_CELL + "'" + _FORMULA)


@dataclass(frozen=True)
class Column:
    """`path` leads to the value in the record: one name, or two for a field of an address or a source."""

    name: str
    path: tuple[str, ...]
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def fields() -> dict[str, Any]:
    """The annotation of each exchanged field by its name as it travels."""
    hints = typing.get_type_hints(Organization, include_extras=True)
    found = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(Organization)}
    return {name: annotation for name, annotation in found.items() if name not in LEFT_OUT}


def cells(record: Mapping[str, Any]) -> list[str]:
    """A record of plain values as one line of the table."""
    return [_guarded(column.write(_at(record, column.path))) for column in COLUMNS]


def record_of(row: Mapping[str, str]) -> dict[str, Any]:
    """The plain values of the cells that are there. A record whose cells are all empty is None.

    Where only some columns of an address are there, each comes by itself ("address.city"): the others stay as they are.
    """
    record: dict[str, Any] = {}
    for name, text in row.items():
        column = BY_NAME[name]
        text = _unguarded(text)  # noqa: PLW2901
        value = column.read(text) if text.strip() else None
        if len(column.path) == 1 or not _siblings(column) <= row.keys():
            record[name] = value
        else:
            outer, inner = column.path
            record[outer] = (record.get(outer) or {}) | ({inner: value} if value is not None else {}) or None
    return {name: _default(name) if value is None else value for name, value in record.items()}


def _siblings(column: Column) -> set[str]:
    return {other.name for other in COLUMNS if other.path[0] == column.path[0]}


def _guarded(text: str) -> str:
    """A spreadsheet would run what starts like a formula: an apostrophe keeps it a text."""
    return _RISK.sub(r"\1\2'", text)


def _unguarded(text: str) -> str:
    return _GUARD.sub(r"\1\2", text)


def _columns() -> Iterator[Column]:
    for name, annotation in fields().items():
        plain = _inner(annotation)
        if _is_record(plain) and all(_is_scalar(field.type) for field in msgspec.structs.fields(plain)):
            for field in msgspec.structs.fields(plain):
                yield Column(f"{name}.{field.encode_name}", (name, field.encode_name), *_codec(_inner(field.type)))
        else:
            yield Column(name, (name,), *_codec(plain))


def _codec(plain: Any) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    if typing.get_origin(plain) is tuple and _is_scalar(typing.get_args(plain)[0]):
        return _joined, _split
    if plain is bool:
        return (lambda value: "" if value is None else str(value).lower()), lambda text: _TRUTH.get(text.lower(), text)
    if _is_scalar(plain) and plain is not int:
        return (lambda value: "" if value is None else str(value)), lambda text: text
    return (lambda value: msgspec.json.encode(value).decode() if value not in (None, [], ()) else ""), _from_json


def _joined(values: Any) -> str:
    return " | ".join(str(value).replace("\\", "\\\\").replace("|", "\\|") for value in values or ())


def _split(text: str) -> list[str]:
    items, item, signs = list[str](), "", iter(text)
    for sign in signs:
        if sign == "\\":
            item += next(signs, "\\")
        elif sign == "|":
            items.append(item.strip())
            item = ""
        else:
            item += sign
    return [*items, item.strip()]


def _from_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text  # the contract will say what is wrong with it


def _inner(annotation: Any) -> Any:
    """Without constraints, and without the None of what may be missing."""
    plain, _ = described(annotation)
    if typing.get_origin(plain) in (typing.Union, types.UnionType):
        return _inner(next(part for part in typing.get_args(plain) if part is not type(None)))
    return plain


def _is_scalar(annotation: Any) -> bool:
    plain = _inner(annotation)
    return isinstance(plain, type) and not _is_record(plain) and not issubclass(plain, dict | list | tuple)


def _is_record(plain: Any) -> bool:
    return isinstance(plain, type) and issubclass(plain, msgspec.Struct)


def _at(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = record
    for name in path:
        value = value.get(name) if value is not None else None
    return value.value if isinstance(value, Enum) else value


def _default(name: str) -> Any:
    """What an empty cell says: the field's own default, as a record has it that says nothing of it."""
    field = next((field for field in msgspec.structs.fields(Organization) if field.encode_name == name), None)
    return None if field is None or field.default is msgspec.NODEFAULT else msgspec.to_builtins(field.default)


COLUMNS = tuple(_columns())
BY_NAME = {column.name: column for column in COLUMNS}
