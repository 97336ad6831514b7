"""What a transaction promises: all or nothing, on the newest version, and nothing seen before its time."""

from dataclasses import replace

import pytest

from shared.ids import new_id
from shared.store.port import Duplicate, Eq, Key, Query, Store, StoreUnavailable, Transaction
from tests.shared.store.databases import store_at
from tests.shared.store.doing import names, next_version, put_all
from tests.shared.store.things import NOTES, THINGS, note, thing


async def test_what_is_put_is_found_by_its_id(store: Store) -> None:
    one, two = thing("one"), thing("two")
    await put_all(store, THINGS, [one, two])
    assert await store.get(THINGS, one.id) == one
    assert await store.get(THINGS, new_id("thg")) is None


async def test_get_many_gives_those_that_exist(store: Store) -> None:
    stored = [thing(str(number)) for number in range(1000)]
    await put_all(store, THINGS, stored[:500])
    found = await store.get_many(THINGS, [one.id for one in stored])
    assert sorted(one.id for one in found) == sorted(one.id for one in stored[:500])
    assert await store.get_many(THINGS, []) == []


async def test_a_new_version_replaces_the_one_before(store: Store) -> None:
    first = thing("old", code="1", tags=("a", "b"), shelf="left")
    await put_all(store, THINGS, [first])
    second = next_version(first, name="new", code=None, tags=("b", "c"), shelf=None)
    await put_all(store, THINGS, [second])
    assert await store.get(THINGS, first.id) == second
    assert await store.count_by(THINGS, "tags") == {"b": 1, "c": 1}
    assert await store.count(THINGS, (Eq("shelf", "left"),)) == 0
    await put_all(store, THINGS, [thing("may have the code now", code="1")])


async def test_a_version_conflict_runs_the_work_again_on_what_the_other_left(store: Store, second: Store) -> None:
    stored = thing(weight=1)
    await put_all(store, THINGS, [stored])
    await put_all(second, THINGS, [next_version(stored, weight=5)])
    seen: list[int] = []

    async def work(tx: Transaction) -> None:
        # the first time it goes by what it read long before, the sure way to be overtaken
        current = (await tx.get(THINGS, stored.id) or stored) if seen else stored
        seen.append(current.weight)
        await tx.put(THINGS, next_version(current, weight=current.weight + 1))

    await store.transaction(work)
    assert seen == [1, 5]
    found = await store.get(THINGS, stored.id)
    assert found is not None
    assert (found.version, found.weight) == (3, 6)


async def test_who_is_always_overtaken_gives_up_after_a_while(url: str, store: Store) -> None:
    stored = thing()
    await put_all(store, THINGS, [stored, next_version(stored)])
    hasty = store_at(url, patience=0.2)
    await hasty.open([THINGS, NOTES])
    try:
        with pytest.raises(StoreUnavailable):
            await put_all(hasty, THINGS, [next_version(stored, name="stale")])
    finally:
        await hasty.close()
    assert await names(store) == ["a thing"]


async def test_an_id_is_given_once(store: Store) -> None:
    first = thing("first", code="1")
    await put_all(store, THINGS, [first])
    with pytest.raises(Duplicate) as refusal:
        await put_all(store, THINGS, [thing("second", id=first.id, code="1")])
    assert (refusal.value.collection, refusal.value.key) == ("things", "id")
    assert await names(store) == ["first"]


async def test_a_unique_value_is_taken_once_and_freed_by_a_delete(store: Store) -> None:
    first, second = thing("first", code="1"), thing("second", code="2")
    await put_all(store, THINGS, [first, second])
    for refused in (thing("third", code="1"), next_version(second, code="1")):
        with pytest.raises(Duplicate) as refusal:
            await put_all(store, THINGS, [thing("goes with it"), refused])
        assert (refusal.value.collection, refusal.value.key) == ("things", "code")
    assert await names(store) == ["first", "second"]
    assert await store.transaction(lambda tx: tx.delete(THINGS, first.id)) is True
    await put_all(store, THINGS, [next_version(second, code="1")])


