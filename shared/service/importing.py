"""Import of whole entities, as JSON Lines: seed data, migration. For operators; safe to send again."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from aiohttp import web

from shared.contracts.base import Command, Entity, Record
from shared.contracts.people import Role, Viewer
from shared.contracts.personal import check_texts
from shared.contracts.refusals import Refused
from shared.contracts.tidying import check_years
from shared.service.errors import json
from shared.service.requests import VIEWER
from shared.store.port import Collection, Duplicate, Store, Transaction

LINES_MAX = 1_000


class Line(Command, frozen=True, kw_only=True):
    collection: str
    entity: msgspec.Raw


class LineError(Record, frozen=True, kw_only=True):
    line: int
    message: str


class Imported(Record, frozen=True, kw_only=True):
    stored: int
    unchanged: int
    errors: tuple[LineError, ...]


type Tell = Callable[[Transaction, Entity], Any]


def import_route(
    store: Store, collections: Mapping[str, Collection[Any]], tell: Tell, committed: Callable[[], None]
) -> web.RouteDef:
    """POST /v1/import. A line whose id is there already is left alone; a bad line is reported, the others stored."""
    lines_of = msgspec.json.Decoder(Line)

    async def answer(request: web.Request) -> web.Response:
        may_import(request[VIEWER])
        raw = [line for line in (await request.read()).split(b"\n") if line.strip()]
        if len(raw) > LINES_MAX:
            raise Refused(
                "TOO_MANY_LINES",
                pl=f"Najwyżej {LINES_MAX} wierszy naraz; podziel plik.",
                en=f"At most {LINES_MAX} lines at once; split the file.",
                status=413,
            )
        errors: list[LineError] = []
        entities: list[tuple[int, Collection[Any], Entity]] = []
        for number, line in enumerate(raw, start=1):
            try:
                parsed = lines_of.decode(line)
                if parsed.collection not in collections:
                    raise msgspec.ValidationError(f"unknown collection {parsed.collection!r}")
                collection = collections[parsed.collection]
                entity = msgspec.json.decode(parsed.entity, type=collection.type)
                if not entity.id.startswith(f"{collection.prefix}_"):
                    raise msgspec.ValidationError(f"ids of {collection.name} start with {collection.prefix}_")
                check_years(entity)
                check_texts(entity)
                entities.append((number, collection, entity))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                errors.append(LineError(line=number, message=str(error)))
        stored, conflicts = await _store(store, entities, tell)
        committed()
        errors.extend(conflicts)
        unchanged = len(entities) - stored - len(conflicts)
        return json(Imported(stored=stored, unchanged=unchanged, errors=tuple(sorted(errors, key=lambda e: e.line))))

    return web.post("/v1/import", answer)


async def _store(
    store: Store, entities: list[tuple[int, Collection[Any], Entity]], tell: Tell
) -> tuple[int, list[LineError]]:
    """All in one transaction; where a unique value clashes, one transaction each, to tell which."""

    async def put_all(tx: Transaction, some: list[tuple[int, Collection[Any], Entity]]) -> int:
        stored = 0
        for _, collection, entity in some:
            if entity.version != 1:
                entity = msgspec.structs.replace(entity, version=1)  # noqa: PLW2901
            if await tx.get(collection, entity.id) is None:
                await tx.put(collection, entity)
                await tell(tx, entity)
                stored += 1
        return stored

    try:
        return await store.transaction(lambda tx: put_all(tx, entities)), []
    except (Duplicate, ValueError):
        stored, errors = 0, []
        for item in entities:
            try:
                stored += await store.transaction(lambda tx, item=item: put_all(tx, [item]))  # type: ignore[misc]
            except Duplicate as clash:
                errors.append(LineError(line=item[0], message=f"another record has the same {clash.key}"))
            except ValueError as error:
                errors.append(LineError(line=item[0], message=str(error)))
        return stored, errors


def may_import(viewer: Viewer | None) -> None:
    """Of whatever form an import is. Raises Refused."""
    if viewer is None or not viewer.has(Role.OPERATOR):
        raise Refused(
            "FORBIDDEN",
            pl="Importować może tylko operator systemu.",
            en="Only an operator of the system may import.",
            status=401 if viewer is None else 403,
        )
