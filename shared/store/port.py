"""The store port: what a service may ask of its database, whichever it is.

A collection declares its keys beside its entity. A key is a value computed from the entity, and all that `find` can
filter, order and count by; both adapters turn it into a real index. What a key returns as None is not in the index:
that is how an index is partial. The stored document itself is the contract, with nothing added.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, Protocol

from shared.contracts.base import Entity

type Scalar = str | int | bool | None
"""How key values are kept: instants as milliseconds since 1970, days as ISO text, enum members as their value."""


@dataclass(frozen=True)
class Key[E: Entity]:
    """`of` computes the value (of a `multi` key: a tuple of values). `unique`: at most one entity has a value.

    Whoever changes what `of` computes raises `edition`: by that a store notices, and computes it again for everything.
    """

    of: Callable[[E], Any]
    unique: bool = False
    multi: bool = False
    edition: int = 0


@dataclass(frozen=True)
class Collection[E: Entity]:
    """A kind of entity in a store.

    `orders` names the ways to list it, each by one scalar key that is never None; ties go by id, in the same
    direction. A leading minus means descending. Every filter key is indexed together with each order, so that a page
    costs the same at any size.

    `counted` names the keys that `count_by` is asked for again and again, and the scalar ones that narrow it: an
    adapter may keep their numbers, so that counting costs the same at any size. `narrowing` names multi keys that
    narrow what is counted, without being counted themselves: the words of a search.
    """

    name: str
    type: type[E]
    prefix: str
    keys: Mapping[str, Key[E]] = field(default_factory=lambda: MappingProxyType({}))
    orders: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Eq:
    key: str
    value: Any


@dataclass(frozen=True)
class In:
    key: str
    values: Sequence[Any]


@dataclass(frozen=True)
class Range:
    """From `ge` (included) until `lt` (not included); None leaves that side open. None values are never in a range."""

    key: str
    ge: Any = None
    lt: Any = None


@dataclass(frozen=True)
class Prefix:
    key: str
    value: str


@dataclass(frozen=True)
class Contains:
    """The multi key has this value among its values."""

    key: str
    value: Any


type Condition = Eq | In | Range | Prefix | Contains


@dataclass(frozen=True)
class Query[E: Entity]:
    """All conditions hold at once. `after` is the position of the last entity already seen (see `position`)."""

    collection: Collection[E]
    where: tuple[Condition, ...] = ()
    order: str | None = None
    after: tuple[Scalar, str] | None = None
    limit: int = 20


@dataclass(frozen=True)
class Tally:
    """How many entities there are, and by key how many have each of its values."""

    total: int
    by: Mapping[str, Mapping[Scalar, int]]


class Duplicate(Exception):
    """Another entity has this value of a unique key (`key` is "id" for the identity itself)."""

    def __init__(self, collection: str, key: str) -> None:
        super().__init__(f"{collection}.{key}")
        self.collection = collection
        self.key = key


class StoreUnavailable(Exception):
    """The database cannot be reached, or stayed too busy for as long as the adapter is willing to wait."""


class Reader(Protocol):
    """What can be read, inside a transaction and outside."""

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None: ...

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        """Those that exist, in no set order."""
        ...

    async def find[E: Entity](self, query: Query[E]) -> list[E]: ...

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        """The answers to many queries, in their order, in one round."""
        ...

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int: ...

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> Mapping[Scalar, int]:
        """How many entities have each value of the key (a multi key counts an entity once per value)."""
        ...

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        """`count`, and `count_by` for each of these keys, in one pass and as of one moment."""
        ...


class Transaction(Reader, Protocol):
    """Reads see the transaction's own writes."""

    async def put[E: Entity](self, collection: Collection[E], entity: E) -> None:
        """Version 1 is stored anew; version n replaces version n-1, and if that is not what is stored, somebody else
        was faster: the whole `work` is run again on what they left. Raises Duplicate."""
        ...

    async def delete[E: Entity](self, collection: Collection[E], id_: str) -> bool:
        """Whether there was something to delete."""
        ...


class Store(Reader, Protocol):
    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        """Create what is missing: collections, indexes, and the index entries of keys that are new."""
        ...

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        """Run `work` and commit; if it raises, nothing of it is stored. Durable when this returns.

        `work` may be run again after a conflict: it must do nothing outside but through its transaction. Raises what
        `work` raises, Duplicate, and StoreUnavailable after trying for some ten seconds.
        """
        ...

    async def ping(self) -> None:
        """Raises StoreUnavailable."""
        ...

    async def close(self) -> None: ...


def equal(**wanted: Any) -> list[Condition]:
    """Eq for each value that was asked for; None asks for nothing."""
    return [Eq(key, value) for key, value in wanted.items() if value is not None]


def containing(**wanted: Any) -> list[Condition]:
    """Contains for each value that was asked for; None asks for nothing."""
    return [Contains(key, value) for key, value in wanted.items() if value is not None]


def scalar(value: Any) -> Scalar:
    """A key's value as both adapters keep it."""
    match value:
        case Enum():
            return scalar(value.value)
        case None | str() | bool() | int():
            return value
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a key's instant must have a time zone")
            return round(value.timestamp() * 1000)
        case date():
            return value.isoformat()
    raise TypeError(f"not a key's value: {type(value).__name__}")


def key_values[E: Entity](collection: Collection[E], entity: E) -> dict[str, Scalar | tuple[Scalar, ...]]:
    """All key values of an entity, as both adapters keep them; doubles in a multi key are dropped."""
    found: dict[str, Scalar | tuple[Scalar, ...]] = {}
    for name, key in collection.keys.items():
        value = key.of(entity)
        found[name] = tuple(dict.fromkeys(scalar(v) for v in value)) if key.multi else scalar(value)
    return found


def position[E: Entity](query: Query[E], entity: E) -> tuple[Scalar, str]:
    """Where an entity stands in the query's order: give it as `after` to go on behind it."""
    if query.order is None:
        return None, entity.id
    key = query.collection.keys[query.order.removeprefix("-")]
    return scalar(key.of(entity)), entity.id


def check[E: Entity](query: Query[E]) -> None:
    """Both adapters refuse alike what a collection did not declare: an undeclared filter would scan."""
    names = set(query.collection.keys)
    if query.order is not None and query.order not in query.collection.orders:
        raise ValueError(f"{query.collection.name} has no order {query.order!r}")
    for condition in query.where:
        if condition.key not in names:
            raise ValueError(f"{query.collection.name} has no key {condition.key!r}")
        multi = query.collection.keys[condition.key].multi
        if isinstance(condition, Contains) != multi and not (multi and isinstance(condition, In)):
            raise ValueError(f"{type(condition).__name__} does not fit the key {condition.key!r}")
