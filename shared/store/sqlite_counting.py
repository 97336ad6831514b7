"""Counts from SQLite: from the tally where it knows, and else in one walk over what matches, however much is asked."""

# ruff: noqa: S608 - the names in the statements are those of declarations, quoted; values are always parameters
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from shared.contracts.base import Entity
from shared.store.keys import Among, Between, Term, counted_scalars, terms
from shared.store.port import Collection, Condition, Query, Scalar, Tally
from shared.store.sqlite_query import (
    Lead,
    Parameters,
    Test,
    check_of,
    lead_of,
    leader,
    leads,
    ranked,
    test_of,
    where_of,
)
from shared.store.sqlite_tables import column, narrow_index, narrowing_keys, values_table
from shared.store.sqlite_tally import (
    WHOLE,
    from_sql,
    meeting,
    number_column,
    number_columns,
    parts,
    quoted,
    read_combinations,
    tally_table,
)

type Counts = dict[str, dict[Scalar, int]]


def tally[E: Entity](
    connection: sqlite3.Connection, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...]
) -> Tally:
    for key in keys:
        if key not in collection.keys:
            raise ValueError(f"{collection.name} has no key {key!r}")
    asked = terms(Query(collection, where))
    counted = [key for key in keys if key in collection.counted]
    others = {key: _values_counted(connection, collection, key, asked) for key in keys if key not in counted}
    if not collection.counted:
        return Tally(_all_counted(connection, collection, asked), others)
    scalars = counted_scalars(collection)
    if all(term.key in scalars for term in asked):
        total, by = _from_tally(connection, collection, counted, asked)
    else:
        total, by = _from_walk(connection, collection, counted, asked)
    return Tally(total, by | others)


def count[E: Entity](connection: sqlite3.Connection, collection: Collection[E], where: tuple[Condition, ...]) -> int:
    return tally(connection, collection, (), where).total


def count_by[E: Entity](
    connection: sqlite3.Connection, collection: Collection[E], key: str, where: tuple[Condition, ...]
) -> Mapping[Scalar, int]:
    return tally(connection, collection, (key,), where).by[key]


def _from_tally(
    connection: sqlite3.Connection, collection: Collection[Any], keys: Sequence[str], asked: Sequence[Term]
) -> tuple[int, Counts]:
    """The conditions are on counted scalar keys alone: the numbers are there to be added up."""
    multi = [key for key in keys if collection.keys[key].multi]
    numbers = meeting(connection, collection, WHOLE, asked)
    statement = (
        f"SELECT part, value, scalars, n FROM {tally_table(collection)} WHERE part IN ({_marks([WHOLE, *multi])})"
        " AND n > 0 AND scalars IN (SELECT value FROM json_each(?))"
    )
    wholes: dict[int, int] = {}
    by: Counts = {key: {} for key in keys}
    for part, value, number, n in connection.execute(statement, [WHOLE, *multi, _listed(numbers)]):
        if part == WHOLE:
            wholes[number] = n
        else:
            _add(by[part], from_sql(value), n)
    _add_scalars(connection, collection, by, wholes)
    return sum(wholes.values()), by


def _from_walk(
    connection: sqlite3.Connection, collection: Collection[Any], keys: Sequence[str], asked: Sequence[Term]
) -> tuple[int, Counts]:
    numbers: dict[str, Counter[int]] = {part: Counter() for part in parts(collection)}
    for statement, parameters in walking_statements(connection, collection, asked):
        for *columns, n in connection.execute(statement, parameters):
            for of_part, number in zip(numbers.values(), columns, strict=True):
                of_part[number] += n
    by: Counts = {key: {} for key in keys}
    for key in keys:
        if collection.keys[key].multi:
            found = read_combinations(connection, collection, numbers[key])
            for number, n in numbers[key].items():
                for value in found[number]:
                    _add(by[key], value, n)
    _add_scalars(connection, collection, by, numbers[WHOLE])
    return numbers[WHOLE].total(), by


