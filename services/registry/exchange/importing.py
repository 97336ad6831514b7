"""Rows of organisations into the register: found by identifier, changed only where they differ."""

from collections.abc import Callable

import msgspec
from aiohttp import web

from services.registry.exchange.lookalikes import lookalikes
from services.registry.exchange.matching import Draft, apart, existing, found, without_circles
from services.registry.exchange.merging import doubts, laid_over, made
from services.registry.exchange.protocol import (
    Done,
    ImportOrganizations,
    Row,
    RowError,
    RowsImported,
    RowTaken,
    RowWarning,
)
from services.registry.exchange.reading import RowRefused, parted, values_of, with_parts
from services.registry.exchange.soundness import is_sound
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.rules import PUBLIC
from shared.clock import today
from shared.contracts.refusals import Refused
from shared.contracts.tidying import tidy
from shared.service.errors import json
from shared.service.importing import may_import
from shared.service.requests import VIEWER
from shared.service.writing import changed
from shared.store.port import Duplicate, Store, Transaction


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
        # the rows are tidied one by one, so that a bad one leaves the others alone
        asked = msgspec.structs.replace(asked, source=tidy(asked.source, "$.source"))
        for _ in range(3):
            try:
                imported = await store.transaction(lambda tx: _all(tx, asked))
            except Duplicate:
                # somebody else took an identifier meanwhile; the next try finds their record
                continue
            except _DryRun as dry:
                return json(dry.imported)
            committed()
            return json(imported)
        raise Refused(
            "REGISTER_CHANGED_MEANWHILE",
            pl="Ktoś zapisuje właśnie te same numery; z tych wierszy nic nie zapisano. Uruchom import ponownie.",
            en="Somebody is writing the same numbers; nothing of these rows was stored. Run the import again.",
            status=409,
        )

    return web.post("/v1/importOrganizations", answer)


async def _all(tx: Transaction, asked: ImportOrganizations) -> RowsImported:
    """First what every row comes to, then what stands between them, then the writing."""
    drafts: list[Draft] = []
    errors: list[RowError] = []
    warnings: list[RowWarning] = []
    for row in asked.rows:
        try:
            drafts.append(await _draft(tx, row, asked.source))
        except RowRefused as refused:
            errors.extend(refused.errors)
    drafts, doubled = apart(drafts)
    drafts, circling = await without_circles(tx, drafts)
    drafts, lost = await existing(tx, drafts, asked.assumed if asked.dry_run else ())
    for draft in drafts:
        if draft.done is not Done.UNCHANGED:
            warnings.extend(await lookalikes(tx, draft.row, draft.known, draft.written))
            if draft.known is not None:
                warnings.extend(doubts(draft.row, draft.known, draft.written))
            await tx.put(ORGANIZATIONS, draft.written)
            await changed(tx, "registry", "imported", draft.written, draft.written.district_ids)
    done = [draft.done for draft in drafts]
    imported = RowsImported(
        created=done.count(Done.CREATED),
        updated=done.count(Done.UPDATED),
        unchanged=done.count(Done.UNCHANGED),
        taken=tuple(_taken(draft) for draft in drafts),
        errors=(*errors, *doubled, *circling, *lost),
        warnings=tuple(warnings),
    )
    if asked.dry_run:
        raise _DryRun(imported)
    return imported


async def _draft(tx: Transaction, row: Row, source: str) -> Draft:
    whole, parts = parted(row.set)
    set_, fill = values_of(row, whole), values_of(row, row.fill)
    known = await found(tx, row, fill | set_)
    set_ |= values_of(row, with_parts(known, parts))
    if known is None:
        new = made(row, fill | set_, source, today())
        is_sound(row, None, new)
        return Draft(row, None, new)
    written = laid_over(row, known, set_, fill, source, today())
    is_sound(row, known, written)
    return Draft(row, known, written)


def _taken(draft: Draft) -> RowTaken:
    one = draft.written
    return RowTaken(
        row=draft.row.number,
        done=draft.done,
        id=one.id,
        krs=one.krs,
        nip=one.nip,
        regon=one.regon,
        public=one.status in PUBLIC,
    )
