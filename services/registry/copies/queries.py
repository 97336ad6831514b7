"""What everybody may see of all collections, as lines of an import: a page of it is in memory, and no more."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from shared.contracts.base import encode, narrowed
from shared.service.reading import Listing
from shared.store.port import Collection, Query, Store, position

PAGE = 100
"""Small, so that other requests have their turn between two pages."""


async def lines(
    store: Store, collections: Sequence[Collection[Any]], listings: Sequence[Listing[Any, Any]]
) -> AsyncIterator[bytes]:
    """The lines of a page at a time. Collections in the given order: what others refer to comes first."""
    by_name = {listing.collection.name: listing for listing in listings}
    for collection in collections:
        listing = by_name[collection.name]
        query = Query(collection, limit=PAGE)
        while found := await store.find(query):
            public = (narrowed(one, listing.contract) for one in found if listing.visible(one, None))
            yield b"".join(encode({"collection": collection.name, "entity": one}) + b"\n" for one in public)
            query = Query(collection, after=position(query, found[-1]), limit=PAGE)
