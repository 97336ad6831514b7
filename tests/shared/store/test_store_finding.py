"""What each condition finds, and what is counted."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations

import pytest

from shared.store.port import Condition, Contains, Eq, In, Prefix, Query, Range, Store
from tests.shared.store.doing import names, put_all
from tests.shared.store.things import NOTES, THINGS, Colour, note, thing

WARSAW = timezone(timedelta(hours=2))


async def test_equal_finds_every_sort_of_value(store: Store) -> None:
    at = datetime(2025, 6, 1, 12, tzinfo=UTC)
    await put_all(
        store,
        THINGS,
        [
            thing("a", code="1", colour=Colour.GREEN, fragile=True, weight=1, found_at=at, made_on=date(2025, 1, 2)),
            thing("b", code="2", weight=2),
        ],
    )
    for key, value in [
        ("code", "1"),
        ("colour", Colour.GREEN),
        ("colour", "GREEN"),
        ("fragile", True),
        ("weight", 1),
        ("found_at", datetime(2025, 6, 1, 14, tzinfo=WARSAW)),
        ("made_on", date(2025, 1, 2)),
    ]:
        assert await names(store, Eq(key, value)) == ["a"], key
    assert await names(store, Eq("fragile", False)) == ["b"]
    assert await names(store, Eq("weight", 2), Eq("colour", Colour.RED)) == ["b"]
    assert await names(store, Eq("weight", 1), Eq("colour", Colour.RED)) == []
    assert await names(store, Eq("weight", 1), Eq("weight", 2)) == []


async def test_what_has_no_value_is_not_in_the_index(store: Store) -> None:
    await put_all(store, THINGS, [thing("on it", shelf="left"), thing("nowhere")])
    assert await names(store, Range("shelf")) == ["on it"]
    assert await names(store, Prefix("shelf", "")) == ["on it"]
    assert await store.count_by(THINGS, "shelf") == {"left": 1}
    for condition in (Eq("shelf", None), In("shelf", ["left", None]), Contains("tags", None)):
        with pytest.raises(ValueError, match="cannot be asked for"):
            await names(store, condition)


async def test_contains_finds_by_one_value_of_many(store: Store) -> None:
    await put_all(
        store,
        THINGS,
        [thing("a", tags=("x", "y", "x")), thing("b", tags=("y",)), thing("c", tags=("y", "z")), thing("d")],
    )
    assert await names(store, Contains("tags", "y")) == ["a", "b", "c"]
    assert await names(store, Contains("tags", "y"), order="-name") == ["c", "b", "a"]
    assert await names(store, Contains("tags", "x"), Contains("tags", "y")) == ["a"]
    assert await names(store, Contains("tags", "x"), Contains("tags", "z")) == []
    assert await names(store, Contains("tags", "y"), Prefix("name", "b")) == ["b"]
    assert await names(store, Contains("tags", "")) == []


async def test_in_finds_each_entity_once(store: Store) -> None:
    await put_all(
        store,
        THINGS,
        [thing("a", tags=("x", "y"), weight=3), thing("b", tags=("y",), weight=1), thing("c", tags=("z",), weight=2)],
    )
    assert await names(store, In("tags", ["y", "x", "nothing"])) == ["a", "b"]
    assert await names(store, In("tags", ["y", "x"]), limit=1) == ["a"]
    assert await names(store, In("weight", [2, 3]), order="-weight") == ["a", "c"]
    assert await names(store, In("weight", [1, 2, 3]), In("tags", ["x", "z"]), order="weight") == ["c", "a"]
    assert await names(store, In("tags", [])) == []
    assert await names(store, In("shelf", []), Eq("colour", Colour.RED), order="name") == []
    assert await names(store, Eq("colour", Colour.RED), In("colour", []), Prefix("name", "a"), order="name") == []
    assert await store.count(THINGS, (In("tags", ["x", "y"]),)) == 2
    assert await store.count(THINGS, (In("tags", []),)) == 0
    assert await store.count_by(THINGS, "colour", (In("tags", ["x", "y"]),)) == {"RED": 2}


PREFIXED = [
    ("ł", ["łan", "łódź"]),
    ("z", ["z", "zebra"]),
    ("ż", ["żaba", "żagiel"]),
    ("100%", ["100%", "100% wool"]),
    ("a_b", ["a_b", "a_bc"]),
    ("a.b", ["a.b"]),
    ("*", ["*star"]),
    ("[", ["[set]"]),
    ("\\", ["\\back\\slash"]),
    ("(", ["(a|b)"]),
    ("^", ["^start$"]),
    ("x\U0010ffff", ["x\U0010ffff", "x\U0010ffffy"]),
    ("\U0010ffff", ["\U0010ffff"]),
    ("\ud7ff", ["\ud7ffq"]),
    ("😀", ["😀!"]),
]


async def test_prefix_takes_every_sign_as_itself(store: Store) -> None:
    others = ["łan", "Łan", "lan", "100 %", "axb", "a_", "aXbc", "x", "y", "\ue000", "A"]
    await put_all(
        store, THINGS, [thing(name) for name in {*others, *(name for _, found in PREFIXED for name in found)}]
    )
    for prefix, expected in PREFIXED:
        assert await names(store, Prefix("name", prefix)) == sorted(expected), prefix
        assert sorted(await names(store, Prefix("name", prefix), order="-weight")) == sorted(expected), prefix


async def test_range_counts_its_start_in_and_its_end_out(store: Store) -> None:
    await put_all(store, THINGS, [thing(str(number), weight=number) for number in range(10)])
    assert await names(store, Range("weight", 3, 6)) == ["3", "4", "5"]
    assert await names(store, Range("weight", ge=8)) == ["8", "9"]
    assert await names(store, Range("weight", lt=2), order="-weight") == ["1", "0"]
    assert await names(store, Range("weight", 6, 3)) == []
    assert await names(store, Range("weight", ge=3), Range("weight", lt=5), order="weight") == ["3", "4"]


async def test_range_compares_instants_whatever_their_zone(store: Store) -> None:
    noon = datetime(2025, 6, 1, 12, tzinfo=UTC)
    await put_all(
        store,
        THINGS,
        [
            thing("early", found_at=datetime(2025, 6, 1, 13, 59, 59, 999_000, tzinfo=WARSAW)),
            thing("noon", found_at=datetime(2025, 6, 1, 7, tzinfo=timezone(timedelta(hours=-5)))),
            thing("late", found_at=datetime(2025, 6, 1, 23, tzinfo=timezone(timedelta(hours=10)))),
            thing("never"),
        ],
    )
    assert await names(store, Range("found_at", ge=noon)) == ["late", "noon"]
    assert await names(store, Range("found_at", lt=noon)) == ["early"]
    assert await names(store, Range("found_at", noon, datetime(2025, 6, 1, 15, tzinfo=WARSAW))) == ["noon"]
    assert await names(store, Range("found_at")) == ["early", "late", "noon"]


async def test_range_over_days(store: Store) -> None:
    days = [date(1999, 12, 31), date(2025, 2, 28), date(2025, 3, 1), date(2025, 10, 1)]
    await put_all(store, THINGS, [thing(str(day), made_on=day) for day in days])
    assert await names(store, Range("made_on", date(2025, 2, 1), date(2025, 10, 1))) == ["2025-02-28", "2025-03-01"]
    assert await names(store, Range("made_on", lt=date(2000, 1, 1))) == ["1999-12-31"]


async def test_every_pair_of_conditions_finds_what_both_find(store: Store) -> None:
    # enough of them that neither adapter may take the few for all
    await put_all(
        store,
        THINGS,
        [
            thing(
                f"{number:03}",
                weight=number % 7,
                colour=list(Colour)[number % 3],
                tags=("even",) if number % 2 == 0 else ("odd", "prime"),
                shelf=f"shelf {number % 5}" if number % 4 else None,
            )
            for number in range(520)
        ],
    )
    conditions: list[Condition] = [
        Eq("colour", Colour.BLUE),
        In("weight", (1, 2, 3)),
        Contains("tags", "odd"),
        In("tags", ("odd", "prime")),
        Range("weight", 2, 6),
        Prefix("shelf", "shelf"),
    ]
    alone = {one: set(await names(store, one, limit=1000)) for one in conditions}
    for first, second in combinations(conditions, 2):
        both = sorted(alone[first] & alone[second])
        assert await names(store, first, second, limit=1000) == both, (first, second)
        assert await names(store, second, first, order="-name", limit=5) == both[::-1][:5]
        assert await store.count(THINGS, (first, second)) == len(both)


async def test_count_by_tells_how_many_have_each_value(store: Store) -> None:
    await put_all(
        store,
        THINGS,
        [
            thing("a", colour=Colour.RED, tags=("x", "y"), fragile=True, shelf="left"),
            thing("b", colour=Colour.RED, tags=("y",), weight=5),
            thing("c", colour=Colour.BLUE, tags=(), weight=5),
        ],
    )
    assert await store.count(THINGS) == 3
    assert await store.count(THINGS, (Contains("tags", "y"), Eq("weight", 5))) == 1
    assert await store.count_by(THINGS, "colour") == {"RED": 2, "BLUE": 1}
    assert await store.count_by(THINGS, "tags") == {"x": 1, "y": 2}
    assert await store.count_by(THINGS, "tags", (Eq("weight", 5),)) == {"y": 1}
    assert await store.count_by(THINGS, "tags", (Contains("tags", "x"),)) == {"x": 1, "y": 1}
    assert await store.count_by(THINGS, "colour", (Contains("tags", "y"), Range("weight", ge=1))) == {"RED": 1}
    assert await store.count_by(THINGS, "colour", (Prefix("name", "z"),)) == {}
    by_fragility = await store.count_by(THINGS, "fragile")
    assert {str(value): number for value, number in by_fragility.items()} == {"True": 1, "False": 2}


async def test_find_each_answers_in_the_order_of_the_questions(store: Store) -> None:
    await put_all(store, THINGS, [thing(f"{number:02}", weight=number % 3) for number in range(9)])
    queries = [Query(THINGS, (Eq("weight", weight),), "name", limit=2) for weight in (2, 0, 5, 1)]
    found = await store.find_each(queries)
    assert [[one.name for one in page] for page in found] == [["02", "05"], ["00", "03"], [], ["01", "04"]]
    assert await store.find_each([]) == []
    inside = await store.transaction(lambda tx: tx.find_each(queries))
    assert inside == found


async def test_what_was_not_declared_is_refused(store: Store) -> None:
    refused = [
        Query(THINGS, (Eq("body", "x"),)),
        Query(THINGS, order="colour"),
        Query(THINGS, order="-code"),
        Query(THINGS, (Contains("colour", "RED"),)),
        Query(THINGS, (Eq("tags", "x"),)),
        Query(THINGS, (Range("tags", "x"),)),
    ]
    for query in refused:
        with pytest.raises(ValueError):
            await store.find(query)
        with pytest.raises(ValueError):
            await store.find_each([query])
    with pytest.raises(ValueError):
        await store.count(THINGS, (Eq("body", "x"),))
    with pytest.raises(ValueError):
        await store.count_by(THINGS, "body")
    with pytest.raises(ValueError, match="time zone"):
        await names(store, Range("found_at", ge=datetime(2025, 1, 1)))  # noqa: DTZ001 - that is what is refused


async def test_without_an_order_things_come_by_id(store: Store) -> None:
    about = thing()
    notes = [note(about, str(number)) for number in range(5)]
    await put_all(store, NOTES, reversed(notes))
    by_id = sorted(notes, key=lambda one: one.id)
    assert await store.find(Query(NOTES, (Eq("thing_id", about.id),))) == by_id
    assert await store.find(Query(NOTES, after=(None, by_id[2].id))) == by_id[3:]
    assert await store.find(Query(NOTES, limit=0)) == []
