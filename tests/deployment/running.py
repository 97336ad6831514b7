"""A system that runs in containers, whoever runs them, and how it is asked."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import aiohttp

ROOT = Path(__file__).parents[2]
SERVICES = ("registry", "consultations", "events")
PROCESSES = (*SERVICES, "gateway")
BASES = {
    name: os.environ.get(name) or usual
    for name, usual in (
        ("PYTHON_IMAGE", "python:3.13-slim"),
        ("MONGO_IMAGE", "mongo:8"),
        ("NATS_IMAGE", "nats:2-alpine"),
    )
}
"""What all is made from, perhaps in a registry of one's own."""
FIRST, NEXT = "first", "next"
"""The version that is started, and the one that it is rolled to."""
PATIENCE = 400.0
"""Seconds for what takes some twenty on a machine with nothing else to do."""


class Running(Protocol):
    @property
    def graphql(self) -> str:
        """The URL at the door."""
        ...

    def token(self, *roles: str) -> str: ...

    def state(self) -> str:
        """Of all containers, and the last that each said."""
        ...


async def ask(
    system: Running,
    session: aiohttp.ClientSession,
    query: str,
    variables: dict[str, Any] | None = None,
    token: str | None = None,
) -> dict[str, Any]:
    """The answer as it came; raises aiohttp.ClientError where none did."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = {"query": query, "variables": variables or {}}
    async with session.post(system.graphql, json=asked, headers=headers) as answer:
        body: dict[str, Any] = await answer.json()
        return body


async def until(what: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Until `await what()` is true. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await what():
            await asyncio.sleep(0.1)
