"""`python -m services.registry import FILE…` and `… export FORMAT`.

Both talk to a running registry over HTTP, never to its database: so its rules decide, its transactions keep out
clashes with what people write at the same time, its changes reach the bus, and a token says who may. An import that
was broken off is simply run again: what is there already is left unchanged.
"""

import argparse
import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path

import aiohttp
from tqdm import tqdm

from services.registry.exchange import districts
from services.registry.exchange.files import rows, source_of
from services.registry.exchange.sending import Declined, Outcome, Sending, declined
from shared.contracts.refusals import Refused
from shared.environment import text

FORMATS = {
    "csv": "organizations.csv",
    "jsonl": "organizations.jsonl",
    "dcat.jsonld": "organizations.dcat.jsonld",
    "360giving": "grants.360giving.json",
    "districts": "districts.jsonl",
}
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=5, sock_read=120)
_AWAY = (aiohttp.ClientError, TimeoutError, ConnectionError)


class BrokenOff(Exception):
    """Nothing more can be sent. Says how far the import came."""


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
    importing.add_argument("--source", help="what the changed fields' provenance names; by default, the kind of file")
    importing.set_defaults(run=_import)
    exporting = commands.add_parser("export", help="the public register, to standard output or a file")
    exporting.add_argument("format", choices=tuple(FORMATS))
    exporting.add_argument("--output", type=Path)
    exporting.set_defaults(run=_export)
    for command in (importing, exporting):
        command.add_argument("--url", default=text("REGISTRY_URL", "http://127.0.0.1:8081"), help="or REGISTRY_URL")
    given = parser.parse_args(arguments)
    given.url = given.url.rstrip("/")
    try:
        given.run(given)
    except BrokenOff as broken:
        raise SystemExit(str(broken)) from None
    except (Refused, *_AWAY) as error:
        raise SystemExit(" / ".join(_said(error))) from None
    except OSError as error:
        raise SystemExit(f"{error.filename or given.url}: {error.strerror or error}") from None


def _import(given: argparse.Namespace) -> None:
    whole = [_one_file(path, given) for path in given.files]
    sys.exit(0 if all(whole) else 1)


def _one_file(path: Path, given: argparse.Namespace) -> bool:
    """Whether every row was taken. A bad file leaves the others alone; a registry that is away does not."""
    if districts.are_in(path):
        sending = districts.send(given.url, given.token, path.name, districts.lines_of(path), given.dry_run)
        sys.stdout.write(f"{path.name}: {asyncio.run(sending)}\n")
        return True
    outcome = Outcome()
    try:
        with tqdm(unit=" rows", desc=path.name, disable=None) as bar:
            asyncio.run(_send(path, given, outcome, bar))
    except (Refused, OSError, *_AWAY, KeyboardInterrupt) as error:
        _report(path, outcome)
        told = _how_far(path, outcome, error, dry_run=given.dry_run)
        if isinstance(error, (Declined, KeyboardInterrupt, *_AWAY)):
            raise BrokenOff(told) from None
        sys.stderr.write(f"{told}\n")
        return False
    _report(path, outcome)
    sys.stdout.write(f"{path.name}: {outcome}{' (dry run, nothing stored)' if given.dry_run else ''}\n")
    return not outcome.errors


async def _send(path: Path, given: argparse.Namespace, outcome: Outcome, bar: tqdm) -> None:  # type: ignore[type-arg]  # tqdm is generic for type checkers only
    headers = {"Authorization": f"Bearer {given.token}"}
    async with aiohttp.ClientSession(headers=headers, timeout=TIMEOUT) as session:
        source = given.source or source_of(path)
        await Sending(session, given.url, source, given.dry_run, outcome, bar).all(rows(path))


def _report(path: Path, outcome: Outcome) -> None:
    told = [(one, "") for one in outcome.errors] + [(one, "uwaga / warning: ") for one in outcome.warnings]
    for one, kind in sorted(told, key=lambda each: each[0].row):
        place = f"{path.name}:{one.row}" + (f" {one.column}" if one.column else "")
        sys.stderr.write(f"{place}: {kind}{one.pl} / {one.en} [{one.code}]\n")


def _how_far(path: Path, outcome: Outcome, error: BaseException, *, dry_run: bool) -> str:
    why_pl, why_en = (one.rstrip(".") for one in _said(error))
    if dry_run or not outcome.asked:
        return f"{path.name}: {why_pl}. Nic nie zapisano. / {why_en}. Nothing was stored."
    unsure = outcome.asked - outcome.answered
    pl = f"; co do {unsure} dalszych nie wiadomo, bo nie przyszła odpowiedź" if unsure else ""
    en = f"; of {unsure} more it is not known, because no answer came" if unsure else ""
    return (
        f"{path.name}: przerwano: {why_pl}. Zapisano wierszy: {outcome.stored} ({outcome}){pl}. Uruchom import "
        "ponownie: to bezpieczne, co już zapisano, zostanie bez zmian. / "
        f"Broken off: {why_en}. Rows stored: {outcome.stored} ({outcome}){en}. Run the import again: that is safe, "
        "what is stored stays as it is."
    )


def _said(error: BaseException) -> tuple[str, str]:
    match error:
        case Refused():
            return error.pl, error.en
        case KeyboardInterrupt():
            return "Ctrl-C", "Ctrl-C"
        case aiohttp.ClientError() | TimeoutError() | ConnectionError():
            why = str(error) or type(error).__name__
            return f"rejestr nie odpowiada ({why})", f"the registry does not answer ({why})"
        case FileNotFoundError():
            return "nie ma takiego pliku", "there is no such file"
        case OSError():
            return (error.strerror or str(error),) * 2
    return str(error), str(error)


def _export(given: argparse.Namespace) -> None:
    asyncio.run(export(given.url, given.format, given.output))


async def export(url: str, format_: str, out: Path | None) -> None:
    """A file that is not whole is taken away again: nobody should mistake it for the register."""
    async with (
        aiohttp.ClientSession(timeout=TIMEOUT) as session,
        session.get(f"{url}/v1/export/{FORMATS[format_]}") as answer,
    ):
        if answer.status != 200:
            raise declined(answer.status, await answer.read())
        partial = out.with_name(f"{out.name}.part") if out else None
        try:
            with partial.open("wb") if partial else nullcontext(sys.stdout.buffer) as file:
                async for chunk in answer.content.iter_chunked(1 << 16):
                    file.write(chunk)
            if partial and out:
                partial.replace(out)
        except BaseException:
            if partial:
                partial.unlink(missing_ok=True)
            raise
