"""Scripts that run in Node."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.gateway.conformance.node import Script, installed


@pytest.fixture(scope="session")
def packages() -> None:
    installed()


@pytest.fixture
async def script(packages: None) -> AsyncIterator[Callable[..., Awaitable[Script]]]:
    """Starts scripts, which do not outlive the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(name: str, *arguments: str) -> Script:
            started = await Script.started(name, *arguments)
            stack.push_async_callback(started.end)
            return started

        yield start
