"""Subscriptions as the ecosystem's clients take them: graphql-ws over WebSocket, graphql-sse over event streams."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.contracts.people import Role
from tests.gateway.conformance.node import Script
from tests.system import System

type Start = Callable[..., Awaitable[Script]]

CHANGES = 'subscription New { changes(filter: { verbs: ["imported"] }) { verb entityId node { id } } }'
CLIENTS = ("websocket.mjs", "events.mjs")


def url_of(town: System, client: str) -> str:
    return town.graphql.replace("http", "ws", 1) if client == "websocket.mjs" else town.graphql


async def listeners(town: System, count: int) -> None:
    async with asyncio.timeout(10):
        while town.feed.listeners != count:
            await asyncio.sleep(0.01)


async def event(script: Script, name: str) -> dict[str, Any]:
    """What it says next of that kind."""
    while (said := await script.said()) is not None:
        if said["event"] == name:
            found: dict[str, Any] = said
            return found
        assert said["event"] in ("connected", "closed"), said
    raise AssertionError(f"it ended without {name}")


@pytest.mark.parametrize("client", CLIENTS)
async def test_changes_arrive_and_leaving_frees_the_feed(town: System, script: Start, client: str) -> None:
    running = await script(client, url_of(town, client), CHANGES, "2")
    await listeners(town, 1)
    for _ in range(2):
        id_ = await town.organization()
        result = (await event(running, "next"))["result"]
        assert result == {"data": {"changes": {"verb": "imported", "entityId": id_, "node": {"id": id_}}}}
    await event(running, "complete")
    await listeners(town, 0)


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_that_dies_without_a_word_frees_the_feed(town: System, script: Start, client: str) -> None:
    running = await script(client, url_of(town, client), CHANGES, "1")
    await listeners(town, 1)
    await running.end()
    await listeners(town, 0)


@pytest.mark.parametrize("client", CLIENTS)
async def test_one_that_leaves_before_anything_happened_frees_the_feed(
    town: System, script: Start, client: str
) -> None:
    running = await script(client, url_of(town, client), CHANGES, "1")
    await listeners(town, 1)
    await running.leave()
    await event(running, "complete")
    await listeners(town, 0)


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_query_is_answered_once_and_completed(town: System, script: Start, client: str) -> None:
    running = await script(client, url_of(town, client), "{ __typename }", "9")
    assert (await event(running, "next"))["result"] == {"data": {"__typename": "Query"}}
    await event(running, "complete")


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_with_a_token_sees_what_its_role_may(town: System, script: Start, client: str) -> None:
    submitted = CHANGES.replace("imported", "submitted")
    running = await script(client, url_of(town, client), submitted, "1", town.token(Role.OFFICIAL))
    await listeners(town, 1)
    command = {"name": f"Fundacja {client}", "legalForm": "FOUNDATION"}
    await town.call("registry", "submitOrganization", command, town.token(Role.RESIDENT))
    assert (await event(running, "next"))["result"]["data"]["changes"]["node"] is not None


async def test_what_is_no_subscription_ends_the_stream_with_its_errors(town: System, script: Start) -> None:
    running = await script("events.mjs", town.graphql, "subscription { nope }", "1")
    result = (await event(running, "next"))["result"]
    assert "nope" in result["errors"][0]["message"]
    assert "data" not in result
    await event(running, "complete")
    over_socket = await script("websocket.mjs", url_of(town, "websocket.mjs"), "subscription { nope }", "1")
    assert "nope" in (await event(over_socket, "error"))["error"][0]["message"]
