"""The public register as a stream: whatever its size, a page of it is in memory and no more."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from aiohttp import web

from services.registry.exchange.catalog import catalog
from services.registry.exchange.columns import COLUMNS, LEFT_OUT, cells
from services.registry.exchange.districts import district_route
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.rules import may_see
from shared.contracts.base import narrowed
from shared.contracts.organisations import Organization
from shared.environment import text
from shared.store.port import Query, Store, position

PAGE = 100
"""Small, so that other requests have their turn between two pages."""
FORMATS = {"csv": "text/csv", "jsonl": "application/jsonl", "dcat.jsonld": "application/ld+json"}


async def records(store: Store) -> AsyncIterator[list[dict[str, Any]]]:
    """What everybody may see, page after page in the order of ids: a record that changes meanwhile stays in place."""
    query = Query(ORGANIZATIONS, limit=PAGE)
    while found := await store.find(query):
        public = (narrowed(one, Organization) for one in found if may_see(one, None))
        yield [_without(msgspec.to_builtins(one)) for one in public]
        query = Query(ORGANIZATIONS, after=position(query, found[-1]), limit=PAGE)


def _without(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in LEFT_OUT}


def as_csv(page: list[dict[str, Any]]) -> bytes:
    return _table(cells(record) for record in page)


def as_lines(page: list[dict[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(record) + b"\n" for record in page)


def _table(rows: Any) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def export_routes(store: Store) -> list[web.RouteDef]:
    """GET /v1/export/organizations.csv, .jsonl and .dcat.jsonld, and districts.jsonl: open to everybody."""

    def streamed(format_: str, head: bytes, write: Callable[[list[dict[str, Any]]], bytes]) -> web.RouteDef:
        name = f"organizations.{format_}"

        async def answer(request: web.Request) -> web.StreamResponse:
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            response = web.StreamResponse(headers=headers)
            response.content_type, response.charset = FORMATS[format_], "utf-8"
            pages = records(store)
            # asked for before the answer begins: a store that is away is still a clear error
            nothing: list[dict[str, Any]] = []
            first = await anext(pages, nothing)
            await response.prepare(request)
            try:
                await response.write(head + write(first))
                async for page in pages:
                    await response.write(write(page))
            except Exception:
                # the reader must not take half a register for the whole: the connection breaks instead of ending
                if request.transport is not None:
                    request.transport.abort()
                raise
            await response.write_eof()
            return response

        return web.get(f"/v1/export/{name}", answer)

    async def metadata(request: web.Request) -> web.Response:
        base = text("PUBLIC_URL", "") or f"{request.scheme}://{request.host}"
        body = msgspec.json.encode(catalog(f"{base.rstrip('/')}/v1/export"))
        return web.Response(body=body, content_type=FORMATS["dcat.jsonld"])

    return [
        streamed("csv", _table([[column.name for column in COLUMNS]]), as_csv),
        streamed("jsonl", b"", as_lines),
        web.get("/v1/export/organizations.dcat.jsonld", metadata),
        district_route(store),
    ]
