"""Every way in which a request can be wrong, and its status in both media types."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest

from gateway.http.negotiation import JSON, RESPONSE
from tests.gateway.test_changes import connected
from tests.system import System

POST = {"Content-Type": JSON}
GET = {"GraphQL-Require-Preflight": "1"}
NAME = b'{"query": "{ __typename }"}'
TWO = '{"query": "query A { __typename } query B { __typename }"%s}'


async def asked(
    town: System, method: str, headers: dict[str, str], body: bytes | None = None, path: str = ""
) -> tuple[int, Any, dict[str, str]]:
    """Status, body and headers, for exactly these headers."""
    unsaid = {"Accept", "Content-Type", "User-Agent"}
    given = {"Accept-Language": "en"} | headers
    async with town.session.request(
        method, town.graphql + path, data=body, headers=given, skip_auto_headers=unsaid
    ) as answer:
        content = await answer.read()
        told = await answer.json(content_type=None) if content else None
        return answer.status, told, dict(answer.headers)


DECLINED: list[tuple[str, dict[str, str], bytes | None, str, int, str]] = [
    ("POST", {}, NAME, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", {"Content-Type": "text/plain"}, NAME, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"query=x", "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", {"Content-Type": "application/json; charset=latin1"}, NAME, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", POST | {"Accept": "image/png"}, NAME, "", 406, "NOT_ACCEPTABLE"),
    ("POST", POST, b"", "", 400, "BAD_REQUEST"),
    ("POST", POST, b"{", "", 400, "BAD_REQUEST"),
    ("POST", POST, b'{"query": ["x"]}', "", 400, "BAD_REQUEST"),
    ("POST", POST, b'{"query": "{ a }", "operationName": 1}', "", 400, "BAD_REQUEST"),
    ("POST", POST, b'{"query": "{ a }", "variables": "x"}', "", 400, "BAD_REQUEST"),
    ("POST", POST, b'{"query": "{ a }", "extensions": []}', "", 400, "BAD_REQUEST"),
    ("POST", POST, b'{"query": "{ a }", "documentId": {}}', "", 400, "BAD_REQUEST"),
    ("POST", POST, b"[]", "", 400, "BAD_REQUEST"),
    ("POST", POST, b"[1]", "", 400, "BAD_REQUEST"),
    ("POST", POST, b"[" + b", ".join([NAME] * 6) + b"]", "", 400, "BATCH_TOO_LARGE"),
    ("POST", POST, b" " * (1024 * 1024 + 1), "", 413, "REQUEST_ENTITY_TOO_LARGE"),
    ("POST", POST | {"Authorization": "Bearer x"}, NAME, "", 401, "UNAUTHENTICATED"),
    ("POST", POST, b'{"query": "subscription { changes { id } }"}', "", 406, "NOT_ACCEPTABLE"),
    ("GET", {}, None, "?query={__typename}", 403, "CSRF_PREVENTED"),
    ("GET", {"Sec-Fetch-Site": "cross-site"}, None, "?query={__typename}", 403, "CSRF_PREVENTED"),
    ("GET", {"Origin": "https://evil.example"}, None, "?query={__typename}", 403, "CSRF_PREVENTED"),
    ("GET", GET, None, "", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query={__typename}&query={a}", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query={__typename}&variables=[]", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query={__typename}&variables=nonsense", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query={__typename}&extensions=1", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query=mutation{__typename}", 405, "METHOD_NOT_ALLOWED"),
    ("PUT", POST, NAME, "", 405, "METHOD_NOT_ALLOWED"),
    ("POST", POST | {"Content-Encoding": "br"}, NAME, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("POST", POST | {"Content-Encoding": "gzip"}, NAME, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("DELETE", {}, None, "", 405, "METHOD_NOT_ALLOWED"),
    ("GET", {}, None, "/nothing/here", 404, "NOT_FOUND"),
    ("GET", {"X": "y" * 9_000}, None, "", 400, "BAD_REQUEST"),
    ("GET", GET, None, "?query=" + "x" * 9_000, 400, "BAD_REQUEST"),
]


@pytest.mark.parametrize(("method", "headers", "body", "path", "status", "code"), DECLINED, ids=range(len(DECLINED)))
async def test_a_request_that_is_wrong_has_its_status_and_its_code(
    town: System, method: str, headers: dict[str, str], body: bytes | None, path: str, status: int, code: str
) -> None:
    got, told, answered = await asked(town, method, headers, body, path)
    assert (got, told["errors"][0]["extensions"]["code"]) == (status, code), told
    assert answered["Content-Type"] == "application/json; charset=utf-8"
    assert len(told["errors"][0]["message"]) > 5
    assert "data" not in told
    assert (status == 405) == ("Allow" in answered)
    assert (status == 401) == ("WWW-Authenticate" in answered)


INVALID = [
    "{",
    "{ nope }",
    "query($id: ID!) { node(id: $id) { id } }",
    "fragment A on Query { __typename }",
    "{" * 5_000,
]


@pytest.mark.parametrize("query", INVALID, ids=range(len(INVALID)))
@pytest.mark.parametrize(("media", "status"), [(RESPONSE, 400), (JSON, 200)])
async def test_what_is_not_executed_has_no_data_and_a_status_by_the_media_type(
    town: System, query: str, media: str, status: int
) -> None:
    async with town.session.post(town.graphql, json={"query": query}, headers={"Accept": media}) as answer:
        told = await answer.json(content_type=None)
        assert (answer.status, answer.content_type) == (status, media), told
        assert told["errors"]
        assert "data" not in told


@pytest.mark.parametrize("media", [RESPONSE, JSON])
async def test_an_error_of_a_field_leaves_data_and_200(town: System, media: str) -> None:
    query = {"query": '{ __typename node(id: "x") { id } }'}
    async with town.session.post(town.graphql, json=query, headers={"Accept": media}) as answer:
        told = await answer.json(content_type=None)
        assert (answer.status, answer.content_type) == (200, media)
        assert told["data"] == {"__typename": "Query", "node": None}
        assert told["errors"][0]["path"] == ["node"]


async def test_a_query_by_get_has_everything_in_its_url(town: System) -> None:
    query = quote("query A { __typename } query B($n: String!) { __type(name: $n) { name } }")
    path = f"?query={query}&operationName=B&variables={quote('{"n": "Event"}')}&extensions="
    status, told, headers = await asked(town, "GET", GET, path=path)
    assert (status, told) == (200, {"data": {"__type": {"name": "Event"}}})
    # a cache in between must ask again, and keep apart what differs by these
    assert (headers["Cache-Control"], headers["Vary"]) == ("no-cache", "Accept, Accept-Language, Authorization")
    head = await asked(town, "HEAD", GET, path=path)
    assert (head[0], head[1]) == (200, None)
    assert int(head[2]["Content-Length"]) > 10


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_a_get_of_which_the_browser_says_that_no_other_site_is_behind_it_needs_no_header(
    town: System, site: str
) -> None:
    status, *_ = await asked(town, "GET", {"Sec-Fetch-Site": site}, path="?query={__typename}")
    assert status == 200


@pytest.mark.parametrize(
    ("name", "good"), [(', "operationName": "B"', True), ("", False), (', "operationName": "C"', False)]
)
async def test_of_several_operations_the_named_one_is_executed(town: System, name: str, good: bool) -> None:
    status, told, _ = await asked(town, "POST", POST | {"Accept": RESPONSE}, (TWO % name).encode())
    assert (status == 200) is good
    assert ("data" in told) is good


async def test_a_batch_is_answered_in_order_and_each_for_itself(town: System) -> None:
    batch = b", ".join((NAME, b'{"query": "{ nope }"}', b'{"query": "subscription { changes { id } }"}', b"{}", NAME))
    status, told, _ = await asked(town, "POST", POST, b"[" + batch + b"]")
    assert status == 200
    assert [set(one) for one in told] == [{"data"}, {"errors"}, {"errors"}, {"errors"}, {"data"}]


async def test_over_websocket_too_one_of_several_operations_must_be_named(town: System) -> None:
    async with connected(town) as socket:
        await socket.receive_json(timeout=5)
        await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": json.loads(TWO % "")["query"]}})
        assert "operationName" in (await socket.receive_json(timeout=5))["payload"][0]["message"]


async def test_a_fault_is_told_by_its_number_alone(
    town: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("gateway.identity.Identity.context", broken)
    status, told, _ = await asked(town, "POST", POST, NAME)
    (error,) = told["errors"]
    assert (status, error["extensions"]["code"]) == (500, "INTERNAL_ERROR")
    assert "the inside" not in error["message"]
    incident = error["message"].rstrip(".").rpartition(" ")[2]
    assert f"incident {incident}" in caplog.text


async def test_a_page_of_another_site_gets_no_websocket(town: System) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "graphql-transport-ws",
    }
    status, told, _ = await asked(town, "GET", headers)
    assert (status, told["errors"][0]["extensions"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")


async def test_options_says_which_methods_there_are(town: System) -> None:
    status, told, headers = await asked(town, "OPTIONS", {"Origin": "https://evil.example"})
    assert (status, told, headers["Allow"]) == (204, None, "GET, HEAD, POST, OPTIONS")
    assert not [name for name in headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"POST /graphql HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
async def test_what_is_not_http_is_told_in_json(town: System, sent: bytes) -> None:
    port = int(town.graphql.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"Content-Type: application/json" in answer
    assert b'"code":"BAD_REQUEST"' in answer
