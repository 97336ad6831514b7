"""Reads from SQLite: which index a query walks, and the statements for it.

A page is found on indexes alone; the documents are fetched for what is on the page and for nothing else. One condition
leads: its index gives the entities in the query's order, and the others are checked on each. The leader is named in the
statement (INDEXED BY), because SQLite without statistics of the data guesses, and a wrong guess sorts everything.
"""

# ruff: noqa: S608 - the names in the statements are those of declarations, quoted; values are always parameters
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from shared.contracts.base import Entity
from shared.store.keys import (
    Among,
    Between,
    Term,
    counted_scalars,
    index_for,
    indexes,
    is_descending,
    order_key,
    order_keys,
    terms,
)
from shared.store.port import Collection, Condition, Query, Scalar
from shared.store.sqlite_tables import column, counting_index, from_sql, index_name, quoted, to_sql, values_table

_MANY = 500
"""Up to so many index entries are counted to see which condition leads; so few may also be sorted."""

type _Parameters = list[Any]


type _Test = tuple[str, _Parameters]


@dataclass(frozen=True)
class _Lead:
    """The rows `d` that a statement walks: of the collection's table, or of the values of a multi key."""

    source: str
    by_value: bool = False


def get[E: Entity](connection: sqlite3.Connection, collection: Collection[E], id_: str) -> E | None:
    found = get_many(connection, collection, [id_])
    return found[0] if found else None


def get_many[E: Entity](connection: sqlite3.Connection, collection: Collection[E], ids: Sequence[str]) -> list[E]:
    statement = f"SELECT doc FROM {quoted(collection.name)} WHERE id IN ({_marks(ids)})"
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


def page_statements[E: Entity](connection: sqlite3.Connection, query: Query[E]) -> Iterator[tuple[str, _Parameters]]:
    """Statements that give (order key's value, id) of the page's entities, and of no more than `limit` each."""
    asked = terms(query)
    if query.limit < 1:
        return
    order, descending = order_key(query), is_descending(query)
    term = _leader(connection, query.collection, [t for t in asked if isinstance(t, Among) or t.key != order], order)
    if isinstance(term, Between) and _size(connection, query.collection, term, order) >= _MANY:
        term = None  # sorting them all would cost more than meeting them in order
    lead = _lead(query.collection, term, order)
    rest = [_check(query.collection, lead, _from_position(t, query)) for t in asked if t is not term]
    ordered = f"d.{column(order)}" if order else "NULL"
    if query.after is not None:
        value, id_ = query.after
        sign = "<" if descending else ">"
        rest.append((f"({ordered}, d.id) {sign} (?, ?)", [to_sql(value), id_]) if order else ("d.id > ?", [id_]))
    by = ", ".join(f"{name}{' DESC' if descending else ''}" for name in ([ordered, "d.id"] if order else ["d.id"]))
    for one in [Among(term.key, (value,)) for value in term.values] if isinstance(term, Among) else [term]:
        where, parameters = _where([_leads(query.collection, one), *rest] if one else rest)
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


def count[E: Entity](connection: sqlite3.Connection, collection: Collection[E], where: tuple[Condition, ...]) -> int:
    asked = terms(Query(collection, where))
    narrow = _counting_lead(collection, asked) if len(asked) > 1 else None
    if narrow is not None:
        lead, (clause, parameters), once = narrow, _where([_leads(collection, t) for t in asked]), "*"
    else:
        lead, clause, parameters, once = _all_that_match(connection, collection, asked)
    statement = f"SELECT count({once}) FROM {lead.source}{clause}"
    number: int = connection.execute(statement, parameters).fetchone()[0]
    return number


def count_by[E: Entity](
    connection: sqlite3.Connection, collection: Collection[E], key: str, where: tuple[Condition, ...]
) -> dict[Scalar, int]:
    if key not in collection.keys:
        raise ValueError(f"{collection.name} has no key {key!r}")
    found: dict[Scalar, int] = {}
    for value, number in connection.execute(*counting_statement(connection, collection, key, where)):
        if value is not None:
            found[from_sql(value)] = found.get(from_sql(value), 0) + number
    return found


def counting_statement[E: Entity](
    connection: sqlite3.Connection, collection: Collection[E], key: str, where: tuple[Condition, ...]
) -> tuple[str, _Parameters]:
    """A statement that gives values of the key with numbers to be added up. A value may come more than once."""
    asked = terms(Query(collection, where))
    multi = collection.keys[key].multi
    narrow = _counting_lead(collection, asked, key)
    if narrow is not None:
        # grouped as the index is ordered, and so without sorting
        grouped = ["d.value"] if multi else [f"d.{column(k)}" for k in counted_scalars(collection)]
        clause, parameters = _where([_leads(collection, term) for term in asked])
        value = "d.value" if multi else f"d.{column(key)}"
        return f"SELECT {value}, count(*) FROM {narrow.source}{clause} GROUP BY {', '.join(grouped)}", parameters
    narrow = _counting_lead(collection, asked) if multi else None
    if narrow is not None:
        lead, (clause, parameters), once = narrow, _where([_leads(collection, t) for t in asked]), "*"
    else:
        lead, clause, parameters, once = _all_that_match(connection, collection, asked)
    table = values_table(collection, key) if multi else quoted(collection.name)
    value = "g.value" if multi else f"g.{column(key)}"
    if not where:
        source, once = f"{table} AS g", "*"
    elif not multi and not lead.by_value:
        source, value = lead.source, f"d.{column(key)}"
    else:
        # CROSS JOIN keeps SQLite from walking the other table first
        source = f"{lead.source} CROSS JOIN {table} AS g ON g.id = d.id"
    clause = f"{clause} AND" if clause else " WHERE"
    return f"SELECT {value}, count({once}) FROM {source}{clause} {value} IS NOT NULL GROUP BY {value}", parameters


