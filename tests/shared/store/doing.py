"""The few things that most tests of a store do."""

from collections.abc import Iterable

import msgspec

from shared.contracts.base import Entity
from shared.store.port import Collection, Condition, Query, Store, Transaction, position
from tests.shared.store.things import THINGS, Thing


async def put_all[E: Entity](store: Store, collection: Collection[E], entities: Iterable[E]) -> None:
    async def work(tx: Transaction) -> None:
        for entity in entities:
            await tx.put(collection, entity)

    await store.transaction(work)


async def names(store: Store, *where: Condition, order: str | None = "name", limit: int = 100) -> list[str]:
    return [found.name for found in await store.find(Query(THINGS, where, order, limit=limit))]


def next_version(old: Thing, **changes: object) -> Thing:
    return msgspec.structs.replace(old, version=old.version + 1, **changes)


async def pages[E: Entity](store: Store, query: Query[E]) -> list[E]:
    """Everything, page by page, as a client that holds cursors reads it."""
    seen: list[E] = []
    while found := await store.find(query):
        seen += found
        query = Query(query.collection, query.where, query.order, position(query, found[-1]), query.limit)
    return seen
