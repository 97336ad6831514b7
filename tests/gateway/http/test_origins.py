"""Other sites: which may read answers, and what is switched off by a setting."""

import aiohttp
import pytest

from gateway.http.origins import Origins
from gateway.settings import Http
from tests.gateway.conftest import Towns
from tests.system import System

FRIEND, STRANGER = "https://portal.example", "https://evil.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


async def headers_of(town: System, method: str, origin: str, **more: str) -> dict[str, str]:
    headers = {"Origin": origin} | more
    body = None if method == "OPTIONS" else b'{"query": "{ __typename }"}'
    async with town.session.request(method, town.graphql, headers=headers, data=body) as answer:
        return {name: value for name, value in answer.headers.items() if name.startswith(("Access", "Vary"))}


async def test_an_allowed_origin_reads_answers_refusals_and_streams_and_no_other_does(towns: Towns) -> None:
    async with towns(Http(allowed_origins=(FRIEND,))) as town:
        json = {"Content-Type": "application/json"}
        stream = json | {"Accept": "text/event-stream"}
        for more in (json, stream, {"Content-Type": "text/plain"}):
            allowed = await headers_of(town, "POST", FRIEND, **more)
            assert allowed["Access-Control-Allow-Origin"] == FRIEND
            assert allowed["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in allowed
            assert await headers_of(town, "POST", STRANGER, **more) == {"Vary": "Origin"}
        preflight = await headers_of(town, "OPTIONS", FRIEND, **PREFLIGHT)
        assert preflight["Access-Control-Allow-Origin"] == FRIEND
        assert "POST" in preflight["Access-Control-Allow-Methods"]
        assert "Authorization" in preflight["Access-Control-Allow-Headers"]
        assert await headers_of(town, "OPTIONS", STRANGER, **PREFLIGHT) == {"Vary": "Origin"}
        for origin, good in ((FRIEND, True), (STRANGER, False), (town.graphql.removesuffix("/graphql"), True)):
            assert await connects(town, origin) is good


async def connects(town: System, origin: str) -> bool:
    """Whether a page of that origin gets a WebSocket."""
    try:
        async with town.session.ws_connect(town.graphql, protocols=["graphql-transport-ws"], origin=origin) as socket:
            await socket.send_json({"type": "connection_init"})
            return bool((await socket.receive_json(timeout=5))["type"] == "connection_ack")
    except aiohttp.WSServerHandshakeError as refused:
        assert refused.status == 403
        return False


async def test_without_the_setting_no_origin_is_told_anything(town: System) -> None:
    assert await headers_of(town, "POST", FRIEND) == {}
    assert await headers_of(town, "OPTIONS", FRIEND, **PREFLIGHT) == {}
    assert not await connects(town, FRIEND)


def test_credentials_are_for_named_origins_only() -> None:
    with pytest.raises(ValueError, match="name the origins"):
        Origins(("*",), credentials=True)
    with pytest.raises(ValueError, match="origin"):
        Origins(("https://portal.example/path",))


async def test_introspection_and_graphiql_are_off_by_a_setting(towns: Towns) -> None:
    async with towns(Http(introspection=False, graphiql=False)) as town:
        _, told = await town.send({"query": "{ __schema { types { name } } }"})
        assert "introspection" in told["errors"][0]["message"]
        _, told = await town.send({"query": "{ organisations { id } }"})
        assert told["errors"][0]["message"].endswith("on type 'Query'.")
        assert (await town.ask("{ __typename }"))["__typename"] == "Query"
        for path in ("/graphql", "/graphiql/graphiql.min.js"):
            url = town.graphql.removesuffix("/graphql") + path
            async with town.session.get(url, headers={"Accept": "text/html"}) as answer:
                assert answer.status in (403, 404)
                assert answer.content_type == "application/json"