async def test_many_may_have_no_value_of_a_unique_key(store: Store) -> None:
    await put_all(store, THINGS, [thing(str(number)) for number in range(5)])
    assert await store.count(THINGS) == 5


async def test_after_a_duplicate_the_transaction_is_dead_even_if_the_work_goes_on(store: Store) -> None:
    await put_all(store, THINGS, [thing("first", code="1")])
    later: list[type[Exception]] = []

    async def work(tx: Transaction) -> None:
        await tx.put(THINGS, thing("before"))
        with pytest.raises(Duplicate):
            await tx.put(THINGS, thing("second", code="1"))
        try:
            await tx.put(THINGS, thing("after"))
        except Duplicate as refusal:
            later.append(type(refusal))

    with pytest.raises(Duplicate):
        await store.transaction(work)
    assert later == [Duplicate]
    assert await names(store) == ["first"]


async def test_document_and_change_record_are_stored_together_or_not_at_all(store: Store) -> None:
    kept, dropped = thing("kept"), thing("dropped")

    async def work(tx: Transaction) -> str:
        await tx.put(THINGS, kept)
        await tx.put(NOTES, note(kept))
        return "done"

    async def failing(tx: Transaction) -> None:
        await tx.put(THINGS, dropped)
        await tx.put(NOTES, note(dropped))
        await tx.delete(THINGS, kept.id)
        raise LookupError("the work changed its mind")

    assert await store.transaction(work) == "done"
    with pytest.raises(LookupError, match="changed its mind"):
        await store.transaction(failing)
    assert await names(store) == ["kept"]
    assert [n.thing_id for n in await store.find(Query(NOTES))] == [kept.id]


async def test_a_transaction_sees_its_own_writes_and_nobody_else_does_before_it_commits(
    store: Store, second: Store
) -> None:
    old, new = thing("old", tags=("x",)), thing("new", tags=("x",))
    await put_all(store, THINGS, [old])

    async def work(tx: Transaction) -> None:
        await tx.put(THINGS, new)
        await tx.put(THINGS, next_version(new, name="newer"))
        await tx.delete(THINGS, old.id)
        assert [t.name for t in await tx.find(Query(THINGS, order="name"))] == ["newer"]
        assert [[t.name] for t in await tx.get_many(THINGS, [old.id, new.id])] == [["newer"]]
        assert await tx.get(THINGS, old.id) is None
        assert await tx.count(THINGS) == 1
        assert await tx.count_by(THINGS, "tags") == {"x": 1}
        for outside in (store, second):
            assert await names(outside) == ["old"]
            assert await outside.get(THINGS, new.id) is None

    await store.transaction(work)
    for outside in (store, second):
        assert await names(outside) == ["newer"]


async def test_delete_says_whether_there_was_something(store: Store) -> None:
    stored = thing(tags=("x",), code="1", shelf="left")
    await put_all(store, THINGS, [stored])
    assert await store.transaction(lambda tx: tx.delete(THINGS, stored.id)) is True
    assert await store.transaction(lambda tx: tx.delete(THINGS, stored.id)) is False
    assert await store.get(THINGS, stored.id) is None
    assert await names(store) == []
    assert await store.count_by(THINGS, "tags") == {}


async def test_an_entity_that_an_order_would_miss_is_refused(store: Store) -> None:
    nameless = replace(THINGS, keys={**THINGS.keys, "name": Key(lambda t: t.shelf)})
    with pytest.raises(ValueError, match="ordered by 'name'"):
        await put_all(store, nameless, [thing()])
    assert await store.count(THINGS) == 0


async def test_a_transaction_that_is_over_takes_nothing_more(store: Store) -> None:
    kept: list[Transaction] = []

    async def work(tx: Transaction) -> None:
        kept.append(tx)

    await store.transaction(work)

    async def another(_: Transaction) -> None:
        with pytest.raises(RuntimeError, match="over"):
            await kept[0].put(THINGS, thing("too late"))

    await store.transaction(another)
    assert await names(store) == []
