"""What both adapters make of a declaration and of a query's conditions, so that they keep, find and refuse alike."""

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from shared.contracts.base import Entity
from shared.store.port import Collection, Contains, Eq, In, Prefix, Query, Range, Scalar, check, key_values, scalar

_LAST = chr(0x10FFFF)


@dataclass(frozen=True)
class Index:
    """One index: its keys in order; the id stands behind them. What has no value of the first key is left out,
    except where the index is there to list everything (`everything`)."""

    keys: tuple[str, ...]
    unique: bool = False
    everything: bool = False

    @property
    def name(self) -> str:
        return ":".join(("unique", *self.keys) if self.unique else self.keys)


@dataclass(frozen=True)
class Among:
    """The key has one of these values. Eq and Contains are this with one value."""

    key: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Between:
    """The key's value is from `ge` (included) until `lt` (not included). A prefix is this, too."""

    key: str
    ge: Scalar
    lt: Scalar


type Term = Among | Between


def terms[E: Entity](query: Query[E]) -> list[Term]:
    """The query's conditions, checked, in the only two forms that an index knows."""
    check(query)
    found: list[Term] = []
    for condition in query.where:
        match condition:
            case Eq(key, value) | Contains(key, value):
                found.append(_among(query.collection, key, [value]))
            case In(key, values):
                found.append(_among(query.collection, key, values))
            case Range(key, ge, lt):
                found.append(Between(key, scalar(ge), scalar(lt)))
            case Prefix(key, value):
                found.append(Between(key, value, _behind(value)))
    return found


def _among(collection: Collection[Any], key: str, values: Any) -> Among:
    kept = tuple(dict.fromkeys(scalar(value) for value in values))
    if None in kept:
        raise ValueError(f"{collection.name}: what has no {key!r} is not in its index and cannot be asked for")
    return Among(key, kept)


def _behind(prefix: str) -> str | None:
    """The first string that sorts behind all that begin with the prefix; None if nothing can."""
    kept = prefix.rstrip(_LAST)
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    # no text holds a surrogate, and neither database would take one
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)


def entries[E: Entity](collection: Collection[E], entity: E) -> dict[str, Scalar | tuple[Scalar, ...]]:
    """The entity's key values; refuses one that would be missing from a list of everything."""
    found = key_values(collection, entity)
    for name, value in found.items():
        if isinstance(value, tuple):
            found[name] = tuple(one for one in value if one is not None)
    for order in order_keys(collection):
        if found[order] is None:
            raise ValueError(f"{collection.name} is ordered by {order!r}, but {entity.id} has none")
    return found


def order_keys[E: Entity](collection: Collection[E]) -> tuple[str, ...]:
    """The keys that orders go by; one index serves both directions."""
    return tuple(dict.fromkeys(order.removeprefix("-") for order in collection.orders))


def order_key[E: Entity](query: Query[E]) -> str | None:
    return None if query.order is None else query.order.removeprefix("-")


def is_descending[E: Entity](query: Query[E]) -> bool:
    return query.order is not None and query.order.startswith("-")


def indexes[E: Entity](collection: Collection[E]) -> list[Index]:
    """Every order alone, and every filter key with every order. A unique key finds one entity: nothing to order."""
    orders = order_keys(collection)
    found = [Index((order,), everything=True) for order in orders]
    for name, key in collection.keys.items():
        others = [order for order in orders if order != name]
        if key.unique:
            found.append(Index((name,), unique=True))
        elif others:
            found += [Index((name, order)) for order in others]
        elif name not in orders:
            found.append(Index((name,)))
    return found


def counted_scalars[E: Entity](collection: Collection[E]) -> tuple[str, ...]:
    """The scalar keys that are counted together."""
    return tuple(key for key in collection.counted if not collection.keys[key].multi)


def index_for[E: Entity](collection: Collection[E], key: str, order: str | None) -> Index:
    """The index to find a key's values by: in this order if there is one for it, otherwise in any."""
    if collection.keys[key].unique:
        return Index((key,), unique=True)
    orders = order_keys(collection)
    if key == order or (key in orders and len(orders) == 1):
        return Index((key,), everything=True)
    if order is None:
        order = next((other for other in orders if other != key), None)
    return Index((key,) if order is None else (key, order))


def fingerprint[E: Entity](collection: Collection[E]) -> str:
    """Changes when what is kept beside the documents has to be made anew."""
    keys = {
        name: [key.unique, key.multi, *([key.edition] if key.edition else [])] for name, key in collection.keys.items()
    }
    counted = [["tally", collection.counted, collection.narrowing]] if collection.counted else []
    return json.dumps([keys, order_keys(collection), *counted], sort_keys=True)


def stamp[E: Entity](collection: Collection[E]) -> str:
    """The fingerprint in short, to stand beside every entity that was indexed by it."""
    return blake2b(fingerprint(collection).encode(), digest_size=6).hexdigest()
