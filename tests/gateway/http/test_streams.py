"""Event streams: they show life, and end when the client or this replica goes."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.http import streams
from gateway.http.answers import Answer
from gateway.settings import Http
from tests.gateway.conftest import Towns
from tests.gateway.test_changes import connected, subscribe
from tests.system import System

ASKED: Any = {
    "json": {"query": "subscription { changes { entityId } }"},
    "headers": {"Accept": "text/event-stream"},
}


async def listening(town: System, count: int) -> None:
    async with asyncio.timeout(5):
        while town.feed.listeners != count:
            await asyncio.sleep(0.01)


async def test_a_quiet_stream_shows_life(town: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK", 0.02)
    monkeypatch.setattr(streams, "KEEP_ALIVE", 0.05)
    async with town.session.post(town.graphql, **ASKED) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert "no-transform" in answer.headers["Cache-Control"]
        for _ in range(3):
            assert await asyncio.wait_for(answer.content.readuntil(b"\n\n"), 5) == b":\n\n"
        id_ = await town.organization()
        while (said := await asyncio.wait_for(answer.content.readuntil(b"\n\n"), 5)) == b":\n\n":
            pass
        assert said == b'event: next\ndata: {"data":{"changes":{"entityId":"' + id_.encode() + b'"}}}\n\n'
    await listening(town, 0)


async def test_equal_subscriptions_do_not_wait_for_each_other(town: System) -> None:
    """Though they would take JSON, too, as some clients say of everything they ask."""
    either = "application/graphql-response+json, application/json, text/event-stream"
    asked: Any = ASKED | {"headers": {"Accept": either}}
    async with asyncio.timeout(5), contextlib.AsyncExitStack() as stack:
        for _ in range(3):
            answer = await stack.enter_async_context(town.session.post(town.graphql, **asked))
            assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        await listening(town, 3)
    await listening(town, 0)


async def test_a_browsers_own_event_source_is_served_by_get(town: System) -> None:
    headers = {"Accept": "text/event-stream", "Sec-Fetch-Site": "same-origin"}
    async with town.session.get(town.graphql, params={"query": "{ __typename }"}, headers=headers) as answer:
        assert await answer.read() == (
            b':\n\nevent: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n'
        )


async def test_a_replica_that_goes_ends_its_streams_and_closes_its_sockets(towns: Towns) -> None:
    async with aiohttp.ClientSession() as session:
        async with towns(Http()) as town:
            answer = await session.post(town.graphql, **ASKED)
            socket = await session.ws_connect(town.graphql, protocols=["graphql-transport-ws"])
            await socket.send_json({"type": "connection_init"})
            await subscribe(town, socket)
            await listening(town, 2)
            # what is left open here must not hold up the end
        said = await asyncio.wait_for(answer.read(), 5)
        # no `complete`: a client that sees it would not come back
        assert b"complete" not in said
        told = await socket.receive(timeout=5)
        assert (told.type, told.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
        assert town.feed.listeners == 0


async def test_a_client_that_stops_reading_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STALL", 0.1)
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[Answer]:
        try:
            while True:
                yield Answer({"data": "x" * 100_000})
        finally:
            closed.set()

    async def serve(request: web.Request) -> web.StreamResponse:
        return await streams.Streams().send(request, endless(), {})

    app = web.Application()
    app.router.add_get("/", serve)
    async with TestServer(app) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(closed.wait(), 10)
        writer.close()


async def test_a_bad_token_opens_no_stream(town: System) -> None:
    headers = ASKED["headers"] | {"Authorization": "Bearer nonsense"}
    async with town.session.post(town.graphql, json=ASKED["json"], headers=headers) as answer:
        assert (answer.status, answer.content_type) == (401, "application/json")


async def test_one_socket_carries_a_bounded_number_of_subscriptions(town: System) -> None:
    async with connected(town) as socket:
        await socket.receive_json(timeout=5)
        for n in range(101):
            payload = {"query": "subscription { changes { id } }"}
            await socket.send_json({"id": str(n), "type": "subscribe", "payload": payload})
        said = await socket.receive(timeout=5)
        assert said.type is aiohttp.WSMsgType.CLOSE or b"error" in said.data.encode()
    await listening(town, 0)
