"""Which indexes the queries on SQLite walk: a page must cost the same at any size."""

import sqlite3
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

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
