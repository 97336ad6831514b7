"""Files as rows for the import: CSV, JSON Lines, and extracts of the KRS register; known by their endings."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from services.registry.exchange import krs
from services.registry.exchange.columns import BY_NAME, record_of
from services.registry.exchange.protocol import Row, RowError
from shared.contracts.refusals import Refused

csv.field_size_limit(10_000_000)


def rows(path: Path) -> Iterator[Row | RowError]:
    """Numbered as a spreadsheet shows them: of a table, the first row after the header is 2. Raises Refused."""
    match path.suffix.lower():
        case ".csv":
            yield from _of_table(path)
        case ".jsonl":
            yield from _of_lines(path)
        case ".json":
            set_, fill = krs.row_of(path.read_bytes())
            yield Row(number=1, set=set_, fill=fill)
        case _:
            raise Refused(
                "FORMAT_UNKNOWN",
                pl="Plik ma mieć rozszerzenie .csv, .jsonl albo .json (odpis z KRS).",
                en="The file must end in .csv, .jsonl or .json (an extract of the KRS register).",
            )


def _of_table(path: Path) -> Iterator[Row | RowError]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            # spreadsheets with Polish settings write semicolons
            reader = csv.reader(file, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
            header = [name.strip() for name in next(reader, [])]
            _columns_are_known(header)
            for number, line in enumerate(reader, start=2):
                if not any(cell.strip() for cell in line):
                    continue
                if len(line) > len(header):
                    pl, en = "więcej komórek niż kolumn", "there are more cells than columns"
                    yield RowError(row=number, code="TOO_MANY_CELLS", pl=pl, en=en)
                else:
                    yield Row(number=number, set=record_of(dict(zip(header, line, strict=False))))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused(
            "NOT_A_TABLE",
            pl=f"To nie jest poprawny plik CSV w UTF-8: {error}.",
            en=f"This is not a well-formed CSV file in UTF-8: {error}.",
        ) from None


def _columns_are_known(header: list[str]) -> None:
    strange = [name for name in header if name not in BY_NAME] or [n for n in header if header.count(n) > 1]
    if strange or not header:
        raise Refused(
            "COLUMNS_UNKNOWN",
            pl=f"Nieznane lub powtórzone kolumny: {', '.join(strange) or '(brak)'}. Możliwe: {', '.join(BY_NAME)}.",
            en=f"Unknown or repeated columns: {', '.join(strange) or '(none)'}. Possible: {', '.join(BY_NAME)}.",
        )


def _of_lines(path: Path) -> Iterator[Row | RowError]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield Row(number=number, set=msgspec.json.decode(line, type=dict[str, Any]))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                pl, en = f"to nie jest wiersz JSON: {error}", f"this is no line of JSON: {error}"
                yield RowError(row=number, code="NOT_JSON", pl=pl, en=en)
