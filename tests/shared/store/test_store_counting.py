"""Counts by value, with every sort of condition: the same on both stores as when counted one by one."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.store.keys import terms
from shared.store.opening import open_store
from shared.store.port import Condition, Contains, Eq, In, Query, Range, Store, Tally, Transaction
from shared.store.sqlite import SqliteStore
from shared.store.sqlite_counting import walking_statements
from tests.shared.store.doing import put_all
from tests.shared.store.things import THINGS, Colour, Thing, thing

CONDITIONS: list[tuple[Condition, Callable[[Thing], bool]]] = [
    (Eq("colour", Colour.RED), lambda t: t.colour is Colour.RED),
    (In("colour", ("RED", "BLUE")), lambda t: t.colour in (Colour.RED, Colour.BLUE)),
    (Eq("fragile", True), lambda t: t.fragile),
    (Eq("shelf", "left"), lambda t: t.shelf == "left"),
    (Range("shelf"), lambda t: t.shelf is not None),
    (Contains("tags", "x"), lambda t: "x" in t.tags),
    (In("tags", ("x", "y")), lambda t: bool({"x", "y"} & set(t.tags))),
    (In("tags", ()), lambda t: False),
    (In("words", ("1", "2", "thing")), lambda t: True),
    (In("words", ("7", "8")), lambda t: bool({"7", "8"} & set(t.name.split()))),
    (Range("weight", 0, 5), lambda t: t.weight < 5),
]
KEYS: dict[str, Callable[[Thing], list[Any]]] = {
    "colour": lambda t: [t.colour.value],
    "fragile": lambda t: [t.fragile],
    "shelf": lambda t: [t.shelf] if t.shelf else [],
    "tags": lambda t: list(t.tags),
    "weight": lambda t: [t.weight],
}


def some_thing(chance: random.Random, **same: Any) -> Thing:
    return thing(
        f"thing {chance.randrange(40)}",
        colour=chance.choice(tuple(Colour)),
        fragile=chance.random() < 0.5,
        shelf=chance.choice((None, "left", "right")),
        tags=tuple(tag for tag in "xyz" if chance.random() < 0.5),
        weight=chance.randrange(8),
        **same,
    )


async def counts_are_right(store: Store, things: Collection[Thing], some: tuple[Any, ...]) -> None:
    where = tuple(condition for condition, _ in some)
    matching = [one for one in things if all(holds(one) for _, holds in some)]
    expected = {key: Counter(value for one in matching for value in values(one)) for key, values in KEYS.items()}
    tally = await store.tally(THINGS, tuple(KEYS), where)
    assert (tally.total, tally.by) == (len(matching), expected), where
    if len(some) < 2:
        assert await store.count(THINGS, where) == len(matching), where
        for key, counted in expected.items():
            assert await store.count_by(THINGS, key, where) == counted, (key, where)


async def test_counts_are_those_of_counting_one_by_one(store: Store) -> None:
    chance = random.Random(3)  # noqa: S311 - test data
    things = [some_thing(chance) for _ in range(40)]
    await put_all(store, THINGS, things)
    pairs = list(combinations(CONDITIONS, 2))
    if not isinstance(store, SqliteStore):
        # the stand-in for MongoDB takes its time
        pairs = chance.sample(pairs, 12)
    for some in [(), *combinations(CONDITIONS, 1), *pairs]:
        await counts_are_right(store, things, some)


async def test_counts_are_right_after_every_write(store: Store) -> None:
    chance = random.Random(5)  # noqa: S311 - test data
    things: dict[str, Thing] = {}
    for _ in range(40 if isinstance(store, SqliteStore) else 15):
        old = chance.choice(list(things.values())) if things and chance.random() < 0.6 else None
        if old is not None and chance.random() < 0.3:
            await store.transaction(lambda tx, id_=old.id: tx.delete(THINGS, id_))  # type: ignore[misc]
            del things[old.id]
        else:
            same = {"id": old.id, "version": old.version + 1} if old else {}
            one = some_thing(chance, **same)
            await put_all(store, THINGS, [one])
            things[one.id] = one
        await counts_are_right(store, list(things.values()), tuple(chance.sample(CONDITIONS, 2)))
    await counts_are_right(store, list(things.values()), ())


async def test_a_write_that_is_rolled_back_is_not_counted(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.put(THINGS, thing("one"))
        assert (await tx.tally(THINGS, ("colour",))).by == {"colour": {"RED": 1}}
        raise LookupError

    with pytest.raises(LookupError):
        await store.transaction(work)
    assert (await store.tally(THINGS, ("colour",))) == Tally(0, {"colour": {}})


@pytest.mark.parametrize(
    "where",
    [
        (Contains("tags", "x"),),
        (In("tags", ("x", "y")), Eq("colour", "RED")),
        (Contains("words", "one"), Eq("fragile", False), Contains("tags", "x")),
        (Contains("words", "one"), In("words", ("two", "three"))),
    ],
)
async def test_what_is_counted_often_is_counted_on_one_narrow_index(
    tmp_path: Path, where: tuple[Condition, ...]
) -> None:
    await (await open_store(f"sqlite://{tmp_path}/store.db", [THINGS])).close()
    connection = sqlite3.connect(tmp_path / "store.db")
    for sql, values in walking_statements(connection, THINGS, terms(Query(THINGS, where))):
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        looks = [step for step in steps if step.startswith("SEARCH")]
        assert all("USING COVERING INDEX things:counted" in step for step in looks), steps
        # what is looked for beside it stands in the same order: all that it is in is known
        assert all("id=?" in step for step in looks[1:]), steps
        assert not [step for step in steps if "TEMP B-TREE" in step or step.startswith("SCAN things")], steps
    connection.close()


async def test_a_changed_entity_is_counted_as_it_is_now(store: Store) -> None:
    one = thing("one", colour=Colour.RED, tags=("x", "y"))
    await put_all(store, THINGS, [one])
    await put_all(store, THINGS, [msgspec.structs.replace(one, version=2, colour=Colour.BLUE, tags=("y",))])
    assert await store.count_by(THINGS, "tags", (Eq("colour", "BLUE"),)) == {"y": 1}
    assert await store.count_by(THINGS, "tags", (Eq("colour", "RED"),)) == {}
