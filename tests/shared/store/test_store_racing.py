"""Several writers at once, and writers that are cancelled."""

import asyncio
from collections import Counter

import pytest

from shared.store.opening import open_store
from shared.store.port import Duplicate, Query, Store, Transaction
from tests.shared.store.doing import names, next_version, put_all
from tests.shared.store.things import NOTES, THINGS, Thing, note, thing


async def increment(store: Store, id_: str, tag: str = "") -> int:
    async def work(tx: Transaction) -> int:
        current = await tx.get(THINGS, id_)
        assert current is not None
        tags = (*current.tags, tag) if tag else current.tags
        await tx.put(THINGS, next_version(current, weight=current.weight + 1, tags=tags))
        return current.version + 1

    return await store.transaction(work)


async def test_two_writers_of_one_entity_both_get_through_in_some_order(store: Store, second: Store) -> None:
    stored = thing()
    await put_all(store, THINGS, [stored])
    versions = await asyncio.gather(increment(store, stored.id, "first"), increment(second, stored.id, "second"))
    found = await store.get(THINGS, stored.id)
    assert found is not None
    assert sorted(versions) == [2, 3]
    assert set(found.tags) == {"first", "second"}
    assert (found.version, found.weight) == (3, 2)


async def test_no_increment_of_twenty_at_once_is_lost(store: Store, second: Store) -> None:
    stored = thing()
    await put_all(store, THINGS, [stored])
    versions = await asyncio.gather(*(increment(store if n % 2 else second, stored.id) for n in range(20)))
    found = await store.get(THINGS, stored.id)
    assert found is not None
    assert sorted(versions) == list(range(2, 22))
    assert found.weight == 20


async def test_whoever_was_overtaken_is_not_overtaken_by_others_who_were(store: Store) -> None:
    """Else fifty decisions about one cap are thousands of attempts."""
    stored, runs, writers = thing(), 0, 50
    await put_all(store, THINGS, [stored])

    async def work(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        current = await tx.get(THINGS, stored.id)
        assert current is not None
        await tx.put(THINGS, next_version(current))

    await asyncio.gather(*(store.transaction(work) for _ in range(writers)))
    # each once at the same time, and then each in turn
    assert writers <= runs <= 3 * writers


async def test_of_those_who_want_one_unique_value_exactly_one_gets_it(store: Store, second: Store) -> None:
    wanted = [thing(str(number), code="the one") for number in range(8)]
    outcomes = await asyncio.gather(
        *(put_all(store if n % 2 else second, THINGS, [one]) for n, one in enumerate(wanted)), return_exceptions=True
    )
    assert Counter(type(outcome) for outcome in outcomes) == {type(None): 1, Duplicate: 7}
    assert [outcome.key for outcome in outcomes if isinstance(outcome, Duplicate)] == ["code"] * 7
    winner = outcomes.index(None)
    assert await names(store) == [wanted[winner].name]


async def test_writers_of_different_entities_do_not_hinder_each_other(store: Store, second: Store) -> None:
    things = [thing(f"{number:02}") for number in range(30)]
    await asyncio.gather(*(put_all(store if n % 2 else second, THINGS, [one]) for n, one in enumerate(things)))
    assert await names(store) == [one.name for one in things]


async def test_operations_of_one_transaction_may_be_started_together(store: Store) -> None:
    things = [thing(f"{number:02}") for number in range(10)]

    async def work(tx: Transaction) -> None:
        await asyncio.gather(*(tx.put(THINGS, one) for one in things))
        found = await asyncio.gather(*(tx.get(THINGS, one.id) for one in things))
        assert found == things

    await store.transaction(work)
    assert await store.count(THINGS) == 10


async def test_cancelled_between_two_operations_nothing_is_stored(store: Store) -> None:
    put = asyncio.Event()

    async def work(tx: Transaction) -> None:
        await tx.put(THINGS, thing("never"))
        put.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(store.transaction(work))
    await put.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await put_all(store, THINGS, [thing("afterwards")])
    assert await names(store) == ["afterwards"]


async def test_cancelled_at_any_moment_all_is_stored_or_nothing_and_the_next_writer_gets_on(store: Store) -> None:
    attempted: list[tuple[Thing, asyncio.Task[None]]] = []

    def work_on(one: Thing) -> asyncio.Task[None]:
        async def work(tx: Transaction) -> None:
            await tx.put(THINGS, one)
            await tx.put(NOTES, note(one))

        return asyncio.create_task(store.transaction(work))

    for turns in range(60):
        one = thing(body="ą" * 20_000)
        running = work_on(one)
        # let the loop turn so many times: each leaves it at another place of the way
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        attempted.append((one, running))
    await asyncio.gather(*(running for _, running in attempted), return_exceptions=True)
    await put_all(store, THINGS, [thing("afterwards")])

    stored = {found.id for found in await store.find(Query(THINGS, limit=1000))}
    noted = {found.thing_id for found in await store.find(Query(NOTES, limit=1000))}
    assert len(stored - noted) == 1
    assert noted < stored
    assert {one.id for one, running in attempted if not running.cancelled()} <= noted
    assert any(running.cancelled() and one.id not in stored for one, running in attempted)


async def test_an_operation_cancelled_by_the_work_itself_is_not_stored_by_halves(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.put(THINGS, thing("first"))
        hasty = asyncio.create_task(tx.put(THINGS, thing("second", body="ą" * 1_000_000)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hasty.cancel()
        await asyncio.wait([hasty])
        assert hasty.cancelled()

    with pytest.raises(RuntimeError, match="cancelled"):
        await store.transaction(work)
    assert await names(store) == []


async def test_replicas_that_start_at_once_on_an_empty_database_all_start(url: str) -> None:
    stores = await asyncio.gather(*(open_store(url, [THINGS, NOTES]) for _ in range(6)))
    await asyncio.gather(*(store.close() for store in stores))
