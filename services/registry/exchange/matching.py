"""Which organisation a row is about, whether its numbers are free, and whether those exist that it names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from services.registry.amendments import rules
from services.registry.amendments.commands import alone, ancestors
from services.registry.centres.collections import DISTRICTS
from services.registry.exchange.protocol import IDENTIFIERS, REFERENCES, Done, Row, RowError
from services.registry.exchange.reading import ATTRIBUTES, RowRefused, error
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import PUBLIC
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.refusals import Refused
from shared.store.port import Eq, Query, Transaction


class Draft(NamedTuple):
    """What a row comes to: the record it found, and what is to be written. They are one where nothing changes."""

    row: Row
    known: StoredOrganization | None
    written: StoredOrganization

    @property
    def done(self) -> Done:
        if self.known is None:
            return Done.CREATED
        return Done.UNCHANGED if self.written is self.known else Done.UPDATED


async def found(tx: Transaction, row: Row, values: Mapping[str, Any]) -> StoredOrganization | None:
    """The one organisation that has the row's id or one of its numbers. Raises RowRefused."""
    by: dict[str, StoredOrganization] = {}
    id_ = values.get("id")
    if id_ is not None and (same := await tx.get(ORGANIZATIONS, id_)) is not None:
        by["id"] = same
    numbers = [(name, values[name]) for name in IDENTIFIERS if values.get(name) is not None]
    if not numbers and id_ is None:
        pl = "brak numeru KRS, NIP lub REGON (albo id), po którym można poznać organizację"
        en = "there is no KRS, NIP or REGON (or id) by which to know the organisation"
        raise RowRefused(error(row, None, "IDENTIFIER_REQUIRED", pl, en))
    by |= await _holders(tx, numbers)
    if len({one.id for one in by.values()}) > 1:
        whose = ", ".join(f"{name} → {one.id}" for name, one in by.items())
        pl = f"numery należą do różnych organizacji: {whose}"
        raise RowRefused(error(row, None, "AMBIGUOUS", pl, f"the numbers are of different organisations: {whose}"))
    if "id" not in by and (same := next(iter(by.values()), None)) is not None:
        _is_no_other_person(row, same, dict(numbers))
    return next(iter(by.values()), None)


def _is_no_other_person(row: Row, same: StoredOrganization, numbers: Mapping[str, str]) -> None:
    """One number that fits does not make two legal persons one, where another says that they are two."""
    known = {name: getattr(same, name) for name in numbers}
    others = {name: (known[name], given) for name, given in numbers.items() if known[name] not in (None, given)}
    if not others:
        return
    common = ", ".join(f"{name.upper()} {given}" for name, given in numbers.items() if known[name] == given)
    pl_, en_ = (
        ", ".join(f"{name.upper()} {there}{not_} {given}" for name, (there, given) in others.items())
        for not_ in (", w wierszu", ", in the row")
    )
    raise RowRefused(
        error(
            row,
            next(iter(others)),
            "AMBIGUOUS",
            f"{common} ma w rejestrze {same.id} „{same.name}”, ale to może być inny podmiot: {pl_}; popraw numer "
            "w pliku albo w rejestrze (updateOrganization), albo podaj w wierszu id",
            f"{common} is that of {same.id} “{same.name}”, but this may be somebody else: {en_}; correct the number in "
            "the file or in the register (updateOrganization), or give the id in the row",
        )
    )


def apart(drafts: Iterable[Draft]) -> tuple[list[Draft], list[RowError]]:
    """Rows about different organisations; of two about the same one, the second is refused: which is right, the file
    does not say."""
    kept: list[Draft] = []
    errors: list[RowError] = []
    owners: dict[str, Row] = {}
    for draft in drafts:
        claims = list(_claims(draft))
        clash = next((claim for claim in claims if claim in owners), None)
        if clash is not None:
            errors.append(same_as_earlier(draft.row, clash, owners[clash].number))
            continue
        owners |= dict.fromkeys(claims, draft.row)
        kept.append(draft)
    return kept, errors


