"""A place in a record, named as clients name it: `name`, `address.city`, `contactPoints.0.phones`."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from shared.contracts.reading import described

NESTED_MAX = 20
"""Lists and objects in one another; no field of any contract comes near."""


def annotation_at(contract: type[msgspec.Struct], path: str) -> Any:
    """What may stand there; None where the contract has no such place."""
    at: Any = contract
    for part in path.split("."):
        within = plain(at)
        if typing.get_origin(within) is tuple:
            at = typing.get_args(within)[0] if part.isascii() and part.isdecimal() and len(part) < 4 else None
        elif isinstance(within, type) and issubclass(within, msgspec.Struct):
            at = _fields(within).get(part)
        else:
            at = None
        if at is None:
            return None
    return at


def unknown_names(annotation: Any, value: Any, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names in plain values that the contract does not know, each with those that it does: a reader skips them."""
    within = plain(annotation)
    if isinstance(within, type) and issubclass(within, msgspec.Struct) and isinstance(value, dict):
        known = _fields(within)
        for name, part in value.items():
            if name in known:
                yield from unknown_names(known[name], part, f"{path}.{name}")
            else:
                yield f"{path}.{name}"[:100], tuple(known)
    elif typing.get_origin(within) is tuple and isinstance(value, list):
        for place, part in enumerate(value):
            yield from unknown_names(typing.get_args(within)[0], part, f"{path}.{place}")


def nested_deeply(value: Any, most: int = NESTED_MAX) -> bool:
    """Asked before anything that goes down into a value: a file may nest it as deeply as it likes."""
    match value:
        case dict():
            inner: Any = value.values()
        case list() | tuple():
            inner = value
        case _:
            return False
    return most == 0 or any(nested_deeply(part, most - 1) for part in inner)


def plain(annotation: Any) -> Any:
    """Without constraints, and without the None of what may be missing."""
    bare, _ = described(annotation)
    if typing.get_origin(bare) in (typing.Union, types.UnionType):
        return plain(next(part for part in typing.get_args(bare) if part is not type(None)))
    return bare


def _fields(contract: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(contract, include_extras=True)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(contract)}
