"""A measured store does what the store does, and tells how long it took and what went wrong."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from shared.store.measured import Measured
from shared.store.port import Eq, Query, Store, StoreUnavailable, Transaction
from tests.shared.store.databases import mongo_on_the_wire, store_at, with_database
from tests.shared.store.doing import next_version, put_all
from tests.shared.store.things import THINGS, thing


def value(registry: CollectorRegistry, name: str, **labels: str) -> float:
    found = registry.get_sample_value(name, labels)
    assert found is not None, name
    return found


async def test_each_operation_is_timed_once_and_answers_as_the_store_does(store: Store) -> None:
    registry = CollectorRegistry()
    measured = Measured(store, registry)
    one = thing()
    await put_all(measured, THINGS, [one])
    assert await measured.get(THINGS, one.id) == one
    assert await measured.get_many(THINGS, [one.id]) == [one]
    assert await measured.find(Query(THINGS)) == [one]
    assert await measured.find_each([Query(THINGS), Query(THINGS, (Eq("name", "no such"),))]) == [[one], []]
    assert await measured.count(THINGS) == 1
    assert (await measured.tally(THINGS, [])).total == 1
    timed = {
        operation: value(registry, "jasne_store_seconds_count", operation=operation)
        for operation in ("get", "find", "count", "transaction")
    }
    assert timed == {"get": 2, "find": 2, "count": 2, "transaction": 1}
    assert value(registry, "jasne_store_failures_total", kind="conflict") == 0


async def test_each_conflict_is_counted_and_giving_up_is_too(url: str) -> None:
    opened = store_at(url, patience=0.3)
    await opened.open([THINGS])
    registry = CollectorRegistry()
    measured = Measured(opened, registry)
    one = thing()
    await put_all(measured, THINGS, [one])
    runs = 0

    async def decides_on_what_nobody_stored(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await tx.put(THINGS, next_version(next_version(one)))

    with pytest.raises(StoreUnavailable):
        await measured.transaction(decides_on_what_nobody_stored)
    assert runs > 1
    assert value(registry, "jasne_store_failures_total", kind="conflict") == runs - 1
    assert value(registry, "jasne_store_failures_total", kind="unavailable") == 1
    await opened.close()


async def test_a_database_that_is_away_is_counted_and_still_raised(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    async with mongo_on_the_wire() as server:
        store = store_at(with_database(server, "things"), patience=0.5)
        await store.open([THINGS])
    measured = Measured(store, registry)
    outcomes = await asyncio.gather(
        measured.get(THINGS, "thg_none"), put_all(measured, THINGS, [thing()]), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert value(registry, "jasne_store_failures_total", kind="unavailable") == 2
    await store.close()


async def test_what_the_work_itself_raises_is_no_failure_of_the_store(store: Store) -> None:
    registry = CollectorRegistry()

    async def refuses(_: Transaction) -> None:
        raise LookupError("by a rule")

    with pytest.raises(LookupError):
        await Measured(store, registry).transaction(refuses)
    assert value(registry, "jasne_store_seconds_count", operation="transaction") == 1
    assert value(registry, "jasne_store_failures_total", kind="unavailable") == 0
    assert value(registry, "jasne_store_failures_total", kind="conflict") == 0