def walking_statements(
    connection: sqlite3.Connection, collection: Collection[Any], asked: Sequence[Term]
) -> Iterator[tuple[str, Parameters]]:
    """Statements that together meet each entity that matches once: the numbers of combinations, and how many have them.

    What narrows a count is kept in the order of those numbers, so they need not be sorted, and a second word is looked
    for beside the first.
    """
    counted = [term for term in asked if term.key in collection.counted]
    others = [term for term in asked if term not in counted]
    candidates = others or [t for t in counted if collection.keys[t.key].multi]
    if not candidates:
        raise ValueError("conditions on counted scalar keys alone are answered from the tally")
    first, *rest = ranked(connection, collection, candidates, None)
    lead, beside = lead_of(collection, first, None), "d"
    if first.key in narrowing_keys(collection):
        table = values_table(collection, first.key)
        lead = Lead(f"{table} AS d INDEXED BY {narrow_index(collection, first.key)}", by_value=True)
    elif lead.by_value:
        # CROSS JOIN keeps SQLite from walking the other table first
        lead, beside = Lead(f"{lead.source} CROSS JOIN {quoted(collection.name)} AS g ON g.id = d.id", True), "g"
    tests = [_check_of(collection, lead, beside, term) for term in (rest if others else ())]
    for part in parts(collection):
        of_part = [t for t in counted if t is not first and t.key in _keys_of(collection, part)]
        if of_part:
            numbers = _listed(meeting(connection, collection, part, of_part))
            tests.append((f"{beside}.{number_column(part)} IN (SELECT value FROM json_each(?))", [numbers]))
    columns = ", ".join(f"{beside}.{name}" for name in number_columns(collection))
    for walked, met_before in _one_by_one(first) if lead.by_value else [(first, None)]:
        new = [] if met_before is None else [_negated(_check_of(collection, lead, beside, met_before))]
        clause, parameters = where_of([leads(collection, walked), *new, *tests])
        yield f"SELECT {columns}, count(*) FROM {lead.source}{clause} GROUP BY {columns}", parameters


def _one_by_one(term: Term) -> Iterator[tuple[Term, Term | None]]:
    """Each value of a condition, and those before it: what has one of them stands in the table for that one, too."""
    if isinstance(term, Between):
        yield term, None
        return
    for place, value in enumerate(term.values):
        yield Among(term.key, (value,)), Among(term.key, term.values[:place]) if place else None


def _check_of(collection: Collection[Any], lead: Lead, beside: str, term: Term) -> Test:
    """As a test of each row: where the key's values stand in the order of the numbers, in that order."""
    if term.key not in narrowing_keys(collection) or not isinstance(term, Among):
        return check_of(collection, lead, term)
    test, parameters = test_of("e.value", term)
    source = f"{values_table(collection, term.key)} AS e INDEXED BY {narrow_index(collection, term.key)}"
    same = "".join(f" AND e.{name} = {beside}.{name}" for name in number_columns(collection))
    return f"EXISTS (SELECT 1 FROM {source} WHERE {test}{same} AND e.id = d.id)", parameters


def _negated(test: Test) -> Test:
    return f"NOT {test[0]}", test[1]


def _keys_of(collection: Collection[Any], part: str) -> tuple[str, ...]:
    return counted_scalars(collection) if part == WHOLE else (part,)


def _add_scalars(
    connection: sqlite3.Connection, collection: Collection[Any], by: Counts, wholes: Mapping[int, int]
) -> None:
    found = read_combinations(connection, collection, wholes)
    for place, key in enumerate(counted_scalars(collection)):
        for number, n in wholes.items() if key in by else ():
            _add(by[key], found[number][place], n)


def _add(counts: dict[Scalar, int], value: Scalar, n: int) -> None:
    if value is not None:
        counts[value] = counts.get(value, 0) + n


def _all_counted(connection: sqlite3.Connection, collection: Collection[Any], asked: list[Term]) -> int:
    lead, clause, parameters, once = _all_that_match(connection, collection, asked)
    number: int = connection.execute(f"SELECT count({once}) FROM {lead.source}{clause}", parameters).fetchone()[0]
    return number


def _values_counted(
    connection: sqlite3.Connection, collection: Collection[Any], key: str, asked: list[Term]
) -> dict[Scalar, int]:
    """By a key that nobody keeps counted."""
    lead, clause, parameters, once = _all_that_match(connection, collection, asked)
    multi = collection.keys[key].multi
    table = values_table(collection, key) if multi else quoted(collection.name)
    value = "g.value" if multi else f"g.{column(key)}"
    # CROSS JOIN keeps SQLite from walking the other table first
    source = f"{lead.source} CROSS JOIN {table} AS g ON g.id = d.id"
    clause = f"{clause} AND" if clause else " WHERE"
    statement = f"SELECT {value}, count({once}) FROM {source}{clause} {value} IS NOT NULL GROUP BY {value}"
    return {from_sql(one): number for one, number in connection.execute(statement, parameters)}


def _all_that_match(
    connection: sqlite3.Connection, collection: Collection[Any], asked: list[Term]
) -> tuple[Lead, str, Parameters, str]:
    term = leader(connection, collection, asked, None)
    lead = lead_of(collection, term, None)
    rest = [check_of(collection, lead, t) for t in asked if t is not term]
    clause, parameters = where_of([leads(collection, term), *rest] if term else rest)
    several = lead.by_value and isinstance(term, Among) and len(term.values) > 1
    return lead, clause, parameters, "DISTINCT d.id" if several else "*"


def _listed(numbers: Sequence[int]) -> str:
    return msgspec.json.encode(numbers).decode()


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
