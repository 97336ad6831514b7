"""Rows of organisations into the register: found by identifier, changed only where they differ."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web
from stdnum.pl import nip, regon

from services.registry.exchange.columns import fields
from services.registry.exchange.protocol import ImportOrganizations, Row, RowError, RowsImported
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.submissions.rules import unpadded
from shared.clock import after, now
from shared.contracts.explain import explain
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.tidying import tidy
from shared.ids import new_id
from shared.service.errors import json
from shared.service.importing import may_import
from shared.service.requests import VIEWER
from shared.service.writing import changed
from shared.store.port import Duplicate, Eq, Query, Store, Transaction

_FIELDS = fields()
_NAMES = {field.encode_name: field.name for field in msgspec.structs.fields(StoredOrganization)}
_IDENTIFIERS = ("krs", "nip", "regon")
_EMPTY: tuple[Any, ...] = (None, (), False)


class RowRefused(Exception):
    def __init__(self, *errors: RowError) -> None:
        super().__init__(str(errors))
        self.errors = errors


class _DryRun(Exception):
    """Thrown out of the transaction, so that nothing of it is stored."""

    def __init__(self, imported: RowsImported) -> None:
        super().__init__()
        self.imported = imported


def import_route(store: Store, committed: Callable[[], None]) -> web.RouteDef:
    """POST /v1/importOrganizations: one transaction; a row that is refused leaves the others alone."""
    requests = msgspec.json.Decoder(ImportOrganizations)

    async def answer(request: web.Request) -> web.Response:
        may_import(request[VIEWER])
        asked = requests.decode(await request.read())
        for last in (False, False, True):
            try:
                imported = await store.transaction(lambda tx: _all(tx, asked))
            except Duplicate:
                # somebody else took an identifier meanwhile; the next try finds their record
                if last:
                    raise
            except _DryRun as dry:
                return json(dry.imported)
            else:
                committed()
                return json(imported)
        raise AssertionError

    return web.post("/v1/importOrganizations", answer)


async def _all(tx: Transaction, asked: ImportOrganizations) -> RowsImported:
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    errors: list[RowError] = []
    for row in asked.rows:
        try:
            counts[await _one(tx, row)] += 1
        except RowRefused as refused:
            errors.extend(refused.errors)
    imported = RowsImported(**counts, errors=tuple(errors))
    if asked.dry_run:
        raise _DryRun(imported)
    return imported


async def _one(tx: Transaction, row: Row) -> str:
    set_, fill = (
        _values(row, {name: value for name, value in row.set.items() if not name.startswith("address.")}),
        _values(row, row.fill),
    )
    known = await _known(tx, row, fill | set_)
    set_ |= _values(row, _with_parts(known, row.set))
    if known is None:
        organization = _new(row, fill | set_)
        done = "created"
    else:
        filled = {name: value for name, value in fill.items() if getattr(known, name) in _EMPTY}
        changes = {name: value for name, value in (filled | set_).items() if getattr(known, name) != value}
        changes.pop("id", None)  # the register's own id stays, whatever the file calls it
        if not changes:
            return "unchanged"
        changes |= {"version": known.version + 1, "updated_at": after(known.updated_at)}
        organization = msgspec.structs.replace(known, **changes)
        done = "updated"
    await tx.put(ORGANIZATIONS, organization)
    await changed(tx, "registry", "imported", organization, organization.district_ids)
    return done


def _values(row: Row, given: dict[str, Any]) -> dict[str, Any]:
    """By the names of the contract's fields. Every bad column is told, not only the first."""
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for name, untidy in given.items():
        if name not in _FIELDS:
            errors.append(_error(row, name, "COLUMN_UNKNOWN", "nie ma takiej kolumny", "there is no such column"))
            continue
        try:
            sent = tidy(untidy)
            # a REGON is unpadded before it is checked: the KRS register pads it to fourteen digits
            plain = unpadded(sent) if name == "regon" and isinstance(sent, str) else sent
            values[_NAMES[name]] = msgspec.convert(plain, _FIELDS[name])
        except msgspec.ValidationError as error:
            what, _, path = str(error).partition(" - at `$")
            errors.append(
                _error(row, name + path.rstrip("`").replace("[", ".").replace("]", ""), "INVALID_INPUT", *explain(what))
            )
    if not str(values.get("id", "org_")).startswith("org_"):
        errors.append(_error(row, "id", "ID_INVALID", "to nie jest id organizacji", "not the id of an organisation"))
    for name, check in (("nip", nip), ("regon", regon)):
        if values.get(name) is not None and not check.is_valid(values[name]):
            errors.append(_error(row, name, "CHECKSUM_WRONG", "zła cyfra kontrolna", "the check digit is wrong"))
    if errors:
        raise RowRefused(*errors)
    return values


def _with_parts(known: StoredOrganization | None, given: dict[str, Any]) -> dict[str, Any]:
    """Parts of an address ("address.city") laid over the address that is there."""
    whole: dict[str, Any] = {}
    for name, value in given.items():
        outer, _, inner = name.partition(".")
        if inner and outer == "address":
            there = getattr(known, _NAMES.get(outer, ""), None)
            whole.setdefault(outer, msgspec.to_builtins(there) if there is not None else {})[inner] = value
    return {name: parts if any(v is not None for v in parts.values()) else None for name, parts in whole.items()}


async def _known(tx: Transaction, row: Row, values: dict[str, Any]) -> StoredOrganization | None:
    """The one organisation that has the row's id or one of its numbers."""
    found: dict[str, StoredOrganization] = {}
    if values.get("id") is not None and (same := await tx.get(ORGANIZATIONS, values["id"])) is not None:
        found[same.id] = same
    numbers = [(name, values[name]) for name in _IDENTIFIERS if values.get(name) is not None]
    for name, number in numbers:
        found |= {one.id: one for one in await tx.find(Query(ORGANIZATIONS, (Eq(name, number),), limit=2))}
    if len(found) > 1:
        pl, en = "numery należą do różnych organizacji", "the numbers are those of different organisations"
        raise RowRefused(_error(row, None, "AMBIGUOUS", pl, en))
    if not numbers and values.get("id") is None:
        pl = "brak numeru KRS, NIP lub REGON (albo id), po którym można poznać organizację"
        en = "there is no KRS, NIP or REGON (or id) by which to know the organisation"
        raise RowRefused(_error(row, None, "IDENTIFIER_REQUIRED", pl, en))
    return next(iter(found.values()), None)


def _new(row: Row, values: dict[str, Any]) -> StoredOrganization:
    missing = [name for name in ("name", "legal_form") if values.get(name) is None]
    if missing:
        shown = {inner: outer for outer, inner in _NAMES.items()}
        raise RowRefused(
            *(_error(row, shown[name], "MISSING", "brak wartości", "the value is missing") for name in missing)
        )
    moment = now()
    given: dict[str, Any] = {"id": new_id("org"), "status": OrganizationStatus.PUBLISHED}
    given |= {name: value for name, value in values.items() if value is not None}
    return StoredOrganization(**given, version=1, created_at=moment, updated_at=moment)


def _error(row: Row, column: str | None, code: str, pl: str, en: str) -> RowError:
    return RowError(row=row.number, column=column, code=code, pl=pl, en=en)
