"""The tables of a collection in SQLite, how they follow its declaration, and what one entity puts into them.

One table per collection holds the document and a column per scalar key. A multi key has a table of its own, one row per
value, which repeats the order keys: so a page of what contains a value is read off one index. That of a counted multi
key repeats the counted scalar keys, too.
"""

# ruff: noqa: S608 - the names in the statements are those of declarations, quoted; values are always parameters
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from shared.contracts.base import Entity
from shared.store import sqlite_tally
from shared.store.keys import Index, entries, fingerprint, indexes, order_keys
from shared.store.port import Collection, Duplicate
from shared.store.sqlite_tally import number_columns, quoted, to_sql

_DECLARATIONS = "_declarations"
_REMAKING_KIB = 48 * 1024
_AS_STORED = msgspec.json.Decoder(dict[str, msgspec.Raw])


def column(key: str) -> str:
    return quoted(f"k_{key}")


def values_table[E: Entity](collection: Collection[E], key: str) -> str:
    return quoted(f"{collection.name}.{key}")


def index_name[E: Entity](collection: Collection[E], index: Index) -> str:
    return quoted(f"{collection.name}:{index.name}")


def narrow_index[E: Entity](collection: Collection[E], key: str) -> str:
    """The index of a multi key's values that holds beside each what counting needs."""
    return quoted(f"{collection.name}:counted:{key}")


def narrowing_keys[E: Entity](collection: Collection[E]) -> tuple[str, ...]:
    """The multi keys that have such an index: the counted ones, and those that narrow what is counted."""
    counted = [key for key in collection.counted if collection.keys[key].multi]
    return tuple(dict.fromkeys((*counted, *collection.narrowing)))


def scalar_keys[E: Entity](collection: Collection[E]) -> list[str]:
    return [name for name, key in collection.keys.items() if not key.multi]


def multi_keys[E: Entity](collection: Collection[E]) -> list[str]:
    return [name for name, key in collection.keys.items() if key.multi]


def follow(connection: sqlite3.Connection, collections: Sequence[Collection[Any]]) -> None:
    """Make or remake the tables whose declaration is not the one they were made by. Runs in one transaction."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {_DECLARATIONS} (collection TEXT PRIMARY KEY, fingerprint TEXT)")
    known = dict(connection.execute(f"SELECT collection, fingerprint FROM {_DECLARATIONS}"))

    def note(name: str, declared: str) -> None:
        connection.execute(f"REPLACE INTO {_DECLARATIONS} VALUES (?, ?)", (name, declared))

    for collection in collections:
        declared = fingerprint(collection)
        if known.get(collection.name) != declared:
            if collection.name in known:
                _remake(connection, collection)
            else:
                _make_tables(connection, collection)
                _make_indexes(connection, collection)
            note(collection.name, declared)
        # noted apart: a file from before these were kept needs them counted, and nothing made anew
        counted, kept = f"{collection.name}.:tally", msgspec.json.encode(sqlite_tally.narrowing(collection)).decode()
        if kept != known.get(counted, "[]"):
            sqlite_tally.count_values(connection, collection)
            note(counted, kept)


def _make_tables(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    # no types for the key columns: a key's value is kept as it is given, text or number
    columns = ["id TEXT PRIMARY KEY", "version INTEGER NOT NULL", *map(column, scalar_keys(collection))]
    columns += number_columns(collection)
    # the document comes last: reading the columns before it never follows its overflow pages
    columns.append("doc BLOB NOT NULL")
    connection.execute(f"CREATE TABLE {quoted(collection.name)} ({', '.join(columns)})")
    for key in multi_keys(collection):
        columns = ["id TEXT", "value", *_beside(collection, key), "PRIMARY KEY (id, value)"]
        connection.execute(f"CREATE TABLE {values_table(collection, key)} ({', '.join(columns)}) WITHOUT ROWID")
    sqlite_tally.make_tables(connection, collection)


def _beside(collection: Collection[Any], key: str) -> list[str]:
    """The columns that stand beside a multi key's values."""
    numbers = number_columns(collection) if key in narrowing_keys(collection) else []
    return [*map(column, order_keys(collection)), *numbers]


