"""Whatever a service shows, it tells of on the bus: the gateways' caches live by that.

Every service that a test runs is held to it: in one transaction with a record that is shown goes a change that names
this version of it, or the transaction fails.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from gateway.kinds import KINDS
from shared.bus.outbox import OUTBOX
from shared.service import process
from shared.store import opening
from shared.store.port import Collection, Store, Transaction

NOT_TOLD = "likely_duplicates"
"""Nobody but reviewers ever sees these, and what they see is not kept."""
SHOWN = {kind.collection for kind in KINDS} - {NOT_TOLD}


class _Watched:
    """A transaction, and what of it is still untold."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.untold: dict[str, int] = {}
        self.told: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def put(self, collection: Collection[Any], entity: Any) -> None:
        await self._tx.put(collection, entity)
        if collection.name in SHOWN:
            self.untold[entity.id] = entity.version
        elif collection.name == OUTBOX.name:
            self.told[entity.change.entity_id] = entity.change.version

    async def delete(self, collection: Collection[Any], id_: str) -> bool:
        assert collection.name not in SHOWN, f"{id_} would vanish without a change"
        return await self._tx.delete(collection, id_)


def hold_to_it(patch: pytest.MonkeyPatch) -> None:
    original = opening.open_store

    async def open_store(url: str, collections: Sequence[Collection[Any]]) -> Store:
        store = await original(url, collections)
        transaction = store.transaction

        async def watched(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
            async def attempt(tx: Transaction) -> Any:
                seen = _Watched(tx)
                result = await work(seen)
                silent = {id_ for id_, version in seen.untold.items() if seen.told.get(id_) != version}
                assert not silent, f"no change tells of {silent}"
                return result

            return await transaction(attempt)

        store.transaction = watched  # type: ignore[method-assign]
        return store

    patch.setattr(process, "open_store", open_store)
