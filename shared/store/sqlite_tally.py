"""What is counted often, kept counted: the numbers of a collection's entities, brought up to date by every write.

Entities share few combinations of counted values: one of all the scalar keys, one of the values of each multi key. Each
combination has a number for ever. An entity's numbers stand in its row, and in the tables of the multi keys that narrow
what is counted; how many entities there are of each scalar combination, and beside each value of a counted multi key,
stands in the tally, and how many have each value that narrows. It is written in the transaction of the entity.
"""

# ruff: noqa: S608 - the names in the statements are those of declarations, quoted; values are always parameters
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from shared.store.keys import Among, Between, Term, counted_scalars
from shared.store.port import Collection, Scalar

WHOLE = ""
"""The part of all scalar keys together; the other parts are called as their key."""

type Kept = dict[str, Any]
type Values = tuple[Scalar, ...]

_decode = msgspec.json.Decoder(tuple[str | int | bool | None, ...]).decode


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def to_sql(value: Scalar) -> str | int | bytes | None:
    """SQLite has no bool; one byte keeps it apart from a number, as MongoDB does, and sorts alike."""
    return bytes([value]) if isinstance(value, bool) else value


def from_sql(value: str | int | bytes | None) -> Scalar:
    return bool(value[0]) if isinstance(value, bytes) else value


def parts(collection: Collection[Any]) -> list[str]:
    multi = [key for key in collection.counted if collection.keys[key].multi]
    return [WHOLE, *multi] if collection.counted else []


def number_column(part: str) -> str:
    return quoted(f"c_{part}")


def number_columns(collection: Collection[Any]) -> list[str]:
    return [number_column(part) for part in parts(collection)]


def combinations(collection: Collection[Any]) -> str:
    return quoted(f"{collection.name}.:combinations")


def tally_table(collection: Collection[Any]) -> str:
    return quoted(f"{collection.name}.:tally")


