"""The subscription, with a plain client of the graphql-transport-ws protocol."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from shared.contracts.people import Role
from tests.system import System

SUBSCRIBE = """subscription($filter: ChangeFilter) { changes(filter: $filter) {
  entity verb version entityId node { ... on Organization { name } ... on Event { title } }
} }"""


@contextlib.asynccontextmanager
async def connected(city: System, payload: dict[str, Any] | None = None) -> AsyncIterator[ClientWebSocketResponse]:
    async with city.session.ws_connect(city.graphql, protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init", "payload": payload or {}})
        yield socket


async def subscribe(city: System, socket: ClientWebSocketResponse, wanted: dict[str, Any] | None = None) -> None:
    """Returns when the gateway listens for it."""
    before = city.feed.listeners
    assert (await socket.receive_json(timeout=5))["type"] == "connection_ack"
    payload = {"query": SUBSCRIBE, "variables": {"filter": wanted}}
    await socket.send_json({"id": "1", "type": "subscribe", "payload": payload})
    async with asyncio.timeout(5):
        while city.feed.listeners == before:
            await asyncio.sleep(0.01)


async def following(socket: ClientWebSocketResponse) -> dict[str, Any]:
    message = await socket.receive_json(timeout=5)
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    change: dict[str, Any] = message["payload"]["data"]["changes"]
    return change


async def test_what_is_written_is_seen_by_everybody_who_listens(city: System) -> None:
    async with connected(city) as one, connected(city) as two:
        for socket in (one, two):
            await subscribe(city, socket)
        id_ = await city.organization(name="Nowa")
        for socket in (one, two):
            change = await following(socket)
            assert change == {
                "entity": "organization",
                "verb": "imported",
                "version": 1,
                "entityId": id_,
                "node": {"name": "Nowa"},
            }


async def test_a_filter_leaves_what_was_asked_for(city: System) -> None:
    organization = await city.organization()
    async with connected(city) as socket:
        await subscribe(city, socket, {"entities": ["event"], "concerning": [organization]})
        other = await city.organization()
        for organizer, title in ((other, "Obce"), (organization, "Własne")):
            command = {
                "title": title,
                "organizerIds": [organizer],
                "startsAt": "2098-01-01T10:00:00Z",
                "endsAt": "2098-01-01T11:00:00Z",
            }
            await city.call("events", "scheduleEvent", command, city.token(Role.OFFICIAL))
        assert (await following(socket))["node"] == {"title": "Własne"}


async def test_a_submission_is_announced_without_what_is_not_public_yet(city: System) -> None:
    async with connected(city) as visitor:
        await subscribe(city, visitor, {"verbs": ["submitted"]})
        official = {"authorization": f"Bearer {city.token(Role.OFFICIAL)}"}
        async with connected(city, official) as reviewer:
            await subscribe(city, reviewer, {"verbs": ["submitted"]})
            command = {"name": "Fundacja Czekająca", "legalForm": "FOUNDATION"}
            await city.call("registry", "submitOrganization", command, city.token(Role.RESIDENT))
            assert (await following(visitor))["node"] is None
            assert (await following(reviewer))["node"] == {"name": "Fundacja Czekająca"}


async def test_a_bad_token_closes_the_connection(city: System) -> None:
    async with connected(city, {"authorization": "Bearer nonsense"}) as socket:
        message = await asyncio.wait_for(socket.receive(), 5)
        assert message.type is WSMsgType.CLOSE
        assert socket.close_code == 4403


async def test_one_connection_may_ask_and_write_and_sees_its_own_write(city: System) -> None:
    token = city.token(Role.RESIDENT, subject="ws")
    async with connected(city, {"authorization": f"Bearer {token}"}) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "connection_ack"
        query = """mutation { submitOrganization(input: { name: "Fundacja WS", legalForm: FOUNDATION }) {
          organization { id } errors { code } } }"""
        await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        written = (await socket.receive_json(timeout=5))["payload"]["data"]["submitOrganization"]
        assert (await socket.receive_json(timeout=5))["type"] == "complete"
        query = f'{{ node(id: "{written["organization"]["id"]}") {{ ... on Organization {{ name }} }} }}'
        await socket.send_json({"id": "2", "type": "subscribe", "payload": {"query": query}})
        assert (await socket.receive_json(timeout=5))["payload"]["data"]["node"] == {"name": "Fundacja WS"}
