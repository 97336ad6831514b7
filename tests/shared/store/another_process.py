"""Another process on the same store: `write URL` puts things until it is killed, and prints each id that was
acknowledged; `count URL ID TIMES` increments one thing so many times; `upgrade URL NUMBER` computes keys again, as an
upgrade does, says so when it has come to that many things, and waits there to be killed."""

import asyncio
import itertools
import sys
import time

from shared.store import mongo
from shared.store.opening import open_store
from shared.store.port import Store, Transaction
from tests.shared.store.doing import next_version, put_all
from tests.shared.store.things import NOTES, THINGS, Thing, by_first_letter, first_letters, note, thing


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


async def upgrade(url: str, number: int) -> None:
    mongo._BATCH = 5
    come = itertools.count(1)

    def words(one: Thing) -> list[str]:
        if next(come) == number:
            print("here", flush=True)  # noqa: T201
            time.sleep(60)
        return first_letters(one)

    await open_store(url, [by_first_letter(edition=1, words=words)])


async def main(what: str, url: str, *more: str) -> None:
    if what == "upgrade":
        await upgrade(url, int(more[0]))
        return
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
