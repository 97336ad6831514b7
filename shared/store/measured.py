"""A store, and how long each of its operations takes."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import SECONDS
from shared.store.around import AroundStore
from shared.store.port import Collection, Store, StoreUnavailable, Transaction

_OPERATIONS = {
    "get": "get",
    "get_many": "get",
    "find": "find",
    "find_each": "find",
    "count": "count",
    "count_by": "count",
    "tally": "count",
    "transaction": "transaction",
}
"""Under which name each of the port is counted."""
_FAILURES = ("conflict", "unavailable")


class Measured(AroundStore):
    """What happens inside a transaction counts as the transaction's time; what failed is timed, too."""

    def __init__(self, store: Store, registry: CollectorRegistry) -> None:
        super().__init__(store)
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
        self._took = {operation: took.labels(operation) for operation in dict.fromkeys(_OPERATIONS.values())}
        self._failed = {kind: failed.labels(kind) for kind in _FAILURES}

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        runs = 0

        async def counted(tx: Transaction) -> R:
            nonlocal runs
            runs += 1
            if runs > 1:  # by the port, the one reason to run it again
                self._failed["conflict"].inc()
            return await work(tx)

        with self._call("transaction", None):
            return await self._store.transaction(counted)

    @contextmanager
    def _call(self, operation: str, collection: Collection[Any] | None, size: int | None = None) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except StoreUnavailable:
            self._failed["unavailable"].inc()
            raise
        finally:
            self._took[_OPERATIONS[operation]].observe(time.perf_counter() - began)