def _make_indexes(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    for index in indexes(collection):
        first, *rest = index.keys
        multi = collection.keys[first].multi
        columns = ["value" if multi else column(first), *map(column, rest)]
        table = values_table(collection, first) if multi else quoted(collection.name)
        statement = (
            f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {index_name(collection, index)}"
            f" ON {table} ({', '.join(columns if index.unique else [*columns, 'id'])})"
        )
        if not (multi or index.everything):
            statement += f" WHERE {columns[0]} IS NOT NULL"
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError as error:
            raise Duplicate(collection.name, first) from error
    for key in narrowing_keys(collection):
        columns = ["value", *number_columns(collection)]
        connection.execute(
            f"CREATE INDEX {narrow_index(collection, key)} ON {values_table(collection, key)} ({', '.join(columns)})"
        )


def _remake(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    # what does not fit in the cache is written again and again: for once it gets more
    (cache,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = -{_REMAKING_KIB}")
    try:
        _remake_tables(connection, collection)
    finally:
        connection.execute(f"PRAGMA cache_size = {cache}")
        connection.execute("PRAGMA shrink_memory")


def _remake_tables(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    table, kept = quoted(collection.name), quoted(f"{collection.name} kept")
    connection.execute(f"CREATE TABLE {kept} AS SELECT id, doc FROM {table} ORDER BY id")
    beginning = f"{collection.name}."
    others = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, ?) = ?", (len(beginning), beginning)
    ).fetchall()
    for name in [table, *(quoted(name) for (name,) in others)]:
        connection.execute(f"DROP TABLE {name}")
    _make_tables(connection, collection)
    for (doc,) in connection.execute(f"SELECT doc FROM {kept}"):
        # as it is: it may be a newer program's, with fields that this one does not know
        _insert(connection, collection, msgspec.json.decode(doc, type=collection.type), doc)
    connection.execute(f"DROP TABLE {kept}")
    _make_indexes(connection, collection)


def insert[E: Entity](connection: sqlite3.Connection, collection: Collection[E], entity: E) -> None:
    _insert(connection, collection, entity, msgspec.json.encode(entity))


def _insert[E: Entity](connection: sqlite3.Connection, collection: Collection[E], entity: E, doc: bytes) -> None:
    kept = entries(collection, entity)
    numbers = sqlite_tally.numbers_of(connection, collection, kept)
    row = [entity.id, entity.version, *_scalars(collection, kept), *numbers, doc]
    marks = ", ".join("?" * len(row))
    try:
        connection.execute(f"INSERT INTO {quoted(collection.name)} VALUES ({marks})", row)
    except sqlite3.IntegrityError as error:
        taken = connection.execute(f"SELECT 1 FROM {quoted(collection.name)} WHERE id = ?", (entity.id,))
        raise Duplicate(collection.name, "id" if taken.fetchone() else _key_in(error)) from error
    _insert_values(connection, collection, entity.id, kept, numbers)
    sqlite_tally.add(connection, collection, numbers, 1)


def replace[E: Entity](connection: sqlite3.Connection, collection: Collection[E], entity: E) -> bool:
    """Whether the version before this one was there to be replaced."""
    before = (entity.id, entity.version - 1)
    statement = f"SELECT doc FROM {quoted(collection.name)} WHERE id = ? AND version = ?"
    stored = connection.execute(statement, before).fetchone()
    if stored is None:
        return False
    kept = entries(collection, entity)
    numbers_before = sqlite_tally.stored_numbers(connection, collection, entity.id)
    numbers = sqlite_tally.numbers_of(connection, collection, kept)
    columns = ["version", *map(column, scalar_keys(collection)), *number_columns(collection), "doc"]
    doc = _with_unknown_fields(stored[0], collection, entity)
    row = [entity.version, *_scalars(collection, kept), *numbers, doc, *before]
    changes = ", ".join(f"{name} = ?" for name in columns)
    try:
        connection.execute(f"UPDATE {quoted(collection.name)} SET {changes} WHERE id = ? AND version = ?", row)
    except sqlite3.IntegrityError as error:
        raise Duplicate(collection.name, _key_in(error)) from error
    _delete_values(connection, collection, entity.id)
    _insert_values(connection, collection, entity.id, kept, numbers)
    if numbers != numbers_before:
        sqlite_tally.add(connection, collection, numbers_before, -1)
        sqlite_tally.add(connection, collection, numbers, 1)
    return True


def delete[E: Entity](connection: sqlite3.Connection, collection: Collection[E], id_: str) -> bool:
    sqlite_tally.add(connection, collection, sqlite_tally.stored_numbers(connection, collection, id_), -1)
    _delete_values(connection, collection, id_)
    done = connection.execute(f"DELETE FROM {quoted(collection.name)} WHERE id = ?", (id_,))
    return done.rowcount > 0


def _with_unknown_fields[E: Entity](stored: bytes, collection: Collection[E], entity: E) -> bytes:
    """The entity's document, and what a newer program had added to it: a replica of the version before, or a program
    that was rolled back, must not lose that by writing."""
    known = collection.type.__struct_encode_fields__
    added = {name: value for name, value in _AS_STORED.decode(stored).items() if name not in known}
    encoded = msgspec.json.encode(entity)
    return msgspec.json.encode(_AS_STORED.decode(encoded) | added) if added else encoded


def _insert_values(
    connection: sqlite3.Connection, collection: Collection[Any], id_: str, kept: dict[str, Any], numbers: list[int]
) -> None:
    orders = [to_sql(kept[name]) for name in order_keys(collection)]
    for key in multi_keys(collection):
        repeated = [*orders, *numbers] if key in narrowing_keys(collection) else orders
        rows = [(id_, to_sql(value), *repeated) for value in kept[key]]
        marks = ", ".join("?" * (2 + len(repeated)))
        try:
            connection.executemany(f"INSERT INTO {values_table(collection, key)} VALUES ({marks})", rows)
        except sqlite3.IntegrityError as error:
            raise Duplicate(collection.name, key) from error
    for key in sqlite_tally.narrowing(collection):
        sqlite_tally.add_values(connection, collection, key, id_, 1)


def _delete_values(connection: sqlite3.Connection, collection: Collection[Any], id_: str) -> None:
    for key in sqlite_tally.narrowing(collection):
        sqlite_tally.add_values(connection, collection, key, id_, -1)
    for key in multi_keys(collection):
        connection.execute(f"DELETE FROM {values_table(collection, key)} WHERE id = ?", (id_,))


def _scalars(collection: Collection[Any], kept: dict[str, Any]) -> list[Any]:
    return [to_sql(kept[key]) for key in scalar_keys(collection)]


def _key_in(error: sqlite3.IntegrityError) -> str:
    """SQLite names the column: `UNIQUE constraint failed: organisations.k_nip`."""
    return str(error).rpartition(".")[2].removeprefix("k_")
