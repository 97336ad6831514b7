"""What is stored, asked for through the door, page by page."""

from collections import Counter
from collections.abc import Collection
from itertools import batched
from typing import Any

import aiohttp

from tests.deployment.load import OPENS, PAUSE, Load
from tests.deployment.running import Running, ask, until

SUBMITTED = """query($after: String, $prefix: String) { found: organizations(
  first: 100, after: $after, filter: { nameStartsWith: $prefix, status: SUBMITTED }) {
    nodes { id title: name } pageInfo { hasNextPage endCursor } } }"""
OPENED = """query($after: String, $day: Date) { found: consultations(
  first: 100, after: $after, filter: { opensFrom: $day }) {
    nodes { id title } pageInfo { hasNextPage endCursor } } }"""
SCHEDULED = """query($after: String, $moment: DateTime) { found: events(
  first: 100, after: $after, filter: { startsFrom: $moment, kind: [OTHER] }) {
    nodes { id title } pageInfo { hasNextPage endCursor } } }"""
CALENDAR = """query($ids: [ID!]!) { found: nodes(ids: $ids) {
  ... on Consultation { events(first: 10) { nodes { kind } } } } }"""
AT_ONCE = 50
IN_CALENDAR = Counter({"CONSULTATION_OPENING": 1, "CONSULTATION_CLOSING": 1})


async def fresh(
    system: Running, session: aiohttp.ClientSession, query: str, variables: dict[str, Any], token: str | None = None
) -> Any:
    """What is found; asked again while a service does not answer, or is slow and what was kept is shown."""
    answer: dict[str, Any] = {}

    async def answered() -> bool:
        nonlocal answer
        answer = await ask(system, session, query, variables, token)
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        assert codes <= {"SERVICE_UNAVAILABLE"}, answer
        return not codes and "stale" not in answer.get("extensions", {})

    await until(answered)
    return answer["data"]["found"]


async def stored(system: Running, kind: str, prefix: str) -> list[dict[str, Any]]:
    """All that a load or a storm wrote under its prefix."""
    query, variables = {
        "submit": (SUBMITTED, {"prefix": prefix}),
        "open": (OPENED, {"day": OPENS.isoformat()}),
        "schedule": (SCHEDULED, {"moment": f"{OPENS}T00:00:00Z"}),
    }[kind]
    token, after, nodes = system.token("official", "resident"), None, list[dict[str, Any]]()
    async with aiohttp.ClientSession() as session:
        while True:
            page = await fresh(system, session, query, {**variables, "after": after}, token)
            nodes += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return [node for node in nodes if node["title"].startswith(prefix)]
            after = page["pageInfo"]["endCursor"]


async def an_organizer(system: Running) -> str:
    async with aiohttp.ClientSession() as session:
        page = await fresh(system, session, "{ found: organizations(first: 1) { nodes { id } } }", {})
    id_: str = page["nodes"][0]["id"]
    return id_


async def each_once(system: Running, kind: str, prefix: str, acknowledged: dict[str, str]) -> None:
    """What was acknowledged is there under the id that was told, and nothing beside it."""
    found = await stored(system, kind, prefix)
    assert Counter(node["title"] for node in found) == Counter(dict.fromkeys(acknowledged, 1))
    assert {node["title"]: node["id"] for node in found} == acknowledged


async def nothing_failed(load: Load) -> None:
    """Each request was answered well, and each write is there once, also in the service that only hears of it."""
    assert load.failures == [], f"{len(load.failures)} of {load.sent.total()}\n{load.state}"
    assert load.answered == load.sent
    assert min(load.sent.values()) > 3, "the load was too small to show anything"
    for kind, acknowledged in load.acknowledged.items():
        await each_once(load.system, kind, load.prefix, acknowledged)
    await until(lambda: all_in_calendar(load.system, load.acknowledged["open"].values()))


async def all_in_calendar(system: Running, consultations: Collection[str]) -> bool:
    """Whether the change of each opening has come over the bus to the calendar. Each came once."""
    entries = list[Counter[str]]()
    async with aiohttp.ClientSession() as session:
        for ids in batched(consultations, AT_ONCE, strict=False):
            for opened in await fresh(system, session, CALENDAR, {"ids": ids}):
                entries.append(Counter(entry["kind"] for entry in opened["events"]["nodes"] if entry))
    assert all(count <= IN_CALENDAR for count in entries), entries
    return all(count == IN_CALENDAR for count in entries)


async def load_on(system: Running, prefix: str, pause: float = PAUSE) -> Load:
    return Load(system, system.token("official", "resident"), await an_organizer(system), prefix, pause)