def _counting_lead(collection: Collection[Any], asked: list[Term], key: str | None = None) -> _Lead | None:
    """The index of counted keys that holds all that is asked for, and the key to count by, if one does."""
    scalars = counted_scalars(collection)
    if key is not None and key not in collection.counted:
        return None
    walked = [t for t in asked if t.key not in scalars]
    if not walked and (key is None or key in scalars):
        return _Lead(f"{quoted(collection.name)} AS d INDEXED BY {counting_index(collection)}") if scalars else None
    if not walked:
        by = key
    elif len(walked) == 1 and (key is None or key in scalars) and walked[0].key in collection.counted:
        # one value only: an entity that has several would be counted several times
        by = walked[0].key if isinstance(walked[0], Among) and len(walked[0].values) == 1 else None
    else:
        by = None
    if by is None:
        return None
    return _Lead(f"{values_table(collection, by)} AS d INDEXED BY {counting_index(collection, by)}", by_value=True)


def _all_that_match(
    connection: sqlite3.Connection, collection: Collection[Any], asked: list[Term]
) -> tuple[_Lead, str, _Parameters, str]:
    term = _leader(connection, collection, asked, None)
    lead = _lead(collection, term, None)
    rest = [_check(collection, lead, t) for t in asked if t is not term]
    clause, parameters = _where([_leads(collection, term), *rest] if term else rest)
    # an entity stands in a multi key's table once for each of its values
    several = lead.by_value and isinstance(term, Among) and len(term.values) > 1
    return lead, clause, parameters, "DISTINCT d.id" if several else "*"


def _leader(
    connection: sqlite3.Connection, collection: Collection[Any], candidates: list[Term], order: str | None
) -> Term | None:
    """The condition that fewest entities meet; of several that many meet, one that gives them in order.

    Then one on a multi key: a word of a search leaves out more than a state that nearly all are in.
    """
    if len(candidates) < 2:
        return candidates[0] if candidates else None

    def rank(term: Term) -> tuple[int, bool, bool]:
        size = _size(connection, collection, term, order)
        return size, isinstance(term, Between), not collection.keys[term.key].multi

    return min(candidates, key=rank)


def _size(connection: sqlite3.Connection, collection: Collection[Any], term: Term, order: str | None) -> int:
    lead = _lead(collection, term, order)
    where, parameters = _where([_leads(collection, term)])
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {lead.source}{where} LIMIT {_MANY})"
    number: int = connection.execute(counted, parameters).fetchone()[0]
    return number


def _lead(collection: Collection[Any], term: Term | None, order: str | None) -> _Lead:
    table = quoted(collection.name)
    if term is not None:
        index = index_name(collection, index_for(collection, term.key, order))
        if collection.keys[term.key].multi:
            return _Lead(f"{values_table(collection, term.key)} AS d INDEXED BY {index}", by_value=True)
        return _Lead(f"{table} AS d INDEXED BY {index}")
    if order is None:
        return _Lead(f"{table} AS d")
    index = index_name(collection, next(i for i in indexes(collection) if i.everything and i.keys == (order,)))
    return _Lead(f"{table} AS d INDEXED BY {index}")


def _leads(collection: Collection[Any], term: Term) -> _Test:
    """`term` as a test of the row itself."""
    return _test("d.value" if collection.keys[term.key].multi else f"d.{column(term.key)}", term)


def _check(collection: Collection[Any], lead: _Lead, term: Term) -> _Test:
    """A condition that does not lead, as a test of each row that the leading one gives."""
    if collection.keys[term.key].multi:
        test, parameters = _test("e.value", term)
        source = values_table(collection, term.key)
    elif not lead.by_value or term.key in order_keys(collection):
        return _test(f"d.{column(term.key)}", term)
    else:
        test, parameters = _test(f"e.{column(term.key)}", term)
        source = quoted(collection.name)
    return f"EXISTS (SELECT 1 FROM {source} AS e WHERE e.id = d.id AND {test})", parameters


def _test(name: str, term: Term) -> _Test:
    if isinstance(term, Among):
        parameters = [to_sql(value) for value in term.values]
        if not parameters:
            # says of the value what its partial index needs to hear, or SQLite would not take the index
            return f"{name} IS NOT NULL AND FALSE", []
        return (f"{name} = ?" if len(parameters) == 1 else f"{name} IN ({_marks(parameters)})"), parameters
    bounds = [(sign, to_sql(bound)) for sign, bound in ((">=", term.ge), ("<", term.lt)) if bound is not None]
    test = " AND ".join(f"{name} {sign} ?" for sign, _ in bounds)
    return test or f"{name} IS NOT NULL", [bound for _, bound in bounds]


def _where(tests: list[_Test]) -> tuple[str, _Parameters]:
    clause = " AND ".join(test for test, _ in tests)
    return f" WHERE {clause}" if clause else "", [value for _, values in tests for value in values]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
