"""A store whose calls are spans: which kind of call on which collection, never what was asked for.

Only put in front where spans are recorded. A transaction is a span, and below it each step: what it waited for.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared import tracing
from shared.contracts.base import Entity
from shared.store.port import Collection, Condition, Query, Reader, Scalar, Store, Tally, Transaction
from shared.tracing import Kind, Span


class _Reads:
    def __init__(self, inner: Reader, system: str) -> None:
        self._inner = inner
        self._system = system

    def _span(self, operation: str, collection: Collection[Any] | None = None) -> Span:
        attributes = {"db.system.name": self._system, "db.operation.name": operation}
        if collection is None:
            return tracing.span(operation, Kind.CLIENT, attributes)
        attributes["db.collection.name"] = collection.name
        return tracing.span(f"{operation} {collection.name}", Kind.CLIENT, attributes)

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None:
        with self._span("get", collection):
            return await self._inner.get(collection, id_)

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        with self._span("get_many", collection) as span:
            span.set("db.operation.batch.size", len(ids))
            return await self._inner.get_many(collection, ids)

    async def find[E: Entity](self, query: Query[E]) -> list[E]:
        with self._span("find", query.collection):
            return await self._inner.find(query)

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        with self._span("find_each", queries[0].collection if queries else None) as span:
            span.set("db.operation.batch.size", len(queries))
            return await self._inner.find_each(queries)

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int:
        with self._span("count", collection):
            return await self._inner.count(collection, where)

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> Mapping[Scalar, int]:
        with self._span("count_by", collection):
            return await self._inner.count_by(collection, key, where)

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        with self._span("tally", collection):
            return await self._inner.tally(collection, keys, where)


class _TracedTransaction(_Reads):
    def __init__(self, inner: Transaction, system: str) -> None:
        super().__init__(inner, system)
        self._tx = inner

    async def put[E: Entity](self, collection: Collection[E], entity: E) -> None:
        with self._span("put", collection):
            await self._tx.put(collection, entity)

    async def delete[E: Entity](self, collection: Collection[E], id_: str) -> bool:
        with self._span("delete", collection):
            return await self._tx.delete(collection, id_)


class TracedStore(_Reads):
    def __init__(self, inner: Store, system: str) -> None:
        super().__init__(inner, system)
        self._store = inner

    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        await self._store.open(collections)

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        with self._span("transaction"):
            return await self._store.transaction(lambda tx: work(_TracedTransaction(tx, self._system)))

    async def ping(self) -> None:
        await self._store.ping()

    async def close(self) -> None:
        await self._store.close()