def make_tables(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    if not collection.counted:
        return
    connection.execute(
        f"CREATE TABLE {combinations(collection)}"
        " (number INTEGER PRIMARY KEY, part TEXT NOT NULL, made TEXT NOT NULL, UNIQUE (part, made))"
    )
    connection.execute(
        f"CREATE TABLE {tally_table(collection)} (part TEXT, value, scalars INTEGER, n INTEGER NOT NULL,"
        " PRIMARY KEY (part, value, scalars)) WITHOUT ROWID"
    )


def numbers_of(connection: sqlite3.Connection, collection: Collection[Any], kept: Kept) -> list[int]:
    """The numbers of the entity's combinations, part by part; new ones are given."""
    return [_number(connection, collection, part, _values(collection, part, kept)) for part in parts(collection)]


def _values(collection: Collection[Any], part: str, kept: Kept) -> Values:
    if part == WHOLE:
        return tuple(kept[key] for key in counted_scalars(collection))
    return tuple(sorted(kept[part], key=str))


def _number(connection: sqlite3.Connection, collection: Collection[Any], part: str, values: Values) -> int:
    wanted = (part, msgspec.json.encode(values).decode())
    table = combinations(collection)
    found = connection.execute(f"SELECT number FROM {table} WHERE part = ? AND made = ?", wanted).fetchone()
    if found is None:
        found = connection.execute(
            f"INSERT INTO {table} (part, made) VALUES (?, ?) RETURNING number", wanted
        ).fetchone()
    number: int = found[0]
    return number


def stored_numbers(connection: sqlite3.Connection, collection: Collection[Any], id_: str) -> list[int]:
    if not collection.counted:
        return []
    columns = ", ".join(number_columns(collection))
    found = connection.execute(f"SELECT {columns} FROM {quoted(collection.name)} WHERE id = ?", (id_,)).fetchone()
    return list(found) if found else []


def add(connection: sqlite3.Connection, collection: Collection[Any], numbers: Sequence[int], by: int) -> None:
    """One entity with these numbers more, or less (`by` is -1)."""
    if not numbers:
        return
    values = read_combinations(connection, collection, numbers)
    rows: list[tuple[Any, ...]] = [(WHOLE, "", numbers[0], by)]
    for part, number in zip(parts(collection)[1:], numbers[1:], strict=True):
        rows += [(part, to_sql(value), numbers[0], by) for value in values[number]]
    connection.executemany(
        f"INSERT INTO {tally_table(collection)} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        rows,
    )


def read_combinations(
    connection: sqlite3.Connection, collection: Collection[Any], numbers: Iterable[int]
) -> dict[int, Values]:
    asked = msgspec.json.encode(list(numbers)).decode()
    statement = f"SELECT number, made FROM {combinations(collection)} WHERE number IN (SELECT value FROM json_each(?))"
    return {number: _decode(made) for number, made in connection.execute(statement, (asked,))}


def meeting(connection: sqlite3.Connection, collection: Collection[Any], part: str, asked: Sequence[Term]) -> list[int]:
    """The numbers of the combinations of this part that meet all these conditions."""
    statement = f"SELECT number, made FROM {combinations(collection)} WHERE part = ?"
    places = {key: place for place, key in enumerate(counted_scalars(collection))}

    def meets(values: Values) -> bool:
        if part == WHOLE:
            return all(_meets(values[places[term.key]], term) for term in asked)
        return all(any(_meets(value, term) for value in values) for term in asked)

    return [number for number, made in connection.execute(statement, (part,)) if meets(_decode(made))]


def _meets(value: Scalar, term: Term) -> bool:
    if isinstance(term, Among):
        # by type, too: for Python, true is one
        return any(value == wanted and isinstance(value, bool) == isinstance(wanted, bool) for wanted in term.values)
    return value is not None and _is_between(value, term)


def _is_between(value: Scalar, term: Between) -> bool:
    for bound, sign in ((term.ge, 1), (term.lt, -1)):
        if bound is None:
            continue
        if type(bound) is not type(value):
            return False
        after = value >= bound  # type: ignore[operator]  # of one type
        if after != (sign == 1):
            return False
    return True


def entities_with(connection: sqlite3.Connection, collection: Collection[Any], term: Term) -> int:
    """About how many entities a kept key has for this condition, without counting them. The values of a multi key are
    taken for forms of one word, which mostly occur together."""
    table = tally_table(collection)
    if not collection.keys[term.key].multi:
        numbers = msgspec.json.encode(meeting(connection, collection, WHOLE, [term])).decode()
        where, parameters = "part = '' AND scalars IN (SELECT value FROM json_each(?))", [numbers]
    elif isinstance(term, Among):
        marks = ", ".join("?" * len(term.values))
        where, parameters = f"part = ? AND value IN ({marks})", [term.key, *map(to_sql, term.values)]  # type: ignore[list-item]
    else:
        where, parameters = "part = ?", [term.key]
    by_value = f"SELECT sum(n) AS n FROM {table} WHERE {where} GROUP BY value"
    number: int = connection.execute(f"SELECT coalesce(max(n), 0) FROM ({by_value})", parameters).fetchone()[0]
    return number


def narrowing(collection: Collection[Any]) -> tuple[str, ...]:
    """The keys that are not counted themselves, but whose values are: to know which word is the rarer one."""
    return tuple(key for key in collection.narrowing if key not in collection.counted) if collection.counted else ()


def add_values(connection: sqlite3.Connection, collection: Collection[Any], key: str, id_: str, by: int) -> None:
    """The values that the entity has of a narrowing key once more, or once less."""
    source = quoted(f"{collection.name}.{key}")
    connection.execute(
        f"INSERT INTO {tally_table(collection)} SELECT ?, value, 0, ? FROM {source} WHERE id = ?"
        " ON CONFLICT DO UPDATE SET n = n + excluded.n",
        (key, by, id_),
    )


def count_values(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    """All values of the narrowing keys anew."""
    for key in narrowing(collection):
        source = quoted(f"{collection.name}.{key}")
        connection.execute(f"DELETE FROM {tally_table(collection)} WHERE part = ?", (key,))
        connection.execute(
            f"INSERT INTO {tally_table(collection)} SELECT ?, value, 0, count(*) FROM {source} GROUP BY value", (key,)
        )
