"""The threads and connections of one SQLite file: a single writer, and readers that see the last commit."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from shared.store.attempts import Conflict
from shared.store.port import StoreUnavailable

_READERS = 3
_WAIT = 0.5
"""Seconds that a statement waits for another process. Short: the writer's thread can do nothing else meanwhile."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_TROUBLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}

type Job[R] = Callable[[sqlite3.Connection], R]


class Threads:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(_READERS, "sqlite-reader")
        self._writing: sqlite3.Connection | None = None
        self._reading: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._is_open = False

    async def open(self, prepare: Job[None]) -> None:
        """Connect, and run `prepare` in a transaction. Raises Conflict while another process is busy with the file."""
        await self._in(self._writer, lambda: self._connect_all(prepare))
        self._is_open = True

    async def write[R](self, job: Job[R]) -> R:
        self._verify()
        return await self._in(self._writer, lambda: self._with_writer(job))

    def write_later(self, job: Job[None]) -> None:
        """Before any job that comes after it."""
        with suppress(RuntimeError):  # closed meanwhile, and closing rolls back
            self._writer.submit(self._with_writer, job)

    async def read[R](self, job: Job[R]) -> R:
        self._verify()
        try:
            return await self._in(self._readers, lambda: self._in_snapshot(job))
        except Conflict as busy:
            raise StoreUnavailable("the file stayed locked") from busy

    async def close(self) -> None:
        self._is_open = False
        await asyncio.to_thread(self._shut)

    def _verify(self) -> None:
        if not self._is_open:
            raise StoreUnavailable("the store is not open")

    async def _in[R](self, threads: ThreadPoolExecutor, job: Callable[[], R]) -> R:
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, job)
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _BUSY:
                raise Conflict(str(error)) from error
            if code in _TROUBLE:
                raise StoreUnavailable(str(error)) from error
            raise
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def _connect_all(self, prepare: Job[None]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._writing is None:
            self._writing = self._connect()
        self._writing.execute("BEGIN IMMEDIATE")
        try:
            prepare(self._writing)
            self._writing.execute("COMMIT")
        finally:
            if self._writing.in_transaction:
                self._writing.execute("ROLLBACK")
        while self._reading.qsize() < _READERS:
            self._reading.put(self._connect())

    def _connect(self) -> sqlite3.Connection:
        # each connection is in one thread at a time, but not always in the same
        connection = sqlite3.connect(
            self._path, timeout=_WAIT, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # the log of one large transaction does not stay as large for ever
            connection.execute("PRAGMA journal_size_limit = 67108864")
        except BaseException:
            connection.close()
            raise
        return connection

    def _with_writer[R](self, job: Job[R]) -> R:
        if self._writing is None:
            raise StoreUnavailable("the store is not open")
        return job(self._writing)

    def _in_snapshot[R](self, job: Job[R]) -> R:
        connection = self._reading.get()
        try:
            connection.execute("BEGIN")
            return job(connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._reading.put(connection)

    def _shut(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        while not self._reading.empty():
            self._reading.get().close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None
