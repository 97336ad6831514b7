"""Clients that read and write through the door, each request sent once: what is not answered well has failed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import aiohttp

PAUSE = 0.3
"""Seconds between two requests of one client. Each waits for its answer first: a slow machine has less to do."""

# no two ask the same, so that no cache can answer for a service that is away
READ = """query($name: String, $day: Date, $moment: DateTime) {
  organizations(first: 2, filter: { nameStartsWith: $name }) { nodes { id name } }
  consultations(first: 1, filter: { opensBefore: $day }) { nodes { id } }
  events(first: 1, filter: { startsBefore: $moment }) { nodes { id } }
}"""
WRITE = """mutation($input: SubmitOrganizationInput!) { written: submitOrganization(input: $input) {
  organization { id } errors { code message } } }"""
STORED = """query($prefix: String, $after: String) { organizations(
  first: 100, after: $after, filter: { nameStartsWith: $prefix, status: SUBMITTED }
) { nodes { id name } pageInfo { hasNextPage endCursor } } }"""


@dataclass
class Load:
    url: str
    token: str
    """Of an official, who may see what is submitted."""
    prefix: str
    """Of the names of all that this load writes."""
    sent: int = 0
    reads: int = 0
    writes: dict[str, str] = field(default_factory=dict)
    """Those that were acknowledged: ids by name."""
    failures: list[str] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From the first good answer of either kind until the block is left; what is under way is then waited for."""
        waits, ended = aiohttp.ClientTimeout(total=60), asyncio.Event()
        async with (
            aiohttp.ClientSession(timeout=waits) as kept,
            # these come anew for each request, and see what connecting is like
            aiohttp.ClientSession(timeout=waits, connector=aiohttp.TCPConnector(force_close=True)) as anew,
            asyncio.TaskGroup() as clients,
        ):
            for session in (kept, anew):
                clients.create_task(self._client(session, ended, reads=True))
            for session in (kept, anew):
                clients.create_task(self._client(session, ended, reads=False))
            try:
                await self.more(reads=1, writes=1)
                yield
            finally:
                ended.set()

    async def more(self, reads: int, writes: int) -> None:
        """Until so many more were answered well. Raises TimeoutError."""
        reads, writes = self.reads + reads, len(self.writes) + writes
        async with asyncio.timeout(120):
            while self.reads < reads or len(self.writes) < writes:
                await asyncio.sleep(0.05)

    async def _client(self, session: aiohttp.ClientSession, ended: asyncio.Event, *, reads: bool) -> None:
        while not ended.is_set():
            self.sent += 1
            await self._one(session, f"{self.prefix} {self.sent:05}", read=reads)
            await asyncio.sleep(PAUSE)

    async def _one(self, session: aiohttp.ClientSession, name: str, *, read: bool) -> None:
        day = date(2000, 1, 1) + timedelta(days=self.sent)
        asked: dict[str, Any] = {"name": name, "day": str(day), "moment": f"{day}T00:00:00Z"}
        query, variables = (READ, asked) if read else (WRITE, {"input": submission(name)})
        try:
            answer = await ask(session, self.url, query, variables, self.token)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.failures.append(f"{name}: {error!r}")
            return
        if "errors" in answer or "stale" in answer.get("extensions", {}):
            self.failures.append(f"{name}: {answer}")
        elif read:
            self.reads += 1
        elif answer["data"]["written"]["errors"]:
            self.failures.append(f"{name}: {answer}")
        else:
            self.writes[name] = answer["data"]["written"]["organization"]["id"]

    async def check(self) -> None:
        """No request failed, and what was acknowledged is there once, under the id that was told, and nothing else."""
        assert not self.failures, f"{len(self.failures)} of {self.sent}: {self.failures[:4]}"
        assert self.reads + len(self.writes) == self.sent
        found = await self._stored()
        assert Counter(name for name, _ in found) == Counter(dict.fromkeys(self.writes, 1))
        assert dict(found) == self.writes

    async def _stored(self) -> list[tuple[str, str]]:
        found, after = list[tuple[str, str]](), None
        async with aiohttp.ClientSession() as session:
            while True:
                answer = await ask(session, self.url, STORED, {"prefix": self.prefix, "after": after}, self.token)
                page = answer["data"]["organizations"]
                found += ((node["name"], node["id"]) for node in page["nodes"])
                if not page["pageInfo"]["hasNextPage"]:
                    return found
                after = page["pageInfo"]["endCursor"]


def submission(name: str) -> dict[str, str]:
    return {"name": name, "legalForm": "FOUNDATION"}


async def ask(
    session: aiohttp.ClientSession, url: str, query: str, variables: dict[str, Any], token: str
) -> dict[str, Any]:
    """The answer as it came; raises aiohttp.ClientError where none did."""
    headers = {"Authorization": f"Bearer {token}"}
    async with session.post(url, json={"query": query, "variables": variables}, headers=headers) as answer:
        body: dict[str, Any] = await answer.json()
        return body
