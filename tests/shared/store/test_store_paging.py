"""Pages by position: nothing comes twice and nothing is missed, whoever writes meanwhile."""

import asyncio
from itertools import product

import pytest

from shared.store.port import Condition, Contains, Eq, In, Prefix, Query, Range, Store
from tests.shared.store.doing import pages, put_all
from tests.shared.store.things import THINGS, Thing, thing

WHERE: list[tuple[Condition, ...]] = [
    (),
    (Eq("fragile", True),),
    (Contains("tags", "x"),),
    (In("tags", ["x", "y"]),),
    (In("colour", ["RED", "BLUE"]),),
    (Range("weight", 1, 4),),
    (Prefix("name", "same"),),
    (Contains("tags", "x"), Range("weight", 1, 4)),
]


def some(number: int) -> Thing:
    """Many share a name or a weight, so that most of the order is left to the id."""
    return thing(
        "same" if number % 3 else f"same {number % 5}",
        weight=number % 6,
        fragile=True,
        tags=("x", "y") if number % 2 else ("x",),
    )


@pytest.fixture
async def five_hundred(store: Store) -> list[Thing]:
    things = [some(number) for number in range(500)]
    await put_all(store, THINGS, things)
    return things


async def test_pages_are_the_whole_in_order(store: Store, five_hundred: list[Thing]) -> None:
    for where, order in product(WHERE, THINGS.orders):
        key = order.removeprefix("-")
        found = await pages(store, Query(THINGS, where, order, limit=170))
        weights = range(1, 4) if any(isinstance(one, Range) for one in where) else range(6)
        expected = sorted(
            (one for one in five_hundred if one.weight in weights),
            key=lambda one: (getattr(one, key), one.id),
            reverse=order.startswith("-"),
        )
        assert [one.id for one in found] == [one.id for one in expected], (where, order)


async def test_while_others_write_nothing_comes_twice_and_nothing_is_missed(
    store: Store, second: Store, five_hundred: list[Thing]
) -> None:
    done = asyncio.Event()

    async def write_meanwhile() -> int:
        written = 0
        while not done.is_set():
            await put_all(second, THINGS, [some(written)])
            written += 1
        return written

    writing = asyncio.create_task(write_meanwhile())
    found = {
        order: await pages(store, Query(THINGS, (Contains("tags", "x"),), order, limit=40))
        for order in ("name", "-weight")
    }
    done.set()
    assert await writing > 0
    for order, things in found.items():
        ids = [one.id for one in things]
        assert len(set(ids)) == len(ids), order
        assert {one.id for one in five_hundred} <= set(ids), order
