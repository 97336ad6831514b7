"""Commands made up from their contracts alone: valid, with a given text in one place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import inspect

from shared.contracts.base import Command
from shared.ids import new_id

_FORMS = (
    new_id("org"),
    "1.00",
    "10:00",
    "34 370 76 30",
    "1" * 9,
    "1" * 10,
    "42-200",
    "94.99.Z",
    "https://a.pl",
    "a@a.pl",
)


def body(command: type[Command], target: str, text: str) -> dict[str, Any]:
    """What is required, and the text at the path `target`, e.g. "members.0.name"."""
    made: dict[str, Any] = _Sample(target, text).of(inspect.type_info(command), "")
    return made


def texts(command: type[Command], *candidates: str) -> Iterator[tuple[str, str]]:
    """The path of every text of the command that may hold one of the candidates, with the first that it may."""
    for path, kind in _strings(inspect.type_info(command), ""):
        for text in candidates:
            if re.search(kind.pattern or "", text):
                yield path, text
                break


def _strings(kind: Any, path: str) -> Iterator[tuple[str, inspect.StrType]]:
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield from _strings(field.type, f"{path}.{field.encode_name}".strip("."))
        case inspect.Metadata():
            yield from _strings(kind.type, path)
        case inspect.VarTupleType():
            yield from _strings(kind.item_type, f"{path}.0")
        case inspect.UnionType():
            for one in kind.types:
                yield from _strings(one, path)
        case inspect.StrType():
            yield path, kind


@dataclass
class _Sample:
    target: str
    text: str

    def of(self, kind: Any, path: str) -> Any:
        match kind:
            case inspect.StructType():
                within = [(field, f"{path}.{field.encode_name}".strip(".")) for field in kind.fields]
                wanted = [(field, inner) for field, inner in within if field.required or self._leads(inner)]
                return {field.encode_name: self.of(field.type, inner) for field, inner in wanted}
            case inspect.Metadata():
                return self.of(kind.type, path)
            case inspect.VarTupleType():
                return [self.of(kind.item_type, f"{path}.0")]
            case inspect.UnionType():
                return self.of(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), path)
            case inspect.EnumType():
                return next(iter(kind.cls)).value
            case inspect.StrType():
                forms = (self.text,) if path == self.target else ("Tekst", *_FORMS)
                return next(form for form in forms if re.search(kind.pattern or "", form))
            case inspect.IntType():
                return kind.ge or 1
            case inspect.BoolType():
                return True
            case inspect.DateType():
                return "2026-01-01"
            case inspect.DateTimeType():
                return "2026-01-01T10:00:00Z"
        raise TypeError(kind)

    def _leads(self, path: str) -> bool:
        return self.target == path or self.target.startswith(f"{path}.")
