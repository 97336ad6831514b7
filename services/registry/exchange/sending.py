"""Rows of a file to a running registry, some at a time; and what became of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

import aiohttp
import msgspec
from tqdm import tqdm

from services.registry.exchange.matching import same_as_earlier
from services.registry.exchange.protocol import (
    IDENTIFIERS,
    REFERENCES,
    ROWS_MAX,
    Done,
    ImportOrganizations,
    Row,
    RowError,
    RowsImported,
    RowWarning,
)
from services.registry.submissions.rules import unpadded
from shared.contracts.base import encode
from shared.contracts.refusals import Refused


@dataclass
class Outcome:
    """Kept up to date while the import runs, so that one which breaks off can say how far it came."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    asked: int = 0
    answered: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)

    def __str__(self) -> str:
        said = (
            f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, "
            f"errors in {len({error.row for error in self.errors})} rows"
        )
        return said + (f", warnings for {len({one.row for one in self.warnings})}" if self.warnings else "")

    @property
    def stored(self) -> int:
        return self.created + self.updated


@dataclass
class Sending:
    """One file on its way. What earlier rows were about is remembered by its numbers: the registry sees only some rows
    at a time, and a later row must not overwrite what an earlier one brought."""

    session: aiohttp.ClientSession
    url: str
    source: str
    dry_run: bool
    outcome: Outcome
    bar: tqdm  # type: ignore[type-arg]  # tqdm is generic for type checkers only
    seen: dict[str, int] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)

    async def all(self, given: Iterable[Row | RowError]) -> None:
        """Rows that name organisations which are not there yet wait for the rest of the file. Raises Refused."""
        waiting: dict[int, tuple[Row, list[RowError]]] = {}
        for some in batched(given, ROWS_MAX, strict=False):
            self.outcome.errors += [one for one in some if isinstance(one, RowError)]
            waiting |= await self._send([one for one in some if isinstance(one, Row)])
            self.bar.update(len(some))
        before = 0
        while waiting and len(waiting) != before:
            before = len(waiting)
            again = list(_named_first({row.number: row for row, _ in waiting.values()}))
            waiting = {}
            for some_rows in batched(again, ROWS_MAX, strict=False):
                waiting |= await self._send(list(some_rows))
        self.outcome.errors += [error for _, errors in waiting.values() for error in errors]

    async def _send(self, rows: list[Row]) -> dict[int, tuple[Row, list[RowError]]]:
        """The rows that may be tried again once others are there, with what is wrong with them now."""
        rows = [row for row in rows if self._is_new(row)]
        if not rows:
            return {}
        refers = {id_ for row in rows for id_ in _refers_to(row)}
        asked = ImportOrganizations(
            rows=tuple(rows),
            source=self.source,
            dry_run=self.dry_run,
            assumed=tuple(sorted(refers & self.created)) if self.dry_run else (),
        )
        self.outcome.asked += len(rows)
        imported = msgspec.json.decode(await self._post(encode(asked)), type=RowsImported)
        self.outcome.answered += len(rows)
        self.outcome.created += imported.created
        self.outcome.updated += imported.updated
        self.outcome.unchanged += imported.unchanged
        self.outcome.warnings += imported.warnings
        for taken in imported.taken:
            if taken.done is Done.CREATED and taken.public:
                self.created.add(taken.id)
            for name in ("id", *IDENTIFIERS):
                if getattr(taken, name) is not None:
                    self.seen.setdefault(_claim(name, getattr(taken, name)), taken.row)
        return self._waiting({row.number: row for row in rows}, imported.errors)

    async def _post(self, body: bytes) -> bytes:
        try:
            async with self.session.post(f"{self.url}/v1/importOrganizations", data=body) as answer:
                read = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL):
            self._nothing_of_it()
            raise
        if answer.status == 200:
            return read
        if answer.status < 500 or answer.status == 503:
            self._nothing_of_it()
        raise declined(answer.status, read)

    def _nothing_of_it(self) -> None:
        """Of what was asked last nothing was stored: it did not arrive, or the answer says so."""
        self.outcome.asked = self.outcome.answered

    def _is_new(self, row: Row) -> bool:
        """Whether no row that was taken was about the same organisation."""
        for claim in _claims(row):
            earlier = self.seen.get(claim)
            if earlier is not None:
                self.outcome.errors.append(same_as_earlier(row, claim, earlier))
                return False
        return True

    def _waiting(self, rows: dict[int, Row], errors: Iterable[RowError]) -> dict[int, tuple[Row, list[RowError]]]:
        by_row: dict[int, list[RowError]] = {}
        for error in errors:
            by_row.setdefault(error.row, []).append(error)
        found = {}
        for number, some in by_row.items():
            if all(error.code == "UNKNOWN_ID" for error in some):
                found[number] = (rows[number], some)
            else:
                self.outcome.errors += some
        return found


class Declined(Refused):
    """By the registry: it concerns every row and file, not one."""


def declined(status: int, body: bytes) -> Declined:
    try:
        problem = msgspec.json.decode(body)["errors"][0]
        code, said = problem["code"], problem["message"]
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, ValueError):
        return Declined(
            "DECLINED",
            pl=f"to nie jest odpowiedź rejestru (HTTP {status}); sprawdź --url",
            en=f"this is no answer of a registry (HTTP {status}); check --url",
        )
    return Declined(
        "DECLINED",
        pl=f"rejestr odmówił: {said} [{code}]",
        en=f"the registry declined: HTTP {status}, {code}"
        + {401: "; give the token of an operator", 403: "; give the token of an operator"}.get(status, ""),
    )


def _claims(row: Row) -> Iterator[str]:
    for name in ("id", *IDENTIFIERS):
        value = row.set.get(name)
        if isinstance(value, str) and value.strip():
            value = value.strip()
            yield _claim(name, unpadded(value) if name == "regon" else value)


def _claim(name: str, value: str) -> str:
    return f"{name if name == 'id' else name.upper()} {value}"


def _refers_to(row: Row) -> Iterator[str]:
    for name in REFERENCES:
        value: Any = row.set.get(name)
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _named_first(rows: dict[int, Row]) -> Iterator[Row]:
    """In an order in which a row stands behind those it names, and rows that name each other stand together."""
    by_id = {row.set.get("id"): row for row in rows.values() if isinstance(row.set.get("id"), str)}
    gone: set[int] = set()
    for start in rows.values():
        path = [(start, iter(tuple(_refers_to(start))))]
        if start.number in gone:
            continue
        gone.add(start.number)
        while path:
            row, named = path[-1]
            following = next((by_id[id_] for id_ in named if id_ in by_id and by_id[id_].number not in gone), None)
            if following is None:
                path.pop()
                yield row
            else:
                gone.add(following.number)
                path.append((following, iter(tuple(_refers_to(following)))))
