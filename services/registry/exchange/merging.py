"""A row laid over the record that is there: what changes, by which source, and what is refused; pure decisions."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import msgspec

from services.registry.exchange.protocol import Row, RowWarning
from services.registry.exchange.reading import NAMES, RowRefused, error, missing
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import PUBLIC
from shared.clock import after, now
from shared.contracts.organisations import FieldSource, OrganizationStatus
from shared.ids import new_id

UNSOURCED = frozenset({"id", "provenance"})
"""What needs no source of its own."""
_EMPTY: tuple[Any, ...] = (None, (), False)
_AWAITING = (OrganizationStatus.SUBMITTED, OrganizationStatus.VERIFIED)


def made(row: Row, values: dict[str, Any], source: str, on: date) -> StoredOrganization:
    """A new record: published unless the row says otherwise."""
    lacking = [missing(row, NAMES[name]) for name in ("name", "legal_form") if name not in values]
    if lacking:
        raise RowRefused(*lacking)
    moment = now()
    given = {name: value for name, value in values.items() if value is not None}
    told = given.get("provenance")
    if "id" not in given or told is None:
        # a record of another register comes with its id, and with its provenance as it stood there
        named = [NAMES[name] for name, value in given.items() if value not in _EMPTY and name not in UNSOURCED]
        given["provenance"] = provenance((), told, named, source, on)
    start: dict[str, Any] = {"id": new_id("org"), "status": OrganizationStatus.PUBLISHED}
    return StoredOrganization(**(start | given), version=1, created_at=moment, updated_at=moment)


def laid_over(
    row: Row, known: StoredOrganization, set_: dict[str, Any], fill: dict[str, Any], source: str, on: date
) -> StoredOrganization:
    """The record's next version, or the record itself where the row says nothing new. Raises RowRefused."""
    filled = {name: value for name, value in fill.items() if getattr(known, name) in _EMPTY}
    changes = {name: value for name, value in (filled | set_).items() if getattr(known, name) != value}
    changes.pop("id", None)  # the register's own id stays, whatever the file calls it
    told = changes.pop("provenance", None)
    sources = provenance(known.provenance, told, [NAMES[name] for name in changes], source, on)
    if sources != known.provenance:
        changes["provenance"] = sources
    if not changes:
        return known
    _may_become(row, known, changes.get("status", known.status))
    if changes.get("status") is OrganizationStatus.PUBLISHED:
        changes["decision_reason"] = None  # of what is published everybody would read it
    return msgspec.structs.replace(known, **changes, version=known.version + 1, updated_at=after(known.updated_at))


def provenance(
    known: tuple[FieldSource, ...],
    told: tuple[FieldSource, ...] | None,
    changed: Collection[str],
    source: str,
    on: date,
) -> tuple[FieldSource, ...]:
    """Where each field comes from after an import changed some.

    `told` is what the file itself says of that. It is believed where it is newer than what is known here, or where
    nothing is: an older source must not come back, and a file sent again must change nothing.
    """
    before = {one.field: one for one in known}
    says = {one.field: one for one in told or ()}
    found: dict[str, FieldSource] = {}
    for field in dict.fromkeys((*says, *before, *changed)):
        was, claimed = before.get(field), says.get(field)
        if claimed is not None and (was is None or claimed.on > was.on):
            found[field] = claimed
        elif field in changed:
            found[field] = FieldSource(field=field, source=source, on=on)
        elif was is not None:
            found[field] = was
    return known if set(found.values()) == set(known) else tuple(found.values())


def doubts(row: Row, known: StoredOrganization, written: StoredOrganization) -> Iterator[RowWarning]:
    """What an import may do, but somebody should look at."""
    if known.status is not written.status:
        yield RowWarning(
            row=row.number,
            column="status",
            code="STATUS_CHANGED",
            pl=f"stan organizacji {known.id} zmieniono z {known.status} na {written.status}",
            en=f"the status of {known.id} was changed from {known.status} to {written.status}",
            ids=(known.id,),
        )
    for one in known.provenance:
        attribute = _ATTRIBUTES.get(one.field)
        if one.decision_id is None or attribute is None or getattr(known, attribute) == getattr(written, attribute):
            continue
        yield RowWarning(
            row=row.number,
            column=one.field,
            code="CORRECTION_OVERWRITTEN",
            pl=f"tę wartość poprawiono w rejestrze {one.on} decyzją {one.decision_id}; import ją zmienił",
            en=f"this value was corrected in the register on {one.on} by {one.decision_id}; the import changed it",
            ids=(known.id,),
        )


def _may_become(row: Row, known: StoredOrganization, status: OrganizationStatus) -> None:
    """A submission belongs to those who decide on it, a rejected one comes back only as public, and what is public
    stays so."""
    if known.status in _AWAITING:
        raise RowRefused(
            error(
                row,
                None,
                "AWAITS_DECISION",
                f"to zgłoszenie {known.id} w stanie {known.status}: najpierw o nim zdecyduj (reviewOrganization), "
                "potem importuj ponownie",
                f"this is the submission {known.id}, {known.status}: decide on it first (reviewOrganization), "
                "then import again",
            )
        )
    if status not in PUBLIC:
        possible = ", ".join(PUBLIC)
        raise RowRefused(
            error(
                row,
                "status",
                "WRONG_STATUS",
                f"organizacja {known.id} ma stan {known.status}; import może jej nadać tylko: {possible}",
                f"the organisation {known.id} is {known.status}; an import can only make it: {possible}",
            )
        )


_ATTRIBUTES = {name: attribute for attribute, name in NAMES.items()}
