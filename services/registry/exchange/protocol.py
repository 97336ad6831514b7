"""What the import program and the registry say to each other: rows, and what became of them."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.base import Command, Id, Line, Record

ROWS_MAX = 200
IDENTIFIERS = ("krs", "nip", "regon")
REFERENCES = ("parentId", "operatorId", "founderIds", "federationIds")
"""The fields of a row that name other organisations."""


class Row(Command, frozen=True, kw_only=True):
    """`set` is what the file says; `fill` counts only where the register has nothing yet. A name and a legal form in
    `fill` are those of an official register: they count where they contradict what is there, and are warned of."""

    number: int
    set: dict[str, Any]
    fill: dict[str, Any] = msgspec.field(default_factory=dict)


class ImportOrganizations(Command, frozen=True, kw_only=True):
    """`source` is what the provenance of every field names that these rows change."""

    rows: Annotated[tuple[Row, ...], Meta(max_length=ROWS_MAX)]
    source: Line = "import"
    dry_run: bool = False
    assumed: Annotated[
        tuple[Id, ...], Meta(max_length=20_000, description="Of a dry run: what earlier rows would have brought")
    ] = ()


class RowError(Record, frozen=True, kw_only=True):
    row: int
    column: str | None = None
    code: str
    pl: str
    en: str


class RowWarning(RowError, frozen=True, kw_only=True):
    """The row was taken, but somebody should look at it. `ids`: the other organisations it is about."""

    ids: tuple[Id, ...] = ()


class Done(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class RowTaken(Record, frozen=True, kw_only=True):
    """Which organisation a row was about. By its numbers the program sees when a later row is about the same one."""

    row: int
    done: Done
    id: Id
    krs: str | None = None
    nip: str | None = None
    regon: str | None = None
    public: Annotated[bool, Meta(description="Whether other rows may name it")] = True


class RowsImported(Record, frozen=True, kw_only=True):
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    taken: tuple[RowTaken, ...] = ()
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowWarning, ...] = ()
