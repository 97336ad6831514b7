"""A store whose calls are spans: which kind of call on which collection, never what was asked for.

Only put in front where spans are recorded. A transaction is a span, and below it each step: what it waited for.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from shared import tracing
from shared.contracts.base import Entity
from shared.store.around import AroundReads, AroundStore
from shared.store.port import Collection, Store, Transaction
from shared.tracing import Kind, Span


class _Spans:
    _system: str

    def _call(self, operation: str, collection: Collection[Any] | None, size: int | None = None) -> Span:
        attributes: dict[str, str | int] = {"db.system.name": self._system, "db.operation.name": operation}
        if size is not None:
            attributes["db.operation.batch.size"] = size
        if collection is None:
            return tracing.span(operation, Kind.CLIENT, attributes)
        attributes["db.collection.name"] = collection.name
        return tracing.span(f"{operation} {collection.name}", Kind.CLIENT, attributes)


class _TracedTransaction(_Spans, AroundReads):
    def __init__(self, tx: Transaction, system: str) -> None:
        super().__init__(tx)
        self._tx = tx
        self._system = system

    async def put[E: Entity](self, collection: Collection[E], entity: E) -> None:
        with self._call("put", collection):
            await self._tx.put(collection, entity)

    async def delete[E: Entity](self, collection: Collection[E], id_: str) -> bool:
        with self._call("delete", collection):
            return await self._tx.delete(collection, id_)


class TracedStore(_Spans, AroundStore):
    def __init__(self, store: Store, system: str) -> None:
        super().__init__(store)
        self._system = system

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        with self._call("transaction", None):
            return await self._store.transaction(lambda tx: work(_TracedTransaction(tx, self._system)))
