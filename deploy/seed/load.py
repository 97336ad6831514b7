"""Sends records to the services that keep them: `python -m deploy.seed.load --help`.

An import is idempotent by id, so whatever may have been lost on the way is simply sent again.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import msgspec
from tqdm import tqdm

from deploy.seed.records import SERVICE_OF, line_of, seed_records

LINES_MAX = 500
BYTES_MAX = 1_000_000
"""Just under what aiohttp accepts in a body when it is not told otherwise."""
RETRY_AFTER = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_PASSING = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)


class Envelope(msgspec.Struct):
    collection: str
    entity: msgspec.Raw


class Batch(NamedTuple):
    service: str
    numbers: tuple[int, ...]
    body: bytes


class LineError(msgspec.Struct):
    line: int
    message: str


class Answer(msgspec.Struct):
    stored: int
    unchanged: int
    errors: tuple[LineError, ...] = ()


@dataclass
class Outcome:
    stored: int = 0
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"stored {self.stored}, unchanged {self.unchanged}, errors {len(self.errors)}"


class LoadStopped(Exception):
    """A service does not answer, or refuses the token: sending more to it is of no use."""


async def load(
    urls: Mapping[str, str], token: str, lines: Iterable[bytes], progress: Callable[[int], object]
) -> Outcome:
    """Send all lines in their order. `urls` by service; `progress` is told how many lines are done."""
    outcome = Outcome()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/jsonl"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=120)) as session:
        for batch in _batches(lines, outcome.errors):
            try:
                await _send(session, urls[batch.service], batch, outcome)
            except LoadStopped as stopped:
                outcome.errors.append(str(stopped))
                break
            progress(len(batch.numbers))
    return outcome


def _batches(lines: Iterable[bytes], errors: list[str]) -> Iterator[Batch]:
    """Runs of lines for one service. Order is kept across services, too: what is referred to was sent before."""
    service, numbers, size, kept = "", list[int](), 0, list[bytes]()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            to = SERVICE_OF[msgspec.json.decode(line, type=Envelope).collection]
        except KeyError as error:
            errors.append(f"line {number}: unknown collection {error}")
            continue
        except msgspec.DecodeError as error:
            errors.append(f"line {number}: {error}")
            continue
        if kept and (to != service or len(kept) == LINES_MAX or size + len(line) > BYTES_MAX):
            yield Batch(service, tuple(numbers), b"\n".join(kept))
            numbers, size, kept = [], 0, []
        service = to
        numbers.append(number)
        kept.append(line.strip())
        size += len(line) + 1
    if kept:
        yield Batch(service, tuple(numbers), b"\n".join(kept))


async def _send(session: aiohttp.ClientSession, url: str, batch: Batch, outcome: Outcome) -> None:
    status, body = await _post(session, f"{url.rstrip('/')}/v1/import", batch)
    where = f"{batch.service}, lines {batch.numbers[0]} to {batch.numbers[-1]}"
    if status in (401, 403):
        raise LoadStopped(f"{where}: {_refusal(status, body)}")
    if status != 200:
        outcome.errors.append(f"{where}: {_refusal(status, body)}")
        return
    try:
        answer = msgspec.json.decode(body, type=Answer)
        for error in answer.errors:
            outcome.errors.append(f"{batch.service}, line {batch.numbers[error.line - 1]}: {error.message}")
    except (msgspec.DecodeError, IndexError) as error:
        outcome.errors.append(f"{where}: the answer is not an import's: {error}")
        return
    outcome.stored += answer.stored
    outcome.unchanged += answer.unchanged


async def _post(session: aiohttp.ClientSession, url: str, batch: Batch) -> tuple[int, bytes]:
    failure = ""
    for pause in (*RETRY_AFTER, None):
        try:
            async with session.post(url, data=batch.body) as response:
                if response.status != 503:
                    return response.status, await response.read()
                failure = "503"
        except _PASSING as error:
            failure = repr(error)
        if pause is not None:
            await asyncio.sleep(pause)
    raise LoadStopped(f"{batch.service} at {url} does not answer: {failure}")


def _refusal(status: int, body: bytes) -> str:
    try:
        problem: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
        return f"HTTP {status}: " + "; ".join(f"{item['code']}: {item['message']}" for item in problem["errors"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"HTTP {status}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.seed.load", description=__doc__)
    for service in dict.fromkeys(SERVICE_OF.values()):
        parser.add_argument(f"--{service}", required=True, metavar="URL")
    parser.add_argument("--token", required=True)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", action="store_true", help="the records of the documents")
    what.add_argument("file", nargs="?", type=Path, help="what deploy.seed.generate wrote")
    given = parser.parse_args()
    urls = {service: str(getattr(given, service)) for service in SERVICE_OF.values()}
    total = None
    if given.file:
        with given.file.open("rb") as counted:
            total = sum(1 for _ in counted)
    with (
        given.file.open("rb") if given.file else nullcontext(_seed()) as lines,
        tqdm(total=total, unit=" lines") as bar,
    ):
        outcome = asyncio.run(load(urls, given.token, lines, bar.update))
    for error in outcome.errors:
        print(error, file=sys.stderr)
    print(outcome)
    sys.exit(1 if outcome.errors else 0)


def _seed() -> list[bytes]:
    return [line_of(collection, entity) for collection, entity in seed_records()]


if __name__ == "__main__":
    main()
