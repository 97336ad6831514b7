"""Every test that asks for `store` or `url` runs once per adapter."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared.ids import new_id
from shared.store.opening import open_store
from shared.store.port import Store
from tests.shared.store.databases import drop, mongo_on_the_wire, real_mongo, with_database
from tests.shared.store.things import NOTES, THINGS


@pytest.fixture(scope="session")
async def wire_server() -> AsyncIterator[str]:
    async with mongo_on_the_wire() as url:
        yield url


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[str]:
    with real_mongo() as url:
        yield url


@pytest.fixture(params=["sqlite", "mongo-wire", "mongo"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path}/store.db"
    elif request.param == "mongo-wire":
        # forgets everything when it ends
        yield with_database(request.getfixturevalue("wire_server"), new_id("tst"))
    else:
        made = with_database(request.getfixturevalue("mongo_server"), new_id("tst"))
        yield made
        drop(made)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url, [THINGS, NOTES])
    yield opened
    await opened.close()


@pytest.fixture
async def second(url: str, store: Store) -> AsyncIterator[Store]:
    """Another replica of the same service."""
    opened = await open_store(url, [THINGS, NOTES])
    yield opened
    await opened.close()
