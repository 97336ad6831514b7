"""A store, and how long each of its operations takes: over the port, so that it serves every adapter."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.contracts.base import Entity
from shared.metrics import SECONDS
from shared.store.port import Collection, Condition, Query, Scalar, Store, StoreUnavailable, Tally, Transaction

_OPERATIONS = ("get", "find", "count", "transaction")
_FAILURES = ("conflict", "unavailable")


class Measured:
    """What happens inside a transaction counts as the transaction's time; what failed is timed, too."""

    def __init__(self, store: Store, registry: CollectorRegistry) -> None:
        self._store = store
        took = Histogram(
            "jasne_store_seconds",
            "Time of an operation of the store",
            ("operation",),
            registry=registry,
            buckets=SECONDS,
        )
        failed = Counter(
            "jasne_store_failures",
            "Conflicts, after which a transaction is run again, and answers that the database did not give",
            ("kind",),
            registry=registry,
        )
        self._took = {operation: took.labels(operation) for operation in _OPERATIONS}
        self._failed = {kind: failed.labels(kind) for kind in _FAILURES}

    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        await self._store.open(collections)

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None:
        with self._timed("get"):
            return await self._store.get(collection, id_)

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        with self._timed("get"):
            return await self._store.get_many(collection, ids)

    async def find[E: Entity](self, query: Query[E]) -> list[E]:
        with self._timed("find"):
            return await self._store.find(query)

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        with self._timed("find"):
            return await self._store.find_each(queries)

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int:
        with self._timed("count"):
            return await self._store.count(collection, where)

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> Mapping[Scalar, int]:
        with self._timed("count"):
            return await self._store.count_by(collection, key, where)

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        with self._timed("count"):
            return await self._store.tally(collection, keys, where)

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        runs = 0

        async def counted(tx: Transaction) -> R:
            nonlocal runs
            runs += 1
            if runs > 1:  # by the port, the one reason to run it again
                self._failed["conflict"].inc()
            return await work(tx)

        with self._timed("transaction"):
            return await self._store.transaction(counted)

    async def ping(self) -> None:
        await self._store.ping()

    async def close(self) -> None:
        await self._store.close()

    @contextmanager
    def _timed(self, operation: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except StoreUnavailable:
            self._failed["unavailable"].inc()
            raise
        finally:
            self._took[operation].observe(time.perf_counter() - began)
