"""A row laid over the record that is there: what changes, by which source, and what is refused; pure decisions."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from services.registry.amendments.rules import benefit_fits_its_days
from services.registry.exchange import statuses
from services.registry.exchange.krs import is_another_form, is_another_name
from services.registry.exchange.protocol import Row, RowWarning
from services.registry.exchange.reading import NAMES, RowRefused, error, missing
from services.registry.exchange.statuses import STATUS
from services.registry.organisations.collections import StoredOrganization
from shared.clock import now
from shared.contracts.organisations import FieldSource, OrganizationStatus
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.replacing import next_version

UNSOURCED = frozenset({"id", "provenance"})
"""What needs no source of its own."""
_EMPTY: tuple[Any, ...] = (None, (), False)
_OFFICIAL = ("name", "legal_form")
"""Of these an official register is the authority."""


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
        history = statuses.steps(told)
        named = [NAMES[name] for name, value in given.items() if value not in _EMPTY and name not in UNSOURCED]
        named = [name for name in named if name != STATUS or not history]
        given["provenance"] = (*history, *provenance((), told, named, source, on))
    start: dict[str, Any] = {"id": new_id("org"), "status": OrganizationStatus.PUBLISHED}
    given = start | given
    given.setdefault("decision_reason", statuses.reason_of(given["status"], told))
    new = StoredOrganization(**given, version=1, created_at=moment, updated_at=moment)
    statuses.may_start(row, new, on)
    _benefit_is_sound(row, None, new, on)
    return new


def laid_over(
    row: Row, known: StoredOrganization, set_: dict[str, Any], fill: dict[str, Any], source: str, on: date
) -> StoredOrganization:
    """The record's next version, or the record itself where the row says nothing new. Raises RowRefused."""
    filled = {name: value for name, value in fill.items() if _is_taken(known, name, value)}
    changes = {name: value for name, value in (filled | set_).items() if getattr(known, name) != value}
    changes.pop("id", None)  # the register's own id stays, whatever the file calls it
    told = changes.pop("provenance", None)
    sources = provenance(known.provenance, told, [NAMES[name] for name in changes], source, on)
    if sources != known.provenance:
        changes["provenance"] = sources
    if not changes:
        return known
    statuses.stands(row, known, changes, on)
    written = next_version(
        known,
        **changes,
    )
    _benefit_is_sound(row, known, written, on)
    return written


def provenance(
    known: tuple[FieldSource, ...],
    told: tuple[FieldSource, ...] | None,
    changed: Collection[str],
    source: str,
    on: date,
) -> tuple[FieldSource, ...]:
    """Where each field comes from after an import changed some.

    `told` is what the file itself says of that. It is believed where it is newer than what is known here, or where
    nothing is: an older source must not come back, and a file sent again must change nothing. Of the status every step
    stays that was taken here, and none of another register is added: an import changes no status.
    """
    before = {one.field: one for one in known}
    says = {one.field: one for one in told or () if one.field != STATUS}
    new: dict[str, FieldSource] = {}
    for field in dict.fromkeys((*says, *changed)):
        was, claimed = before.get(field), says.get(field)
        if claimed is not None and (was is None or claimed.on > was.on):
            new[field] = claimed
        elif field in changed:
            new[field] = FieldSource(field=field, source=source, on=on)
    if all(before.get(field) == one for field, one in new.items()):
        return known
    return (*(one for one in known if one.field not in new), *new.values())


def doubts(row: Row, known: StoredOrganization, written: StoredOrganization) -> Iterator[RowWarning]:
    """What an import may do, but somebody should look at."""
    for official in _OFFICIAL:
        was, now_ = getattr(known, official), getattr(written, official)
        if was != now_ and NAMES[official] in row.fill:
            yield RowWarning(
                row=row.number,
                column=NAMES[official],
                code="OFFICIAL_VALUE",
                pl=f"organizacja {known.id}: przejęto z urzędowego rejestru „{now_}”; było: „{was}”",
                en=f"of the organisation {known.id} the official register's “{now_}” was taken; it was “{was}”",
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


def _is_taken(known: StoredOrganization, name: str, value: Any) -> bool:
    """Whether what only fills in is taken: where there is nothing, and where an official register says otherwise."""
    there = getattr(known, name)
    if name == "name":
        return is_another_name(value, (known.name, *known.aliases))
    if name == "legal_form":
        return is_another_form(value, there)
    return there in _EMPTY


def _benefit_is_sound(row: Row, known: StoredOrganization | None, written: StoredOrganization, on: date) -> None:
    try:
        benefit_fits_its_days(known, written, on)
    except Refused as refused:
        raise RowRefused(error(row, refused.field, refused.code, refused.pl, refused.en)) from None


_ATTRIBUTES = {name: attribute for attribute, name in NAMES.items()}
