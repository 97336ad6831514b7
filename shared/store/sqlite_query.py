"""Reads from SQLite: which index a query walks, and the statements for it.

A page is found on indexes alone; the documents are fetched for what is on the page and for nothing else. One condition
leads: its index gives the entities in the query's order, and the others are checked on each: each in its own index of
the same order, so that the looks go forward together over two indexes, instead of all over a table of documents. The
indexes are named in the statement (INDEXED BY), because SQLite without statistics of the data guesses, and a wrong
guess sorts everything.
"""

# ruff: noqa: S608 - the names in the statements are those of declarations, quoted; values are always parameters
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from shared.contracts.base import Entity
from shared.store import sqlite_tally
from shared.store.keys import (
    Among,
    Between,
    Term,
    index_for,
    indexes,
    is_descending,
    order_key,
    order_keys,
    terms,
)
from shared.store.port import Collection, Query
from shared.store.sqlite_tables import column, index_name, values_table
from shared.store.sqlite_tally import quoted, to_sql

MANY = 500
"""Up to so many index entries are counted to see which condition leads; so few may also be sorted."""

_VERY_MANY = 10 * MANY
"""Up to so many where several conditions reach that."""

_SOUGHT = 8
"""Up to so many values of one condition are looked for one after the other in its index."""

type Parameters = list[Any]


type Test = tuple[str, Parameters]


@dataclass(frozen=True)
class Lead:
    """The rows `d` that a statement walks: of the collection's table, or of the values of a multi key."""

    source: str
    by_value: bool = False


def get[E: Entity](connection: sqlite3.Connection, collection: Collection[E], id_: str) -> E | None:
    found = get_many(connection, collection, [id_])
    return found[0] if found else None


def get_many[E: Entity](connection: sqlite3.Connection, collection: Collection[E], ids: Sequence[str]) -> list[E]:
    statement = f"SELECT doc FROM {quoted(collection.name)} WHERE id IN ({marks(ids)})"
    decode = msgspec.json.Decoder(collection.type).decode
    return [decode(doc) for (doc,) in connection.execute(statement, ids)]


def find[E: Entity](connection: sqlite3.Connection, query: Query[E]) -> list[E]:
    found: set[tuple[Any, str]] = set()
    # values of one key are walked one after the other: each walk is in order, all together they are not
    for statement, parameters in page_statements(connection, query):
        found.update(connection.execute(statement, parameters))
    page = [id_ for _, id_ in sorted(found, reverse=is_descending(query))[: query.limit]]
    by_id = {entity.id: entity for entity in get_many(connection, query.collection, page)}
    return [by_id[id_] for id_ in page]


def page_statements[E: Entity](connection: sqlite3.Connection, query: Query[E]) -> Iterator[tuple[str, Parameters]]:
    """Statements that give (order key's value, id) of the page's entities, and of no more than `limit` each."""
    asked = terms(query)
    if query.limit < 1:
        return
    order, descending = order_key(query), is_descending(query)
    bounds = [t for t in asked if isinstance(t, Between) and t.key == order]
    candidates = ranked(connection, query.collection, [t for t in asked if t not in bounds], order)
    term = candidates[0] if candidates else None
    if isinstance(term, Between) and entries_up_to(connection, query.collection, term, order, MANY) >= MANY:
        term = None  # sorting them all would cost more than meeting them in order
    lead = lead_of(query.collection, term, order)
    others = [_from_position(t, query) for t in bounds] + [t for t in candidates if t is not term]
    rest = [check_of(query.collection, lead, t, order) for t in others]
    ordered = f"d.{column(order)}" if order else "NULL"
    if query.after is not None:
        value, id_ = query.after
        sign = "<" if descending else ">"
        rest.append((f"({ordered}, d.id) {sign} (?, ?)", [to_sql(value), id_]) if order else ("d.id > ?", [id_]))
    by = ", ".join(f"{name}{' DESC' if descending else ''}" for name in ([ordered, "d.id"] if order else ["d.id"]))
    for one in [Among(term.key, (value,)) for value in term.values] if isinstance(term, Among) else [term]:
        where, parameters = where_of([leads(query.collection, one), *rest] if one else rest)
        yield f"SELECT {ordered}, d.id FROM {lead.source}{where} ORDER BY {by} LIMIT ?", [*parameters, query.limit]


def _from_position(term: Term, query: Query[Any]) -> Term:
    """Without the bound that lies behind the position: SQLite walks from one of them, and might take the farther."""
    if query.after is None or not isinstance(term, Between) or term.key != order_key(query):
        return term
    position, far = query.after[0], term.lt if is_descending(query) else term.ge
    if far is None or type(position) is not type(far):  # a cursor may be made up
        return term
    if is_descending(query):
        return replace(term, lt=None) if position < far else term  # type: ignore[operator]  # of one type
    return replace(term, ge=None) if position >= far else term  # type: ignore[operator]  # of one type


