"""GET /v1/export/registry.jsonl: open to everybody, streamed."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from services.registry.copies.queries import lines
from shared.service.reading import Listing
from shared.store.port import Collection, Store

HEADERS = {"Content-Type": "application/jsonl", "Content-Disposition": 'attachment; filename="registry.jsonl"'}


def copy_route(
    store: Store, collections: Sequence[Collection[Any]], listings: Sequence[Listing[Any, Any]]
) -> web.RouteDef:
    async def answer(request: web.Request) -> web.StreamResponse:
        pages = lines(store, collections, listings)
        # asked for before the answer begins: a store that is away is still a clear error
        first = await anext(pages, b"")
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        try:
            await response.write(first)
            async for page in pages:
                await response.write(page)
        except Exception:
            # the reader must not take half a registry for the whole: the connection breaks instead of ending
            if request.transport is not None:
                request.transport.abort()
            raise
        await response.write_eof()
        return response

    return web.get("/v1/export/registry.jsonl", answer)
