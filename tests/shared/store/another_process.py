"""Another process on the same store: `write URL` puts things until it is killed, and prints each id that was
acknowledged; `count URL ID TIMES` increments one thing so many times."""

import asyncio
import sys

from shared.store.opening import open_store
from shared.store.port import Store, Transaction
from tests.shared.store.doing import next_version, put_all
from tests.shared.store.things import NOTES, THINGS, note, thing


async def write(store: Store) -> None:
    while True:
        one = thing("from another process", tags=("x",))

        async def work(tx: Transaction) -> None:
            await tx.put(THINGS, one)  # noqa: B023 - the transaction ends within the round
            await tx.put(NOTES, note(one))  # noqa: B023

        await store.transaction(work)
        print(one.id, flush=True)  # noqa: T201


async def count(store: Store, id_: str, times: int) -> None:
    async def work(tx: Transaction) -> None:
        current = await tx.get(THINGS, id_)
        assert current is not None
        await tx.put(THINGS, next_version(current, weight=current.weight + 1))

    for _ in range(times):
        await store.transaction(work)


async def main(what: str, url: str, *more: str) -> None:
    store = await open_store(url, [THINGS, NOTES])
    if what == "write":
        await write(store)
    elif what == "count":
        await count(store, more[0], int(more[1]))
    else:
        await put_all(store, THINGS, [])
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
