"""A store of which each call happens inside of a context: what is timed and what is traced is said once, over the port,
so that it serves every adapter."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from shared.contracts.base import Entity
from shared.store.port import Collection, Condition, Query, Reader, Scalar, Store, Tally


class AroundReads:
    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def _call(
        self, operation: str, collection: Collection[Any] | None, size: int | None = None
    ) -> AbstractContextManager[Any]:
        """Around one call. `operation`: the port's name for it; `size`: of how many it is asked at once."""
        raise NotImplementedError

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None:
        with self._call("get", collection):
            return await self._inner.get(collection, id_)

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        with self._call("get_many", collection, len(ids)):
            return await self._inner.get_many(collection, ids)

    async def find[E: Entity](self, query: Query[E]) -> list[E]:
        with self._call("find", query.collection):
            return await self._inner.find(query)

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        with self._call("find_each", queries[0].collection if queries else None, len(queries)):
            return await self._inner.find_each(queries)

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int:
        with self._call("count", collection):
            return await self._inner.count(collection, where)

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> Mapping[Scalar, int]:
        with self._call("count_by", collection):
            return await self._inner.count_by(collection, key, where)

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        with self._call("tally", collection):
            return await self._inner.tally(collection, keys, where)


class AroundStore(AroundReads):
    """How a transaction is seen is for each to say."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._store = store

    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        await self._store.open(collections)

    async def ping(self) -> None:
        await self._store.ping()

    async def close(self) -> None:
        await self._store.close()