def same_as_earlier(row: Row, what: str, earlier: int) -> RowError:
    return error(
        row,
        None,
        "AMBIGUOUS",
        f"ten wiersz i wiersz {earlier} dotyczą tej samej organizacji ({what}); zostaw w pliku jeden z nich",
        f"this row and row {earlier} are about the same organisation ({what}); keep one of them in the file",
    )


async def existing(tx: Transaction, drafts: list[Draft], assumed: Iterable[str]) -> tuple[list[Draft], list[RowError]]:
    """Rows that name only districts and organisations which are there, or which these rows bring."""
    named = [(draft, list(_named(draft))) for draft in drafts]
    asked = {id_ for _, places in named for _, id_ in places}
    there = set(assumed) | {one.id for one in await tx.get_many(DISTRICTS, sorted(i for i in asked if i[:3] == "dis"))}
    # of one that is not public nobody should come to know: a record that names it would show its id
    public = await tx.get_many(ORGANIZATIONS, sorted(i for i in asked if i[:3] == "org"))
    there |= {one.id for one in public if one.status in PUBLIC}
    errors: list[RowError] = []
    while True:
        brought = there | {draft.written.id for draft, _ in named if draft.written.status in PUBLIC}
        gone = [_lost(draft.row, place, i) for draft, places in named for place, i in places if i not in brought]
        if not gone:
            return [draft for draft, _ in named], errors
        errors += gone
        # a row that is refused brings nothing: whoever names it goes, too
        named = [(draft, places) for draft, places in named if all(id_ in brought for _, id_ in places)]


async def without_circles(tx: Transaction, drafts: list[Draft]) -> tuple[list[Draft], list[RowError]]:
    """Rows by which no organisation comes to stand above itself, with what the earlier rows make of the others."""
    kept: list[Draft] = []
    errors: list[RowError] = []
    parents: dict[str, str | None] = {}
    for draft in drafts:
        id_, parent = draft.written.id, draft.written.parent_id
        moved = parent is not None and (draft.known is None or draft.known.parent_id != parent)
        if moved and parent is not None:
            if not parents:
                await alone(tx)
            above = await ancestors(tx, parent, parents)
            try:
                rules.is_no_circle(id_, above)
                rules.is_not_too_deep(above)
            except Refused as refused:
                errors.append(error(draft.row, "parentId", refused.code, refused.pl, refused.en))
                continue
            parents[id_] = parent
        kept.append(draft)
    return kept, errors


def _lost(row: Row, place: str, id_: str) -> RowError:
    pl = f"nie ma {id_} ani wśród opublikowanych w rejestrze, ani w tym pliku"
    en = f"there is no {id_} among what the register publishes, nor in this file"
    return error(row, place, "UNKNOWN_ID", pl, en)


def _named(draft: Draft) -> Iterator[tuple[str, str]]:
    """The ids that a row newly puts into a record, by their place. What stood there before is not this row's."""
    for name in ("districtIds", *REFERENCES):
        value = getattr(draft.written, ATTRIBUTES[name])
        before = getattr(draft.known, ATTRIBUTES[name], None)
        if isinstance(value, tuple):
            for place, id_ in enumerate(value):
                if id_ not in (before or ()):
                    yield f"{name}.{place}", id_
        elif value is not None and value != before:
            yield name, value


def _claims(draft: Draft) -> Iterator[str]:
    """What only one row of a file may be about; numbers first, because they stand in the file."""
    both = [one for one in (draft.known, draft.written) if one is not None]
    for one in both:
        for name in IDENTIFIERS:
            number = getattr(one, name)
            if number is not None and one.status is not OrganizationStatus.REJECTED:
                yield f"{name.upper()} {number}"
    yield from (f"id {one.id}" for one in both)


async def _holders(tx: Transaction, numbers: list[tuple[str, str]]) -> dict[str, StoredOrganization]:
    pages = await tx.find_each([Query(ORGANIZATIONS, (Eq(name, number),), limit=1) for name, number in numbers])
    return {name: page[0] for (name, _), page in zip(numbers, pages, strict=True) if page}
