"""Reads and writes through the door at a steady rate, each sent once: what is not answered well has failed."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import aiohttp

from tests.deployment.running import Running, ask, until

CLIENTS, PAUSE = 6, 0.1
"""How many ask at the same time, and the seconds each rests after a request: some 40 requests a second where all is
quick, and never more than a slow machine can answer."""
WRITES = ("submit", "open", "schedule")
"""To each service by turns, and four times as many reads."""

# no two ask the same, so that no cache can answer while a service is away
READS = (
    "query($name: String) { organizations(first: 2, filter: { nameStartsWith: $name }) { nodes { id name } } }",
    "query($day: Date) { consultations(first: 2, filter: { opensBefore: $day }) { nodes { id title } } }",
    "query($moment: DateTime) { events(first: 2, filter: { startsBefore: $moment }) { nodes { id title } } }",
)
SUBMIT = """mutation($input: SubmitOrganizationInput!, $key: String) { written: submitOrganization(
  input: $input, idempotencyKey: $key) { entity: organization { id } errors { code message } } }"""
OPEN = """mutation($input: OpenConsultationInput!, $key: String) { written: openConsultation(
  input: $input, idempotencyKey: $key) { entity: consultation { id } errors { code message } } }"""
SCHEDULE = """mutation($input: ScheduleEventInput!, $key: String) { written: scheduleEvent(
  input: $input, idempotencyKey: $key) { entity: event { id } errors { code message } } }"""

OPENS = date(2098, 1, 1)


def read(number: int, name: str) -> tuple[str, dict[str, Any]]:
    """Of each service by turns; `name` makes it one that nobody asked before."""
    day = (OPENS - timedelta(days=crc32(name.encode()) % 70_000)).isoformat()
    return READS[number // CLIENTS % len(READS)], {"name": name, "day": day, "moment": f"{day}T00:00:00Z"}


def submission(name: str) -> dict[str, Any]:
    return {"name": name, "legalForm": "FOUNDATION"}


def consultation(title: str, organizer: str) -> dict[str, Any]:
    opens, closes = OPENS.isoformat(), (OPENS + timedelta(days=30)).isoformat()
    return {"title": title, "organizerIds": [organizer], "opensOn": opens, "closesOn": closes}


def event(title: str, organizer: str) -> dict[str, Any]:
    starts, ends = f"{OPENS}T10:00:00Z", f"{OPENS}T11:00:00Z"
    return {"title": title, "organizerIds": [organizer], "startsAt": starts, "endsAt": ends}


@dataclass
class Load:
    system: Running
    token: str
    organizer: str
    prefix: str
    pause: float = PAUSE
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, dict[str, str]] = field(default_factory=lambda: {"submit": {}, "open": {}, "schedule": {}})
    """Ids by title, by what was asked."""
    failures: list[str] = field(default_factory=list)
    state: str = ""
    """Of the containers, right after the first failure: those that are replaced take what they said with them."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Until the block is left; then what is under way is waited for."""
        ending = asyncio.Event()
        async with asyncio.TaskGroup() as clients:
            for number in range(CLIENTS):
                clients.create_task(self._client(number, ending))
            try:
                yield
            finally:
                ending.set()

    async def goes_on(self, requests: int) -> None:
        """Until so many more were answered well, or one failed. Raises TimeoutError."""
        before = self.answered.total()

        async def enough() -> bool:
            return self.answered.total() >= before + requests or bool(self.failures)

        await until(enough)

    async def _client(self, number: int, ending: asyncio.Event) -> None:
        kinds = itertools.cycle(one for write in WRITES for one in (write, *["read"] * 4))
        # some connect anew for each request, and see what that is like
        connector = aiohttp.TCPConnector(force_close=number % 2 == 0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:
            for own, kind in enumerate(itertools.islice(kinds, number, None)):
                if ending.is_set():
                    return
                await self._one(kind, session, own * CLIENTS + number)
                if self.failures and not self.state:
                    self.state = await asyncio.to_thread(self.system.state)
                await asyncio.sleep(self.pause)

    async def _one(self, kind: str, session: aiohttp.ClientSession, number: int) -> None:
        self.sent[kind] += 1
        title = f"{self.prefix} {number:05}"
        try:
            if kind == "read":
                query, variables = read(number, title)
                # visitors and people with a token, by turns
                answer = await ask(self.system, session, query, variables, self.token if number % 2 else None)
            else:
                answer = await ask(self.system, session, *self._written(kind, title), self.token)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.failures.append(f"{kind}: {error!r}")
            return
        # an answer from what was kept says that a service did not give one
        if "errors" in answer or "stale" in answer.get("extensions", {}):
            self.failures.append(f"{kind}: {answer}")
            return
        if kind != "read":
            written = answer["data"]["written"]
            if written["errors"]:
                self.failures.append(f"{kind}: {written}")
                return
            self.acknowledged[kind][title] = written["entity"]["id"]
        self.answered[kind] += 1

    def _written(self, kind: str, title: str) -> tuple[str, dict[str, Any]]:
        match kind:
            case "submit":
                return SUBMIT, {"input": submission(title)}
            case "open":
                return OPEN, {"input": consultation(title, self.organizer)}
            case _:
                return SCHEDULE, {"input": event(title, self.organizer)}
