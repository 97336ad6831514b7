"""`python -m services.registry import FILE…` and `… export FORMAT`.

Both talk to a running registry over HTTP, never to its database: so its rules decide, its transactions keep out
clashes with what people write at the same time, its changes reach the bus, and a token says who may. An import that
was broken off is simply run again: what is there already is left unchanged.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

import aiohttp
import msgspec
from tqdm import tqdm

from services.registry.exchange.files import rows
from services.registry.exchange.protocol import ROWS_MAX, ImportOrganizations, Row, RowError, RowsImported
from shared.contracts.base import encode
from shared.contracts.refusals import Refused
from shared.environment import text

FORMATS = ("csv", "jsonl", "dcat.jsonld")
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=5, sock_read=120)


@dataclass
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, "
            f"errors in {len({error.row for error in self.errors})} rows"
        )


async def import_rows(url: str, token: str, given: Iterator[Row | RowError], dry_run: bool, bar: tqdm) -> Outcome:  # type: ignore[type-arg]  # tqdm is generic for type checkers only
    """Raises Refused for what stops the whole import."""
    outcome = Outcome()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT) as session:
        for some in batched(given, ROWS_MAX, strict=False):
            outcome.errors += [one for one in some if isinstance(one, RowError)]
            asked = ImportOrganizations(rows=tuple(one for one in some if isinstance(one, Row)), dry_run=dry_run)
            async with session.post(f"{url}/v1/importOrganizations", data=encode(asked)) as answer:
                body = await answer.read()
                if answer.status != 200:
                    raise _declined(answer.status, body)
            imported = msgspec.json.decode(body, type=RowsImported)
            outcome.created += imported.created
            outcome.updated += imported.updated
            outcome.unchanged += imported.unchanged
            outcome.errors += imported.errors
            bar.update(len(some))
    return outcome


async def export(url: str, format_: str, out: Path | None) -> None:
    async with (
        aiohttp.ClientSession(timeout=TIMEOUT) as session,
        session.get(f"{url}/v1/export/organizations.{format_}") as answer,
    ):
        if answer.status != 200:
            raise _declined(answer.status, await answer.read())
        with out.open("wb") if out else nullcontext(sys.stdout.buffer) as file:
            async for chunk in answer.content.iter_chunked(1 << 16):
                file.write(chunk)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m services.registry", description="Without arguments: the registry as a process."
    )
    commands = parser.add_subparsers(required=True)
    importing = commands.add_parser(
        "import", help="CSV, JSON Lines, or extracts of the KRS register (.json)", description=__doc__
    )
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE")
    importing.add_argument("--dry-run", action="store_true", help="say what would become of each row; store nothing")
    importing.add_argument("--token", default=text("TOKEN", ""), help="of an operator; or TOKEN in the environment")
    importing.set_defaults(run=_import)
    exporting = commands.add_parser("export", help="the public register, to standard output or a file")
    exporting.add_argument("format", choices=FORMATS)
    exporting.add_argument("--output", type=Path)
    exporting.set_defaults(run=_export)
    for command in (importing, exporting):
        command.add_argument("--url", default=text("REGISTRY_URL", "http://127.0.0.1:8081"), help="or REGISTRY_URL")
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except Refused as refused:
        raise SystemExit(f"{refused.pl} / {refused.en}") from None
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        raise SystemExit(f"{given.url}: {error or type(error).__name__}") from None


def _import(given: argparse.Namespace) -> None:
    failed = False
    for path in given.files:
        with tqdm(unit=" rows", desc=path.name, disable=None) as bar:
            found = rows(path)
            outcome = asyncio.run(import_rows(given.url.rstrip("/"), given.token, found, given.dry_run, bar))
        for error in sorted(outcome.errors, key=lambda each: each.row):
            place = f"{path.name}:{error.row}" + (f" {error.column}" if error.column else "")
            sys.stderr.write(f"{place}: {error.pl} / {error.en} [{error.code}]\n")
        sys.stdout.write(f"{path.name}: {outcome}{' (dry run, nothing stored)' if given.dry_run else ''}\n")
        failed = failed or bool(outcome.errors)
    sys.exit(1 if failed else 0)


def _export(given: argparse.Namespace) -> None:
    asyncio.run(export(given.url.rstrip("/"), given.format, given.output))


def _declined(status: int, body: bytes) -> Refused:
    try:
        (problem,) = msgspec.json.decode(body)["errors"]
        said = f"{problem['message']} [{problem['code']}]"
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        said = f"HTTP {status}"
    return Refused("DECLINED", pl=f"rejestr odmówił: {said}", en=f"the registry declined: HTTP {status}")
