"""GET /v1/export/grants.360giving.json: every awarded grant, streamed as one JSON document."""

from aiohttp import web

from services.registry.awards import rules
from services.registry.awards.queries import awards
from shared.contracts.base import encode
from shared.store.port import Store

CHUNK = 64 * 1024


def export_route(store: Store) -> web.RouteDef:
    async def answer(request: web.Request) -> web.StreamResponse:
        """What is awarded is public, so anyone may have it."""
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        written, separator = b'{"grants":[', b""
        try:
            async for award in awards(store):
                written += separator + encode(award)
                separator = b","
                if len(written) > CHUNK:
                    if not response.prepared:
                        await response.prepare(request)
                    await response.write(written)
                    written = b""
        except Exception:
            if response.prepared and request.transport is not None:
                # the reader must not take half a document for the whole: the connection breaks instead of ending
                request.transport.abort()
            raise
        if not separator:
            raise rules.nothing_awarded()
        if not response.prepared:
            await response.prepare(request)
        await response.write(written + b"]}")
        await response.write_eof()
        return response

    return web.get("/v1/export/grants.360giving.json", answer)
