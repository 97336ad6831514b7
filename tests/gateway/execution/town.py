"""A made-up town behind the gateway's clients, in memory: entities of every kind, made from their contracts by a seed.

What a service answers here depends on nothing but what it is asked, so two executors that ask the same get the same.
"""

import random
import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

import msgspec

from gateway.kinds import KINDS, Kind
from gateway.transport import Caller, ServiceFault, ServiceRefusal, ServiceUnavailable
from shared.contracts.base import Command, Entity
from shared.contracts.reading import Facet, FacetValue, FindRequest, Page, described
from shared.contracts.refusals import RefusalItem

_WORDS = ("Raków", "Fundacja „Dla Rodziny”", "Stare Miasto", 'cudzysłów " i \\', "🌳", "a", "Ostatni Grosz\nul. 1")
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_PER_KIND = 12


class Town:
    """`troubles` maps a collection to the error that its service answers with."""

    def __init__(self, seed: int = 1, troubles: dict[str, Exception] | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seed, not a secret
        self.troubles = troubles or {}
        self.ids = {kind: [self._id(kind.prefix) for _ in range(_PER_KIND)] for kind in KINDS}
        self.entities: dict[Kind, dict[str, Entity]] = {
            kind: {id_: self._record(kind.contract, id=id_) for id_ in self.ids[kind]} for kind in KINDS
        }
        self.pages: dict[Any, Page[Any]] = {}

    async def batch(self, kind: Kind, ids: Sequence[str], caller: Caller) -> dict[str, Entity]:
        self._ask(kind)
        there = self.entities.get(kind, {})
        return {id_: there[id_] for id_ in ids if id_ in there}

    async def find(self, kind: Kind, request: FindRequest[Any], caller: Caller) -> Page[Any]:
        self._ask(kind)
        return self._page(kind, "", request)

    async def related(
        self, kind: Kind, by: str, keys: Sequence[str], request: FindRequest[Any], caller: Caller
    ) -> tuple[Page[Any], ...]:
        self._ask(kind)
        return tuple(self._page(kind, by + key, request) for key in keys)

    async def command(self, kind: Kind, command: Command, caller: Caller, idempotency_key: str | None) -> Any:
        self._ask(kind)
        if getattr(command, "name", "") == "refused":
            items = (RefusalItem(code="NAME_TAKEN", message="zajęta", field="name", legal_basis="art. 5"),)
            raise ServiceRefusal(kind.service, 409, items)
        return self.entities[kind][self.ids[kind][0]]

    def _ask(self, kind: Kind) -> None:
        if (trouble := self.troubles.get(kind.collection)) is not None:
            raise trouble

    def _page(self, kind: Kind, whose: str, request: FindRequest[Any]) -> Page[Any]:
        """Some of the kind, by the question alone; now and then none. The same page, whatever page it comes after."""
        asked = (kind.collection, whose, msgspec.structs.replace(request, after=None))
        if asked not in self.pages:
            self.pages[asked] = self._new_page(kind, whose, asked[2])
        return self.pages[asked]

    def _new_page(self, kind: Kind, whose: str, request: FindRequest[Any]) -> Page[Any]:
        chosen = random.Random(f"{kind.collection}{whose}{request}")  # noqa: S311 - the same
        number = min(request.first, len(self.ids[kind]), chosen.choice((0, 1, 2, 3, 5)))
        items = tuple(self.entities[kind][id_] for id_ in chosen.sample(self.ids[kind], number))
        return Page(
            items=items,
            cursors=tuple(f"after {item.id}" for item in items),
            has_next=chosen.random() < 0.5,
            total=chosen.randrange(100) if request.total else None,
            facets=tuple(Facet(name=name, values=(FacetValue(value="x", count=2),)) for name in request.facets),
        )

    def _id(self, prefix: str) -> str:
        return f"{prefix}_" + "".join(self._random.choices(_SIGNS, k=26))

    def _record(self, contract: type[msgspec.Struct], **given: Any) -> Any:
        hints = typing.get_type_hints(contract, include_extras=True)
        values = {field.name: self._value(field.name, hints[field.name]) for field in msgspec.structs.fields(contract)}
        return contract(**(values | given))

    def _value(self, name: str, annotation: Any) -> Any:
        plain, _ = described(annotation)
        origin, arguments = typing.get_origin(plain), typing.get_args(plain)
        if type(None) in arguments:
            inner = next(argument for argument in arguments if argument is not type(None))
            return None if self._random.random() < 0.3 else self._value(name, inner)
        if origin in (tuple, frozenset):
            return origin(self._value(name, arguments[0]) for _ in range(self._random.choice((0, 1, 2, 3))))
        if isinstance(plain, type) and issubclass(plain, Enum):
            return self._random.choice(list(plain))
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            return self._record(plain)
        return self._plain(name, plain)

    def _plain(self, name: str, plain: type) -> Any:
        moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=self._random.randrange(400_000_000))
        if plain is datetime:
            return moment.replace(microsecond=self._random.choice((0, 5, 120_000)))
        if plain is date:
            return moment.date()
        if plain is bool:
            return self._random.random() < 0.5
        if plain is int:
            # one in thirty is more than GraphQL's Int holds
            return self._random.randrange(100) if self._random.random() < 0.97 else 2**40
        if plain is str and name.endswith(("_id", "_ids")):
            return self._some_id(name)
        return self._random.choice(_WORDS)

    def _some_id(self, name: str) -> str:
        """Of an entity that the field may mean; at times of one that is not there."""
        word = name.removesuffix("s").removesuffix("_id")
        kind = next((kind for kind in KINDS if kind.name.lower() == word.replace("_", "")), KINDS[0])
        if word == "record":
            kind = self._random.choice(KINDS)
        return self._id(kind.prefix) if self._random.random() < 0.1 or kind not in self.ids else self._chosen(kind)

    def _chosen(self, kind: Kind) -> str:
        return self._random.choice(self.ids[kind])


TROUBLES: tuple[Exception, ...] = (
    ServiceUnavailable("registry"),
    ServiceFault("events", (RefusalItem(code="INTERNAL_ERROR", message="nr 1"),)),
    ServiceRefusal("consultations", 403, (RefusalItem(code="FORBIDDEN", message="nie wolno", field="id"),)),
)
