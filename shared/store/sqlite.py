"""The store in one SQLite file: durable, indexed, and without a server.

No statement runs on the event loop. One thread writes, on a connection of its own; a few read, each in a snapshot of
the last commit. Other processes may use the same file.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.contracts.base import Entity
from shared.store import sqlite_counting, sqlite_query, sqlite_tables
from shared.store.attempts import PATIENCE, Conflict, Steps, repeated, turn
from shared.store.port import Collection, Condition, Query, Scalar, StoreUnavailable, Tally, Transaction
from shared.store.sqlite_threads import Job, Threads


class _Reads:
    """What store and transaction have in common; they differ in where a job runs."""

    async def _run[R](self, job: Job[R]) -> R:
        raise NotImplementedError

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None:
        return await self._run(lambda connection: sqlite_query.get(connection, collection, id_))

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        return await self._run(lambda connection: sqlite_query.get_many(connection, collection, ids))

    async def find[E: Entity](self, query: Query[E]) -> list[E]:
        return await self._run(lambda connection: sqlite_query.find(connection, query))

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        return await self._run(lambda connection: [sqlite_query.find(connection, query) for query in queries])

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int:
        return await self._run(lambda connection: sqlite_counting.count(connection, collection, where))

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> Mapping[Scalar, int]:
        return await self._run(lambda connection: sqlite_counting.count_by(connection, collection, key, where))

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        return await self._run(lambda connection: sqlite_counting.tally(connection, collection, keys, where))


class _SqliteTransaction(_Reads):
    def __init__(self, threads: Threads, steps: Steps) -> None:
        self._threads = threads
        self._steps = steps

    async def _run[R](self, job: Job[R]) -> R:
        return await self._steps.step(lambda: self._threads.write(lambda connection: job(_still_open(connection))))

    async def put[E: Entity](self, collection: Collection[E], entity: E) -> None:
        await self._run(lambda connection: _put(connection, collection, entity))

    async def delete[E: Entity](self, collection: Collection[E], id_: str) -> bool:
        return await self._run(lambda connection: sqlite_tables.delete(connection, collection, id_))


class SqliteStore(_Reads):
    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._threads = Threads(path)
        self._patience = patience
        self._turn = asyncio.Lock()

    async def _run[R](self, job: Job[R]) -> R:
        return await self._threads.read(job)

    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        async def attempt(_: float) -> None:
            await self._threads.open(lambda connection: sqlite_tables.follow(connection, collections))

        await repeated(attempt, self._patience)

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        async def attempt(deadline: float) -> R:
            async with turn(self._turn, deadline):
                steps = Steps()
                try:
                    await self._threads.write(_begin)
                    result = await work(_SqliteTransaction(self._threads, steps))
                    steps.verify()
                    # a cancel that comes while this one runs comes too late: it is stored
                    await self._threads.write(_commit)
                except BaseException:
                    # not awaited, so that no cancel can hinder it; the thread takes it before the next transaction
                    self._threads.write_later(_roll_back)
                    raise
                finally:
                    steps.end()
                return result

        return await repeated(attempt, self._patience)

    async def ping(self) -> None:
        await self._threads.read(_look)

    async def close(self) -> None:
        await self._threads.close()


def _put[E: Entity](connection: sqlite3.Connection, collection: Collection[E], entity: E) -> None:
    if entity.version == 1:
        sqlite_tables.insert(connection, collection, entity)
    elif not sqlite_tables.replace(connection, collection, entity):
        raise Conflict(f"{entity.id} is not at version {entity.version - 1}")


def _begin(connection: sqlite3.Connection) -> None:
    # IMMEDIATE: what the work reads stays as it is until it commits, whoever else has the file open
    connection.execute("BEGIN IMMEDIATE")


def _still_open(connection: sqlite3.Connection) -> sqlite3.Connection:
    if not connection.in_transaction:
        # after an I/O error SQLite rolls back by itself; what follows would commit on its own
        raise StoreUnavailable("SQLite gave up the transaction")
    return connection


def _commit(connection: sqlite3.Connection) -> None:
    _still_open(connection).execute("COMMIT")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _look(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