def leader(
    connection: sqlite3.Connection, collection: Collection[Any], candidates: Sequence[Term], order: str | None
) -> Term | None:
    """The condition that is to lead."""
    return next(iter(ranked(connection, collection, candidates, order)), None)


def ranked(
    connection: sqlite3.Connection, collection: Collection[Any], candidates: Sequence[Term], order: str | None
) -> list[Term]:
    """First the condition that fewest entities meet; of several that many meet, one that gives them in order. Then one
    on a multi key: a word of a search leaves out more than a state that nearly all are in.

    The others follow in the order to check them in: the one that leaves out most first.
    """
    if len(candidates) < 2:
        return list(candidates)
    sizes = _sizes(connection, collection, candidates, order)
    ranks = [
        (size, isinstance(term, Between), not collection.keys[term.key].multi, place)
        for place, (term, size) in enumerate(zip(candidates, sizes, strict=True))
    ]
    first, *others = [candidates[rank[-1]] for rank in sorted(ranks)]
    # stable: to check a range reads the document's row
    return [first, *sorted(others, key=lambda term: isinstance(term, Between))]


def _sizes(
    connection: sqlite3.Connection, collection: Collection[Any], candidates: Sequence[Term], order: str | None
) -> list[int]:
    """How many entries each has: exactly where it is kept counted, otherwise counted up to a bound. If several reach
    it, up to a higher one: walking the wrong one of two costs more than that."""
    kept = (*collection.counted, *collection.narrowing) if collection.counted else ()
    known = {
        place: sqlite_tally.entities_with(connection, collection, term)
        for place, term in enumerate(candidates)
        if term.key in kept
    }
    for most in (MANY, _VERY_MANY):
        sizes = [
            known[place] if place in known else entries_up_to(connection, collection, term, order, most)
            for place, term in enumerate(candidates)
        ]
        if min(sizes) < most or len(candidates) - len(known) < 2:
            break
    return sizes


def entries_up_to(
    connection: sqlite3.Connection, collection: Collection[Any], term: Term, order: str | None, most: int
) -> int:
    """How many entries it has in its index; counted up to so many."""
    found = lead_of(collection, term, order)
    clause, parameters = where_of([leads(collection, term)])
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {found.source}{clause} LIMIT {most})"
    number: int = connection.execute(counted, parameters).fetchone()[0]
    return number


def lead_of(collection: Collection[Any], term: Term | None, order: str | None) -> Lead:
    table = quoted(collection.name)
    if term is not None:
        index = index_name(collection, index_for(collection, term.key, order))
        if collection.keys[term.key].multi:
            return Lead(f"{values_table(collection, term.key)} AS d INDEXED BY {index}", by_value=True)
        return Lead(f"{table} AS d INDEXED BY {index}")
    if order is None:
        return Lead(f"{table} AS d")
    index = index_name(collection, next(i for i in indexes(collection) if i.everything and i.keys == (order,)))
    return Lead(f"{table} AS d INDEXED BY {index}")


def leads(collection: Collection[Any], term: Term) -> Test:
    """`term` as a test of the row itself."""
    return test_of("d.value" if collection.keys[term.key].multi else f"d.{column(term.key)}", term)


def check_of(collection: Collection[Any], lead: Lead, term: Term, order: str | None = None) -> Test:
    """A condition that does not lead, as a test of each row that the leading one gives, in this order."""
    multi = collection.keys[term.key].multi
    if not multi and (not lead.by_value or term.key in order_keys(collection)):
        return test_of(f"d.{column(term.key)}", term)
    test, parameters = test_of("e.value" if multi else f"e.{column(term.key)}", term)
    source = values_table(collection, term.key) if multi else quoted(collection.name)
    index = index_for(collection, term.key, order)
    same = "e.id = d.id"
    if isinstance(term, Among) and 0 < len(term.values) <= _SOUGHT and order and index.keys == (term.key, order):
        source = f"{source} AS e INDEXED BY {index_name(collection, index)}"
        same = f"e.{column(order)} = d.{column(order)} AND {same}"
    else:
        source = f"{source} AS e"
    return f"EXISTS (SELECT 1 FROM {source} WHERE {same} AND {test})", parameters


def test_of(name: str, term: Term) -> Test:
    if isinstance(term, Among):
        parameters = [to_sql(value) for value in term.values]
        if not parameters:
            # says of the value what its partial index needs to hear, or SQLite would not take the index
            return f"{name} IS NOT NULL AND FALSE", []
        return (f"{name} = ?" if len(parameters) == 1 else f"{name} IN ({marks(parameters)})"), parameters
    bounds = [(sign, to_sql(bound)) for sign, bound in ((">=", term.ge), ("<", term.lt)) if bound is not None]
    test = " AND ".join(f"{name} {sign} ?" for sign, _ in bounds)
    return test or f"{name} IS NOT NULL", [bound for _, bound in bounds]


def where_of(tests: list[Test]) -> tuple[str, Parameters]:
    clause = " AND ".join(test for test, _ in tests)
    return f" WHERE {clause}" if clause else "", [value for _, values in tests for value in values]


def marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
