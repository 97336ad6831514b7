"""Which database a service gets: its URL says so."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from shared import tracing
from shared.environment import BadUrl
from shared.store.port import Collection, Store


async def open_store(url: str, collections: Sequence[Collection[Any]]) -> Store:
    """`sqlite:///path/to/file.db`, or `mongodb://host:port/database`; a replica set, as it takes transactions.

    Raises BadUrl for another, and StoreUnavailable.
    """
    store = _store(url)
    try:
        await store.open(collections)
    except BaseException:
        await store.close()
        raise
    return _traced(store, url) if tracing.is_recording() else store


def _store(url: str) -> Store:
    # each adapter is imported only where it is used: the embedded run needs no MongoDB driver in memory
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _bad_url() from None
    if parts.scheme == "sqlite" and parts.path and not parts.netloc:
        from shared.store.sqlite import SqliteStore

        return SqliteStore(Path(unquote(parts.path)))
    if parts.scheme in ("mongodb", "mongodb+srv") and parts.path.strip("/"):
        from shared.store.mongo import MongoStore

        return MongoStore(url)
    raise _bad_url()


def _bad_url() -> BadUrl:
    return BadUrl("STORE_URL is not the URL of a store: sqlite:///file or mongodb://host/database")


def _traced(store: Store, url: str) -> Store:
    # what no operation needs where there are no traces
    from shared.store.traced import TracedStore

    return TracedStore(store, "sqlite" if url.startswith("sqlite:") else "mongodb")
