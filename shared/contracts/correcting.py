"""How the text of a correction becomes the value of a field, and what stands in a field as such a text.

Of any record: the registry and the services that keep the others read one text in the same way.
"""

import json
import typing
from enum import Enum
from typing import Any

import msgspec

from shared.contracts.base import Command, Entity
from shared.contracts.paths import annotation_at, nested_deeply, plain, unknown_names
from shared.contracts.refusals import Refused, invalid
from shared.contracts.tidying import check_years, tidy

NOTHING = "null"
"""As a whole value: the field is to be emptied."""

LIST_MAX = 100
"""Of a list that no command changes."""
_TRUTH = {"tak": "true", "nie": "false"}
_LONGEST = 20_000


def corrected_value(
    record: Entity, contract: type[Entity], field: str, text: str, by: type[Command] | None = None
) -> tuple[str, Any]:
    """The attribute that the field belongs to, and its whole new value.

    `by` is the command by which the same could be changed: what it takes, and no more, a correction takes.
    """
    root, *within = field.split(".")
    attribute = next(one.name for one in msgspec.structs.fields(contract) if one.encode_name == root)
    annotation = annotation_at(contract, root)
    value = read(annotation_at(contract, field), text, field)
    if within:
        value = laid(msgspec.to_builtins(getattr(record, attribute)), annotation, within, value)
    asked = None if by is None else annotation_at(by, root)
    converted = _converted_to(annotation, value, asked)
    if asked is None and isinstance(converted, tuple) and len(converted) > LIST_MAX:
        raise cannot(f"najwyżej {LIST_MAX} pozycji", f"at most {LIST_MAX} items", "value")
    return attribute, converted


def read_value(annotation: Any, text: str, field: str) -> Any:
    """What the text says where such a value is wanted. Raises Refused."""
    return _converted_to(annotation, read(annotation, text, field))


def text_of(record: Entity, contract: type[Entity], field: str) -> str | None:
    """What stands in the field, in the form in which it could be proposed; None where nothing does."""
    value: Any = msgspec.to_builtins(record)
    for part in field.split("."):
        if isinstance(value, tuple):
            value = value[int(part)] if int(part) < len(value) else None
        elif value is not None:
            value = value.get(part)
    return shown(value)


def _converted_to(annotation: Any, value: Any, asked: Any = None) -> Any:
    """`asked` is what a command takes in the field, where that is less than what may stand there."""
    try:
        tidied = tidy(value)
        if asked is not None:
            msgspec.convert(tidied, asked, strict=False)
        converted = msgspec.convert(tidied, annotation, strict=False)
        # a day is a text until here
        check_years(converted)
    except msgspec.ValidationError as error:
        told = invalid(error)
        raise cannot(told.pl, told.en, "value") from None
    return converted


def cannot(pl: str, en: str, field: str = "apply") -> Refused:
    return Refused(
        "CANNOT_APPLY",
        pl=f"Nie można wprowadzić zmiany automatycznie: {pl.rstrip('.')}. Popraw wartość (value) albo zdecyduj bez "
        "„apply”.",
        en=f"This cannot be applied automatically: {en.rstrip('.')}. Correct the `value`, or decide without `apply`.",
        field=field,
    )


def read(annotation: Any, text: str, field: str) -> Any:
    """A list of simple values has one on a line; what is more than that is JSON, as in the register's files."""
    if text == NOTHING:
        return None
    kind = plain(annotation)
    if kind is bool:
        return _TRUTH.get(text.casefold(), text.casefold())
    if typing.get_origin(kind) is tuple and _is_simple(plain(typing.get_args(kind)[0])) and not text.startswith("["):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if _is_simple(kind):
        return text
    value = _decoded(text)
    for name, known in unknown_names(annotation, value, field):
        there = ", ".join(known)
        # whoever wrote it meant something by it, which would be lost
        raise cannot(f"nie ma pola „{name}”; są: {there}", f'there is no field "{name}"; there are: {there}', "value")
    return value


def laid(whole: Any, annotation: Any, within: list[str], value: Any) -> Any:
    """The value laid into its place; what is not there yet is made, a list grows by one at its end at most."""
    if not within:
        return value
    part, *rest = within
    kind = plain(annotation)
    if typing.get_origin(kind) is tuple:
        items, place = list(whole or []), int(part)
        if place > len(items):
            raise cannot(f"lista ma {len(items)} pozycji", f"the list has {len(items)} items", "value")
        there = items[place] if place < len(items) else None
        return [*items[:place], laid(there, typing.get_args(kind)[0], rest, value), *items[place + 1 :]]
    return (whole or {}) | {part: laid((whole or {}).get(part), annotation_at(kind, part), rest, value)}


def shown(value: Any) -> str | None:
    """Plain values in the form in which they could be proposed; None where nothing is there."""
    if value in (None, (), {}):
        return None
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return "\n".join(value)[:_LONGEST]
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:_LONGEST]


def _decoded(text: str) -> Any:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise cannot(
            "to pole ma części: podaj wartość jako JSON albo wskaż część, np. address.city",
            "this field has parts: give the value as JSON, or name a part, e.g. address.city",
            "value",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if nested_deeply(value):
        raise _too_deep()
    return value


def _too_deep() -> Refused:
    return cannot(
        "wartość ma za wiele list lub obiektów jedna w drugiej; takiej nie ma żadne pole",
        "the value has too many lists or objects in one another; no field has such a value",
        "value",
    )


def _is_simple(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, Enum) or not issubclass(kind, msgspec.Struct | tuple))
