"""The substitute of these tests keeps no reader out, and lets no transaction last for ever."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from mongoeco.engines.sqlite import SQLiteEngine
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import OperationFailure

from shared.store import mongo
from tests.deployment import turns

type Documents = AsyncCollection[dict[str, Any]]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[turns.Turns]:
    server = turns.Turns(engine=SQLiteEngine(str(tmp_path / "substitute.sqlite")))
    await server.start()
    try:
        yield server
    finally:
        await server.close()


@pytest.fixture
async def documents(server: turns.Turns) -> AsyncIterator[Documents]:
    # motor has few threads, and those who wait would take them all: not what is tried here
    async with AsyncMongoClient[dict[str, Any]](server.address.uri) as client:
        found = client["city"]["documents"]
        await found.insert_one({"_id": "a", "n": 1})
        yield found


async def in_a_transaction(server: turns.Turns, *lines: str) -> asyncio.subprocess.Process:
    """Another process, which does this in a transaction of its own."""
    program = "\n    ".join(
        (
            "import pymongo, sys, time\n"
            "client = pymongo.MongoClient(sys.argv[1])\n"
            "documents = client.city.documents\n"
            "with client.start_session() as session, session.start_transaction():",
            *lines,
        )
    )
    words = (sys.executable, "-c", program, server.address.uri)
    return await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)


async def test_who_reads_beside_a_transaction_waits_for_its_end_and_is_not_refused(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT", 60.0)
    async with documents.database.client.start_session() as session:
        async with await session.start_transaction():
            await documents.update_one({"_id": "a"}, {"$set": {"n": 2}}, session=session)
            reads = [asyncio.create_task(documents.find_one({"_id": "a"})) for _ in range(20)]
            await asyncio.wait(reads, timeout=0.2)
            assert not any(read.done() for read in reads)
        assert [await read for read in reads] == [{"_id": "a", "n": 2}] * 20


async def test_who_gets_no_turn_for_long_is_told_of_a_conflict(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter knows it, and asks again."""
    monkeypatch.setattr(turns, "WAIT", 0.1)
    async with documents.database.client.start_session() as session, await session.start_transaction():
        await documents.update_one({"_id": "a"}, {"$set": {"n": 2}}, session=session)
        with pytest.raises(OperationFailure, match="Write conflict") as refused:
            await documents.find_one({"_id": "a"})
        assert mongo._is_conflict(refused.value)
    assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 2}


async def test_who_asked_first_is_first(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT", 60.0)

    async def add() -> None:
        async with documents.database.client.start_session() as session, await session.start_transaction():
            found = await documents.find_one({"_id": "a"}, session=session)
            assert found is not None
            await documents.update_one({"_id": "a"}, {"$set": {"n": found["n"] + 1}}, session=session)

    await asyncio.gather(*(add() for _ in range(30)))
    assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 31}


async def test_a_transaction_that_lasts_too_long_is_ended_and_cannot_be_committed(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LIFETIME", 0.2)
    monkeypatch.setattr(turns, "WAIT", 60.0)
    async with documents.database.client.start_session() as session:
        await session.start_transaction()
        await documents.update_one({"_id": "a"}, {"$set": {"n": 2}}, session=session)
        # answered once the other one has been ended
        assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 1}
        for _ in range(2):
            with pytest.raises(OperationFailure, match="lasted too long") as refused:
                await documents.update_one({"_id": "a"}, {"$set": {"n": 2}}, session=session)
            assert refused.value.has_error_label("TransientTransactionError")
        with pytest.raises(OperationFailure, match="lasted too long"):
            await session.commit_transaction()
    assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 1}


async def test_whoever_is_killed_while_waiting_takes_no_turn(
    server: turns.Turns, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would end its transaction."""
    monkeypatch.setattr(turns, "LIFETIME", 60.0)
    monkeypatch.setattr(turns, "WAIT", 60.0)
    async with documents.database.client.start_session() as session, asyncio.timeout(20):
        async with await session.start_transaction():
            await documents.update_one({"_id": "a"}, {"$set": {"n": 2}}, session=session)
            killed = await in_a_transaction(server, "documents.find_one({}, session=session)")
            while not server._turn._waiters:
                await asyncio.sleep(0.01)
            killed.kill()
            await killed.wait()
        assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 2}


async def test_the_transaction_of_whoever_is_killed_is_over_at_once(
    server: turns.Turns, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LIFETIME", 60.0)
    monkeypatch.setattr(turns, "WAIT", 60.0)
    killed = await in_a_transaction(
        server,
        "documents.update_one({}, {'$set': {'n': 2}}, session=session)",
        "print('in the middle', flush=True)",
        "time.sleep(60)",
    )
    assert killed.stdout is not None
    assert await killed.stdout.readline()
    killed.kill()
    await killed.wait()
    async with asyncio.timeout(20):
        assert await documents.find_one({"_id": "a"}) == {"_id": "a", "n": 1}
