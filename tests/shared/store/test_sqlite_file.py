"""What only a file on disk has to stand: kills, other processes, locks; and which indexes its queries walk."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from shared.store.opening import open_store
from shared.store.port import Contains, Query, StoreUnavailable
from shared.store.sqlite import SqliteStore
from tests.shared.store.doing import names, put_all
from tests.shared.store.things import NOTES, THINGS, thing

ROOT = Path(__file__).parents[3]


async def another_process(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shared.store.another_process", *arguments, stdout=PIPE, cwd=ROOT
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def file_url(path: Path) -> str:
    return f"sqlite://{path}"


@pytest.mark.parametrize("acknowledged", [1, 40, 250])
async def test_whatever_was_acknowledged_survives_a_kill(file_url: str, acknowledged: int) -> None:
    process = await another_process("write", file_url)
    assert process.stdout is not None
    ids = [(await process.stdout.readline()).decode().strip() for _ in range(acknowledged)]
    process.kill()
    # what it managed to say before it died counts, too; a torn line does not
    rest = (await process.stdout.read()).decode()
    ids += rest[: rest.rfind("\n") + 1].split()
    await process.wait()

    store = await open_store(file_url, [THINGS, NOTES])
    found = {one.id for one in await store.find(Query(THINGS, (Contains("tags", "x"),), "name", limit=100_000))}
    noted = {one.thing_id for one in await store.find(Query(NOTES, limit=100_000))}
    await put_all(store, THINGS, [thing("goes on")])
    await store.close()
    assert set(ids) <= found
    assert found == noted


async def test_two_processes_that_increment_the_same_entity_lose_nothing(file_url: str) -> None:
    store = await open_store(file_url, [THINGS, NOTES])
    stored = thing()
    await put_all(store, THINGS, [stored])
    processes = [await another_process("count", file_url, stored.id, "100") for _ in range(2)]
    assert [await process.wait() for process in processes] == [0, 0]
    found = await store.get(THINGS, stored.id)
    await store.close()
    assert found is not None
    assert (found.weight, found.version) == (200, 201)


async def test_processes_may_open_a_new_file_at_the_same_time(file_url: str) -> None:
    stores = await asyncio.gather(*(open_store(file_url, [THINGS, NOTES]) for _ in range(6)))
    await asyncio.gather(*(put_all(store, THINGS, [thing(str(n))]) for n, store in enumerate(stores)))
    assert await names(stores[0]) == [str(number) for number in range(6)]
    for store in stores:
        await store.close()


async def test_while_another_holds_the_file_writers_give_up_and_readers_read(path: Path) -> None:
    store = SqliteStore(path, patience=0.5)
    await store.open([THINGS, NOTES])
    await put_all(store, THINGS, [thing("before")])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await put_all(store, THINGS, [thing("meanwhile")])
    assert await names(store) == ["before"]
    other.execute("ROLLBACK")
    other.close()
    await put_all(store, THINGS, [thing("later")])
    assert await names(store) == ["before", "later"]
    await store.close()


async def test_a_file_that_is_no_database_is_said_to_be_unavailable(path: Path) -> None:
    path.write_bytes(b"this is no database, " * 100)
    with pytest.raises(StoreUnavailable):
        await open_store(f"sqlite://{path}", [THINGS])
    with pytest.raises(StoreUnavailable):
        await open_store(f"sqlite://{path}/below/a/file.db", [THINGS])


async def test_a_closed_store_says_that_it_is_unavailable(path: Path) -> None:
    store = SqliteStore(path)
    for closed in range(2):
        with pytest.raises(StoreUnavailable):
            await store.ping()
        with pytest.raises(StoreUnavailable):
            await put_all(store, THINGS, [thing()])
        if not closed:
            await store.open([THINGS])
            await store.ping()
            await store.close()
