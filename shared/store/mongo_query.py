"""What MongoDB keeps of an entity, and what it is asked: plain dictionaries, without its driver.

A stored document is `{_id, version, doc, k}`: the contract as JSON has it in `doc`, the key values in `k`, and among
them the stamp of the declaration that they were computed by. A key that has no value is left out of `k`, and with it
out of that key's indexes.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from shared.contracts.base import Entity
from shared.store.keys import Among, Index, Term, entries, is_descending, order_key, stamp, terms
from shared.store.port import Collection, Condition, Query, Tally

type Document = dict[str, Any]

_STAMP = "made by"
"""Stands among the keys, by a name that no key has. Every program, however old, writes `k` as a whole: so the stamp is
always that of who computed the keys, and one who knows of no stamp takes it away."""

_FORMER_STAMP = "made"
"""Where it stood before, beside `k`. A program that still looks there must not find the stamp of what it had written
itself and another has computed again."""


def document[E: Entity](collection: Collection[E], entity: E) -> Document:
    return {
        "_id": entity.id,
        "version": entity.version,
        "doc": msgspec.to_builtins(entity, str_keys=True),
        "k": keys_of(collection, entity),
    }


def replacement(stored: Document) -> Document:
    """The update that stores it, field by field: what a newer program had added to the document stays there, and is
    not lost to a replica of the version before, or to a program that was rolled back."""
    fields = {f"doc.{name}": value for name, value in stored["doc"].items()}
    return _set({"version": stored["version"], "k": stored["k"], **fields})


def refilling[E: Entity](collection: Collection[E], found: Document) -> Document:
    """The update that computes a stored document's keys again."""
    return _set({"k": keys_of(collection, entity_in(collection, found))})


def keys_of[E: Entity](collection: Collection[E], entity: E) -> Document:
    kept = {key: value for key, value in entries(collection, entity).items() if value not in (None, ())}
    return {**kept, _STAMP: stamp(collection)}


def made_otherwise[E: Entity](collection: Collection[E]) -> Document:
    """The filter of documents whose keys were computed by another declaration, or by a program without stamps."""
    return {f"k.{_STAMP}": {"$ne": stamp(collection)}}


def _set(fields: Document) -> Document:
    return {"$set": fields, "$unset": {_FORMER_STAMP: ""}}


def entity_in[E: Entity](collection: Collection[E], found: Document) -> E:
    return msgspec.convert(found["doc"], collection.type, str_keys=True)


def index_fields(index: Index) -> list[tuple[str, int]]:
    fields = [(f"k.{key}", 1) for key in index.keys]
    return fields if index.unique else [*fields, ("_id", 1)]


def index_options(index: Index) -> Document:
    options: Document = {"name": index.name}
    if index.unique:
        options["unique"] = True
    if not index.everything:
        options["partialFilterExpression"] = {f"k.{index.keys[0]}": {"$exists": True}}
    return options


def condition[E: Entity](collection: Collection[E], where: tuple[Condition, ...]) -> Document:
    return _all([_test(term) for term in terms(Query(collection, where))])


def page[E: Entity](query: Query[E]) -> tuple[Document, list[tuple[str, int]]]:
    """The filter of a page, and how to sort it."""
    tests = [_test(term) for term in terms(query)]
    order, direction = order_key(query), -1 if is_descending(query) else 1
    beyond = "$lt" if is_descending(query) else "$gt"
    if query.after is not None:
        value, id_ = query.after
        if order is None:
            tests.append({"_id": {beyond: id_}})
        else:
            # the first alone bounds the walk on the index; the second leaves out the ties already seen
            tests.append({f"k.{order}": {f"{beyond}e": value}})
            tests.append({"$or": [{f"k.{order}": {beyond: value}}, {f"k.{order}": value, "_id": {beyond: id_}}]})
    by_id = ("_id", direction)
    return _all(tests), [by_id] if order is None else [(f"k.{order}", direction), by_id]


def numbers_by[E: Entity](collection: Collection[E], key: str, where: tuple[Condition, ...]) -> list[Document]:
    """The aggregation that gives `{_id: value, n: number}` for each value of the key."""
    if key not in collection.keys:
        raise ValueError(f"{collection.name} has no key {key!r}")
    field = f"k.{key}"
    matching = [_test(term) for term in terms(Query(collection, where))]
    return [
        {"$match": _all([*matching, {field: {"$exists": True}}])},
        *([{"$unwind": f"${field}"}] if collection.keys[key].multi else []),
        {"$group": {"_id": f"${field}", "n": {"$sum": 1}}},
    ]


def numbers[E: Entity](collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...]) -> list[Document]:
    """The aggregation that gives the total and the numbers by each key, in one pass over what matches."""
    facets: Document = {"total": [{"$count": "n"}]}
    for place, key in enumerate(keys):
        # by place: a field's name may not hold every sign that a key's may
        facets[f"by{place}"] = numbers_by(collection, key, ())
    return [{"$match": condition(collection, where)}, {"$facet": facets}]


def tally_in(keys: Sequence[str], found: Document) -> Tally:
    by = {key: {one["_id"]: one["n"] for one in found[f"by{place}"]} for place, key in enumerate(keys)}
    return Tally(sum(one["n"] for one in found["total"]), by)


def _test(term: Term) -> Document:
    field = f"k.{term.key}"
    if isinstance(term, Among):
        return {field: term.values[0]} if len(term.values) == 1 else {field: {"$in": list(term.values)}}
    bounds = {sign: bound for sign, bound in (("$gte", term.ge), ("$lt", term.lt)) if bound is not None}
    return {field: bounds or {"$exists": True}}


def _all(tests: list[Document]) -> Document:
    return {"$and": tests} if tests else {}
