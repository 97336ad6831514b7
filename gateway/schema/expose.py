"""GraphQL types derived from contracts: what is written once in shared/contracts is not written again here.

An output type is resolved straight off the decoded contract object, without copying. What a contract holds is shown
field by field as it is; where a contract could hold personal data, `show` names what may be seen, and the committed
schema.graphql shows every change in review.
"""

import inspect
import types
import typing
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache
from typing import Any

import msgspec
import strawberry
from strawberry import UNSET

from shared.contracts.base import Command, Record
from shared.contracts.reading import described

_outputs: dict[type, Any] = {}
_inputs: dict[type, Any] = {}
_contracts: dict[type, type[Command]] = {}
_enums: dict[type, Any] = {}


def expose[T: type](contract: type[Record], show: Iterable[str] | None = None) -> Callable[[T], T]:
    """A class decorator: the class gets the contract's fields and keeps its own, which are its relations."""

    def derive(cls: T) -> T:
        shown = None if show is None else set(show)
        annotations: dict[str, Any] = {}
        for name, annotation, description, _ in _fields(contract):
            if shown is not None and name not in shown:
                continue
            annotations[name] = _output(annotation)
            if description is not None:
                setattr(cls, name, strawberry.field(description=description))
        cls.__annotations__ = annotations | inspect.get_annotations(cls)
        # the objects are contract objects, not instances of the derived class
        cls.is_type_of = classmethod(lambda _, value, info: isinstance(value, contract))  # type: ignore[attr-defined]
        cls.contract = contract  # type: ignore[attr-defined]  # gateway/execution plans by it
        _outputs[contract] = derived = strawberry.type(cls, description=_first_line(cls) or _first_line(contract))
        return derived

    return derive


def input_of(contract: type[Command]) -> Any:
    """The input type of a command or filter. Turn what a client sent into the contract with `given`."""
    if contract not in _inputs:
        namespace: dict[str, Any] = {"__annotations__": {}, "__doc__": None}
        for name, annotation, description, default in _fields(contract):
            graphql = _input(annotation)
            if default is msgspec.NODEFAULT:
                field = strawberry.field(description=description)
            elif default is None:
                field = strawberry.field(default=UNSET, description=description)
            elif isinstance(default, tuple):
                field = strawberry.field(default_factory=_list_of(default), description=description)
            else:
                field = strawberry.field(default=default, description=description)
            namespace["__annotations__"][name] = graphql
            namespace[name] = field
        cls = type(_input_name(contract), (), namespace)
        _inputs[contract] = strawberry.input(cls, description=_first_line(contract))
        _contracts[_inputs[contract]] = contract
    return _inputs[contract]


def given[C: Command](value: Any, contract: type[C]) -> C:
    """The contract object of what a client sent. Raises msgspec.ValidationError naming the field."""
    return msgspec.convert(_plain(value), contract)


def _plain(value: Any) -> Any:
    if (contract := _contracts.get(type(value))) is not None:
        names = _wire_names(contract)
        sent = ((name, getattr(value, name)) for name in names)
        return {names[name]: _plain(part) for name, part in sent if part is not UNSET}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


@cache
def _wire_names(contract: type[Command]) -> dict[str, str]:
    return {field.name: field.encode_name for field in msgspec.structs.fields(contract)}


def _fields(contract: type[msgspec.Struct]) -> Iterable[tuple[str, Any, str | None, Any]]:
    """Of each field: its name, its annotation, its description, its default."""
    hints = typing.get_type_hints(contract, include_extras=True)
    for field in msgspec.structs.fields(contract):
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        yield field.name, hints[field.name], described(hints[field.name])[1], default


def _output(annotation: Any) -> Any:
    return _graphql(annotation, lambda contract: _outputs.get(contract) or expose(contract)(_named(contract)))


def _input(annotation: Any) -> Any:
    return _graphql(annotation, input_of)


def _graphql(annotation: Any, nested: Callable[[Any], Any]) -> Any:
    """The annotation that strawberry understands: constraints off, tuples as lists, ids as ID."""
    if _is_id(annotation):
        return strawberry.ID
    plain, _ = described(annotation)
    origin, arguments = typing.get_origin(plain), typing.get_args(plain)
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return typing.Optional[_graphql(inner, nested)]
    if origin in (tuple, frozenset):
        return list[_graphql(arguments[0], nested)]  # type: ignore[misc]  # built at run time
    if isinstance(plain, type) and issubclass(plain, Enum):
        return _enums.setdefault(plain, strawberry.enum(plain, description=_first_line(plain)))
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        return nested(plain)
    return plain


def _is_id(annotation: Any) -> bool:
    while True:
        for meta in getattr(annotation, "__metadata__", ()):
            if isinstance(meta, msgspec.Meta) and (meta.extra or {}).get("graphql") == "ID":
                return True
        if hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        elif hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        else:
            return False


def _named(contract: type) -> type:
    return type(contract.__name__, (), {"__doc__": None})


def _input_name(contract: type) -> str:
    """Something of which a command takes less than is stored ("GivenContactPoint") is called as what is stored."""
    name = contract.__name__.removeprefix("Given")
    return name if name.endswith("Filter") else f"{name}Input"


def _first_line(cls: type) -> str | None:
    """What the docstring of this very class says, without a docstring that it inherits or that Enum makes."""
    doc = cls.__dict__.get("__doc__")
    return doc.split("\n\n")[0].replace("\n    ", " ") if doc else None


def _list_of(default: tuple[Any, ...]) -> Callable[[], list[Any]]:
    return lambda: list(default)
