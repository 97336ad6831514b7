"""What is stored, asked for through the door, page by page."""

from collections import Counter
from typing import Any

import aiohttp

from tests.deployment.load import OPENS
from tests.deployment.stack import Stack, ask

SUBMITTED = """query($after: String, $prefix: String) { found: organizations(
  first: 100, after: $after, filter: { nameStartsWith: $prefix, status: SUBMITTED }) {
    nodes { id title: name } pageInfo { hasNextPage endCursor } } }"""
OPENED = """query($after: String, $day: Date) { found: consultations(
  first: 100, after: $after, filter: { opensFrom: $day }) {
    nodes { id title events(first: 10) { nodes { kind } } } pageInfo { hasNextPage endCursor } } }"""
SCHEDULED = """query($after: String, $moment: DateTime) { found: events(
  first: 100, after: $after, filter: { startsFrom: $moment, kind: [OTHER] }) {
    nodes { id title } pageInfo { hasNextPage endCursor } } }"""
IN_CALENDAR = Counter({"CONSULTATION_OPENING": 1, "CONSULTATION_CLOSING": 1})


async def stored(stack: Stack, kind: str, prefix: str) -> list[dict[str, Any]]:
    """All that a load or a storm wrote under its prefix."""
    query, variables = {
        "submit": (SUBMITTED, {"prefix": prefix}),
        "open": (OPENED, {"day": OPENS.isoformat()}),
        "schedule": (SCHEDULED, {"moment": f"{OPENS}T00:00:00Z"}),
    }[kind]
    token, after, nodes = stack.token("official", "resident"), None, list[dict[str, Any]]()
    async with aiohttp.ClientSession() as session:
        while True:
            answer = await ask(stack, session, query, {**variables, "after": after}, token)
            assert "errors" not in answer, answer
            page = answer["data"]["found"]
            nodes += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return [node for node in nodes if node["title"].startswith(prefix)]
            after = page["pageInfo"]["endCursor"]


async def an_organizer(stack: Stack) -> str:
    async with aiohttp.ClientSession() as session:
        answer = await ask(stack, session, "{ organizations(first: 1) { nodes { id } } }")
    id_: str = answer["data"]["organizations"]["nodes"][0]["id"]
    return id_


async def each_once(stack: Stack, kind: str, prefix: str, acknowledged: dict[str, str]) -> None:
    """What was acknowledged is there under the id that was told, and nothing beside it."""
    found = await stored(stack, kind, prefix)
    assert Counter(node["title"] for node in found) == Counter(dict.fromkeys(acknowledged, 1))
    assert {node["title"]: node["id"] for node in found} == acknowledged


async def all_in_calendar(stack: Stack, prefix: str) -> bool:
    """Whether the change of each opening has come over the bus to the calendar. Each came once."""
    entries = [
        Counter(entry["kind"] for entry in opened["events"]["nodes"] if entry)
        for opened in await stored(stack, "open", prefix)
    ]
    assert all(count <= IN_CALENDAR for count in entries), entries
    return all(count == IN_CALENDAR for count in entries)
