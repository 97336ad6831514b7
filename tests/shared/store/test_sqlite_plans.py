"""Which indexes the queries on SQLite walk: a page must cost the same at any size."""

import sqlite3
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.store.opening import open_store
from shared.store.port import Condition, Contains, Eq, In, Prefix, Query, Range
from shared.store.sqlite_query import page_statements
from tests.shared.store.doing import put_all
from tests.shared.store.things import NOON, NOTES, THINGS, note, thing

PAGED: list[tuple[Condition, ...]] = [
    (),
    (Eq("colour", "RED"),),
    (In("colour", ("RED", "BLUE")),),
    (Contains("tags", "x"),),
    (In("tags", ("x", "y")),),
    (Prefix("name", "thing"),),
    (Range("weight", 0, 500),),
    (Prefix("shelf", "shelf"),),
    (Range("found_at"),),
    (Contains("tags", "x"), Range("weight", 0, 500)),
    (Contains("tags", "x"), Prefix("name", "thing")),
    (Contains("tags", "x"), Eq("colour", "RED")),
    (Contains("tags", "x"), Contains("tags", "y")),
    (Contains("tags", "x"), Range("found_at")),
    (Eq("colour", "RED"), Eq("fragile", False)),
    (Eq("colour", "RED"), Range("weight", 0, 500)),
]


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    store = await open_store(f"sqlite://{tmp_path}/store.db", [THINGS, NOTES])
    things = [
        thing(f"thing {n:03}", tags=("x", "y"), shelf=f"shelf {n}", code=str(n), weight=n, found_at=NOON)
        for n in range(600)
    ]
    await put_all(store, THINGS, things)
    await put_all(store, NOTES, [note(one) for one in things])
    await store.close()
    connection = sqlite3.connect(tmp_path / "store.db")
    yield connection
    connection.close()


def plan(connection: sqlite3.Connection, query: Query[Any]) -> list[str]:
    statements = list(page_statements(connection, query))
    assert statements
    return [row[3] for sql, values in statements for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def bare_scans(steps: list[str]) -> list[str]:
    return [step for step in steps if step.startswith("SCAN") and "USING" not in step]


async def test_a_page_in_order_neither_sorts_nor_scans(filled: sqlite3.Connection) -> None:
    for where, order, after in product(PAGED, THINGS.orders, (False, True)):
        position = (("thing 300" if "name" in order else 300), "thg_") if after else None
        steps = plan(filled, Query(THINGS, where, order, position))
        assert not [step for step in steps if "TEMP B-TREE" in step], (where, order, steps)
        assert not bare_scans(steps), (where, order, steps)
        if after:
            # the position bounds the walk, and does not only sift what was walked over
            beyond = "<" if order.startswith("-") else ">"
            bound = f"(k_{order.removeprefix('-')},id){beyond}(?,?)"
            assert any(bound in step for step in steps), (where, order, steps)


async def test_a_page_without_an_order_walks_the_ids(filled: sqlite3.Connection) -> None:
    for where, after in product([(), (Eq("thing_id", "thg_x"),)], (None, (None, "not_"))):
        steps = plan(filled, Query(NOTES, where, after=after))
        assert not [step for step in steps if "TEMP B-TREE" in step], steps
        assert not bare_scans(steps), steps


async def test_of_two_conditions_the_rarer_leads(filled: sqlite3.Connection) -> None:
    for rare in (Eq("weight", 7), Eq("code", "7"), Range("shelf", "shelf 7", "shelf 70"), Eq("shelf", "shelf 7")):
        for common in (Contains("tags", "x"), Eq("colour", "RED"), Range("found_at")):
            (first, *_) = plan(filled, Query(THINGS, (common, rare), "name"))
            assert f"things:{rare.key}" in first or f"things:unique:{rare.key}" in first, (rare, common, first)


async def test_of_several_words_the_rarest_leads_in_whatever_order_they_stand(filled: sqlite3.Connection) -> None:
    words: list[Condition] = [Contains("words", "thing"), Contains("words", "007"), Eq("colour", "RED")]
    for where in (tuple(words), tuple(reversed(words))):
        (first, *others) = plan(filled, Query(THINGS, where, "name"))
        ((_, values),) = page_statements(filled, Query(THINGS, where, "name"))
        assert values[0] == "007"
        looks = [step for step in (first, *others) if step.startswith("SEARCH")]
        # each in an index of the same order, and none in the table of the documents
        assert len(looks) == 3
        assert all("USING COVERING INDEX" in step and ":name" in step for step in looks), looks


async def test_how_many_have_a_word_is_kept_and_counted_once_for_a_file_from_before(tmp_path: Path) -> None:
    where = f"sqlite://{tmp_path}/store.db"
    store = await open_store(where, [THINGS])
    one, two = thing("red door"), thing("red roof")
    await put_all(store, THINGS, [one, two])
    await put_all(store, THINGS, [msgspec.structs.replace(two, version=2, name="green roof")])
    await store.close()
    connection = sqlite3.connect(tmp_path / "store.db")

    def kept() -> dict[str, int]:
        rows = connection.execute("SELECT value, n FROM \"things.:tally\" WHERE part = 'words' AND n > 0")
        return dict(rows.fetchall())

    expected = {"red": 1, "door": 1, "green": 1, "roof": 1}
    assert kept() == expected
    connection.execute("DELETE FROM \"things.:tally\" WHERE part = 'words'")
    connection.execute("DELETE FROM _declarations WHERE collection = 'things.:tally'")
    connection.commit()
    await (await open_store(where, [THINGS])).close()
    assert kept() == expected
    connection.close()
