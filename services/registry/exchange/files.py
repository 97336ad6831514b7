"""Files as rows for the import: CSV, JSON Lines, and extracts of the KRS register; known by their endings."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from services.registry.exchange import krs
from services.registry.exchange.columns import BY_NAME, record_of
from services.registry.exchange.protocol import Row, RowError
from services.registry.exchange.reading import TOO_DEEP
from shared.contracts.paths import nested_deeply
from shared.contracts.refusals import Refused

csv.field_size_limit(10_000_000)
_SOURCES = {".csv": "import CSV", ".jsonl": "import JSON Lines", ".json": "KRS"}


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


def source_of(path: Path) -> str:
    """What a field's provenance names, if nothing better is given."""
    return _SOURCES.get(path.suffix.lower(), "import")


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
                    yield _row(number, record_of(dict(zip(header, line, strict=False))))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused(
            "NOT_A_TABLE",
            pl=f"To nie jest poprawny plik CSV w UTF-8: {error}.",
            en=f"This is not a well-formed CSV file in UTF-8: {error}.",
        ) from None


def _columns_are_known(header: list[str]) -> None:
    strange = [name for name in header if name not in BY_NAME] or [n for n in header if header.count(n) > 1]
    if strange or not header:
        shown = ", ".join(f"„{name[:60]}”" for name in dict.fromkeys(strange[:10]))
        raise Refused(
            "COLUMNS_UNKNOWN",
            pl=f"Nieznane lub powtórzone kolumny: {shown or '(brak)'}. Możliwe: {', '.join(BY_NAME)}.",
            en=f"Unknown or repeated columns: {shown or '(none)'}. Possible: {', '.join(BY_NAME)}.",
        )


def _of_lines(path: Path) -> Iterator[Row | RowError]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield _row(number, msgspec.json.decode(line, type=dict[str, Any]))
            except RecursionError:
                yield RowError(row=number, code="NESTED_TOO_DEEPLY", pl=TOO_DEEP[0], en=TOO_DEEP[1])
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                pl, en = f"to nie jest wiersz JSON: {error}", f"this is no line of JSON: {error}"
                yield RowError(row=number, code="NOT_JSON", pl=pl, en=en)


def _row(number: int, record: dict[str, Any]) -> Row | RowError:
    """What is nested more deeply than any field could not even be sent."""
    for name, value in record.items():
        if nested_deeply(value):
            return RowError(row=number, column=name[:100], code="NESTED_TOO_DEEPLY", pl=TOO_DEEP[0], en=TOO_DEEP[1])
    return Row(number=number, set=record)
