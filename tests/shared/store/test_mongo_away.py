"""A MongoDB that does not answer."""

import asyncio
import socket

import pytest

from shared.store.opening import open_store
from shared.store.port import Query, StoreUnavailable
from tests.shared.store.databases import mongo_on_the_wire, store_at, with_database
from tests.shared.store.doing import put_all
from tests.shared.store.things import NOTES, THINGS, thing


async def test_where_nobody_listens_opening_says_so() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        # bound but not listening: refused for sure, and nobody else's
        address = f"127.0.0.1:{reserved.getsockname()[1]}"
        # in one line, for whoever reads why the process ended
        with pytest.raises(StoreUnavailable, match=rf"^{address}: \[Errno \d+\] Connection refused$"):
            await open_store(f"mongodb://{address}/things", [THINGS])


async def test_when_the_server_goes_away_reads_and_writes_say_so() -> None:
    async with mongo_on_the_wire() as server:
        store = store_at(with_database(server, "things"), patience=0.5)
        await store.open([THINGS, NOTES])
        await put_all(store, THINGS, [thing()])
        await store.ping()
    outcomes = await asyncio.gather(
        store.find(Query(THINGS)), put_all(store, THINGS, [thing()]), store.ping(), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    await store.close()
