"""Districts as a file: organisations name them, so a register that moves elsewhere takes them along, first.

The lines are those that POST /v1/import takes.
"""

from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from services.registry.centres.collections import DISTRICTS
from services.registry.exchange.sending import declined
from shared.contracts.base import encode
from shared.service.importing import LINES_MAX, Imported
from shared.store.port import Query, Store, position

_PAGE = 100


def district_route(store: Store) -> web.RouteDef:
    """GET /v1/export/districts.jsonl. There are as many as a city has: they need no stream."""

    async def answer(_: web.Request) -> web.Response:
        lines: list[bytes] = []
        query = Query(DISTRICTS, limit=_PAGE)
        while found := await store.find(query):
            lines += [encode({"collection": DISTRICTS.name, "entity": one}) + b"\n" for one in found]
            query = Query(DISTRICTS, after=position(query, found[-1]), limit=_PAGE)
        return web.Response(body=b"".join(lines), content_type="application/jsonl")

    return web.get("/v1/export/districts.jsonl", answer)


def are_in(path: Path) -> bool:
    """Whether the file is such an export: its first line says so."""
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return False
    with path.open("rb") as file:
        try:
            first: Any = msgspec.json.decode(file.readline(100_000))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
    return isinstance(first, dict) and first.get("collection") == DISTRICTS.name


def lines_of(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines() if line.strip()]


async def send(url: str, token: str, name: str, lines: list[bytes], dry_run: bool) -> str:
    if dry_run:
        return f"{len(lines)} districts (dry run, nothing stored)"
    stored = unchanged = 0
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        for start in range(0, len(lines), LINES_MAX):
            body = b"\n".join(lines[start : start + LINES_MAX])
            async with session.post(f"{url}/v1/import", data=body) as answer:
                read = await answer.read()
                if answer.status != 200:
                    raise declined(answer.status, read)
                imported = msgspec.json.decode(read, type=Imported)
            stored, unchanged = stored + imported.stored, unchanged + imported.unchanged
            for error in imported.errors:
                raise SystemExit(f"{name}:{start + error.line}: {error.message}")
    return f"districts: created {stored}, unchanged {unchanged}"
