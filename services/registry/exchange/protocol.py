"""What the import program and the registry say to each other: rows, and what became of them."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.base import Command, Record

ROWS_MAX = 200


class Row(Command, frozen=True, kw_only=True):
    """`set` is what the file says; `fill` counts only where the register has nothing yet."""

    number: int
    set: dict[str, Any]
    fill: dict[str, Any] = msgspec.field(default_factory=dict)


class ImportOrganizations(Command, frozen=True, kw_only=True):
    rows: Annotated[tuple[Row, ...], Meta(max_length=ROWS_MAX)]
    dry_run: bool = False


class RowError(Record, frozen=True, kw_only=True):
    row: int
    column: str | None = None
    code: str
    pl: str
    en: str


class RowsImported(Record, frozen=True, kw_only=True):
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: tuple[RowError, ...] = ()
