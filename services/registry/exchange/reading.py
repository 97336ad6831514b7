"""What a row says, checked against the contract: every bad column is told, not only the first."""

import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec

from services.registry.exchange.columns import BY_NAME, fields
from services.registry.exchange.protocol import Row, RowError
from services.registry.organisations.collections import StoredOrganization
from services.registry.submissions.rules import number_is_valid, unpadded
from shared.contracts.explain import explain
from shared.contracts.organisations import Organization
from shared.contracts.paths import NESTED_MAX, nested_deeply, unknown_names
from shared.contracts.reading import described
from shared.contracts.refusals import Refused
from shared.contracts.tidying import check_years, tidy

FIELDS = fields()
ATTRIBUTES = {field.encode_name: field.name for field in msgspec.structs.fields(Organization)}
NAMES = {attribute: name for name, attribute in ATTRIBUTES.items()}
_REQUIRED = frozenset(field.encode_name for field in msgspec.structs.fields(Organization) if field.required)
_GIVEN_HERE = frozenset({"id", "status"})
"""What the register gives a record that has none."""
_PARTED = frozenset(column.path[0] for column in BY_NAME.values() if len(column.path) > 1)


class RowRefused(Exception):
    def __init__(self, *errors: RowError) -> None:
        super().__init__(str(errors))
        self.errors = errors


def error(row: Row, column: str | None, code: str, pl: str, en: str) -> RowError:
    return RowError(row=row.number, column=column, code=code, pl=pl, en=en)


def missing(row: Row, column: str) -> RowError:
    return error(row, column, "MISSING", "brak wartości", "the value is missing")


def values_of(row: Row, given: dict[str, Any]) -> dict[str, Any]:
    """By the names of the contract's attributes. Raises RowRefused."""
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for name, untidy in given.items():
        if name not in FIELDS:
            errors.append(_unknown(row, name, FIELDS))
            continue
        if untidy is None and name in _REQUIRED:
            # an empty cell of a table whose other rows are in the register already
            if name not in _GIVEN_HERE:
                errors.append(missing(row, name))
            continue
        if nested_deeply(untidy):
            errors.append(error(row, name, "NESTED_TOO_DEEPLY", *TOO_DEEP))
            continue
        strange = list(unknown_names(FIELDS[name], untidy, name))
        if strange:
            errors.extend(_unknown(row, path, known) for path, known in strange)
            continue
        try:
            sent = tidy(untidy)
            # a REGON is unpadded before it is checked: the KRS register pads it to fourteen digits
            plain = unpadded(sent) if name == "regon" and isinstance(sent, str) else sent
            value = msgspec.convert(plain, FIELDS[name])
            check_years(value)
            values[ATTRIBUTES[name]] = value
        except msgspec.ValidationError as wrong:
            what, _, path = str(wrong).partition(" - at `$")
            place = name + path.rstrip("`").replace("[", ".").replace("]", "")
            errors.append(error(row, place, "INVALID_INPUT", *_explained(name, place, what)))
    if not str(values.get("id") or "org_").startswith("org_"):
        errors.append(error(row, "id", "ID_INVALID", "to nie jest id organizacji", "not the id of an organisation"))
    errors.extend(_checksums(row, values))
    if errors:
        raise RowRefused(*errors)
    return values


def parted(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The whole values, and apart from them the parts ("address.city") by what they are parts of."""
    whole: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        outer, dot, inner = name.partition(".")
        if dot and outer in _PARTED:
            parts.setdefault(outer, {})[inner] = value
        else:
            whole[name] = value
    return whole, parts


def with_parts(known: StoredOrganization | None, parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The parts laid over what is there: a part that is not given stays."""
    laid: dict[str, Any] = {}
    for outer, inner in parts.items():
        there = getattr(known, ATTRIBUTES[outer], None)
        values = (msgspec.to_builtins(there) if there is not None else {}) | inner
        # a name that nobody knows is kept, so that it is told
        says = any(value is not None or f"{outer}.{name}" not in BY_NAME for name, value in values.items())
        laid[outer] = values if says else None
    return laid


TOO_DEEP = (
    f"więcej niż {NESTED_MAX} list lub obiektów jedna w drugiej; takiej wartości nie ma żadne pole",
    f"more than {NESTED_MAX} lists or objects in one another; no field has such a value",
)


def _unknown(row: Row, name: str, known: Any) -> RowError:
    there = ", ".join(known)
    pl, en = f"nie ma takiej kolumny; są: {there}", f"there is no such column; there are: {there}"
    return error(row, name[:100], "COLUMN_UNKNOWN", pl, en)


def _explained(name: str, place: str, what: str) -> tuple[str, str]:
    """In a table's terms: who fills it in sees cells, not types."""
    if what.startswith("Invalid enum value"):
        pl, en = explain(what)
        possible = ", ".join(_values(FIELDS[name]))
        return (f"{pl}; możliwe: {possible}", f"{en}; possible: {possible}") if possible else (pl, en)
    if what.startswith("Expected `bool`"):
        return "ma być: tak albo nie", "must be: true or false"
    if what.startswith(("Expected `array`, got `str`", "Expected `object`, got `str`")):
        return "to nie jest poprawny JSON, a ta kolumna go wymaga", "not well-formed JSON, which this column needs"
    if place.endswith("postalCode"):
        return "kod pocztowy ma postać 42-200", "a postal code is of the form 42-200"
    return explain(what)


def _values(annotation: Any) -> list[str]:
    """Of an enum, or of a list of them."""
    plain = _plain(annotation)
    inner = _plain(typing.get_args(plain)[0]) if typing.get_origin(plain) is tuple else plain
    return [str(one) for one in inner] if isinstance(inner, type) and issubclass(inner, Enum) else []


def _plain(annotation: Any) -> Any:
    return described(annotation)[0]


def _checksums(row: Row, values: dict[str, Any]) -> Iterator[RowError]:
    for name in ("nip", "regon"):
        if values.get(name) is not None:
            try:
                number_is_valid(name, values[name])
            except Refused as refused:
                if refused.code == "CHECKSUM_WRONG":
                    yield error(row, name, refused.code, "zła cyfra kontrolna", "the check digit is wrong")
                else:
                    yield error(row, name, refused.code, refused.pl, refused.en)
