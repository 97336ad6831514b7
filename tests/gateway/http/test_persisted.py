"""Persisted operations: automatic ones as Apollo's clients do them, and the allow-list."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError

from gateway.http.allowlist import allowed_operations
from gateway.http.parameters import Parameters
from gateway.http.persisted import Persisted
from gateway.operations import InvalidOperation, Operations
from gateway.schema.root import schema
from gateway.settings import Http
from shared.contracts.refusals import Refused
from tests.gateway.conftest import Towns
from tests.gateway.faulty import gateway_behind_proxies
from tests.gateway.test_changes import connected
from tests.system import System

LISTED = "query Listed { __typename }\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(hash_: str, query: str | None = None) -> dict[str, Any]:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hash_}}
    return {"extensions": extensions} | ({"query": query} if query is not None else {})


def code(answer: dict[str, Any]) -> str:
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


async def test_an_operation_once_sent_is_known_by_its_hash(town: System) -> None:
    query = "query Once { __typename }"
    status, told = await town.send(apq(sha(query)))
    assert (status, code(told), told["errors"][0]["message"]) == (
        200,
        "PERSISTED_QUERY_NOT_FOUND",
        "PersistedQueryNotFound",
    )
    for body in (apq(sha(query), query), apq(sha(query)), {"documentId": f"sha256:{sha(query)}"}):
        assert await town.send(body) == (200, {"data": {"__typename": "Query"}})
    extensions = json.dumps(apq(sha(query))["extensions"])
    headers = {"GraphQL-Require-Preflight": "1"}
    async with town.session.get(town.graphql, params={"extensions": extensions}, headers=headers) as answer:
        assert await answer.json() == {"data": {"__typename": "Query"}}


async def test_a_hash_of_something_else_is_refused_and_nothing_kept(town: System) -> None:
    hash_ = sha("something else")
    status, told = await town.send(apq(hash_, "query Else { __typename }"))
    assert (status, code(told)) == (400, "PERSISTED_QUERY_HASH_MISMATCH")
    assert code((await town.send(apq(hash_)))[1]) == "PERSISTED_QUERY_NOT_FOUND"


async def test_what_is_not_valid_is_not_kept(town: System) -> None:
    await town.send(apq(sha("{ nope }"), "{ nope }"))
    assert code((await town.send(apq(sha("{ nope }"))))[1]) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "persisted",
    [1, {}, {"version": 2, "sha256Hash": "0" * 64}, {"version": 1, "sha256Hash": "X"}, {"version": 1}],
)
async def test_a_malformed_extension_is_refused(town: System, persisted: Any) -> None:
    status, told = await town.send({"query": "{ __typename }", "extensions": {"persistedQuery": persisted}})
    assert (status, code(told)) == (400, "BAD_REQUEST")


def test_those_kept_are_bounded_by_number_and_by_length() -> None:
    persisted = Persisted(kept=3, kept_bytes=60)
    texts = [f"query Q{n} {{ __typename }}" for n in range(6)]
    for text in texts:
        persisted.keep(Parameters(**_renamed(apq(sha(text), text))))
    known = []
    for text in texts:
        try:
            known.append(persisted.text(Parameters(**_renamed(apq(sha(text))))))
        except InvalidOperation:
            continue
    assert known == texts[-2:]


def test_without_automatic_ones_a_client_is_told_so() -> None:
    with pytest.raises(InvalidOperation) as told:
        Persisted(automatic=False).text(Parameters(**_renamed(apq(sha("x")))))
    (error,) = told.value.errors
    assert isinstance(error, GraphQLError)
    assert (error.message, error.extensions) == (
        "PersistedQueryNotSupported",
        {"code": "PERSISTED_QUERY_NOT_SUPPORTED"},
    )


def _renamed(body: dict[str, Any]) -> dict[str, Any]:
    return {"query": body.get("query"), "extensions": body["extensions"]}


async def test_with_an_allow_list_nothing_else_is_executed_over_any_transport(towns: Towns, tmp_path: Path) -> None:
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "listed.graphql").write_text(LISTED)
    async with towns(Http(allow_list=str(tmp_path / "allowed"))) as town:
        good = {"data": {"__typename": "Query"}}
        for body in ({"query": LISTED}, {"query": LISTED.strip()}, apq(sha(LISTED)), {"documentId": "listed"}):
            assert await town.send(body) == (200, good)
        other = "query Other { __typename }"
        for body in ({"query": other}, apq(sha(other), other), apq(sha(other)), {"documentId": "other"}):
            status, told = await town.send(body)
            assert (status, code(told)) == (403, "OPERATION_NOT_ALLOWED")
        async with connected(town) as socket:
            await socket.receive_json(timeout=5)
            for id_, query, type_ in (("1", LISTED, "next"), ("2", other, "error")):
                await socket.send_json({"id": id_, "type": "subscribe", "payload": {"query": query}})
                said = await socket.receive_json(timeout=5)
                assert said["type"] == type_, said
                if type_ == "next":
                    assert (await socket.receive_json(timeout=5))["type"] == "complete"
            assert said["payload"][0]["extensions"]["code"] == "OPERATION_NOT_ALLOWED"


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a1", "body": LISTED}]},
        {"a1": LISTED},
    ],
)
def test_a_manifest_is_read_as_client_tools_write_it(tmp_path: Path, manifest: dict[str, Any]) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest))
    allowed = allowed_operations(str(file), Operations(schema))
    assert set(allowed) == {"a1", sha(LISTED), sha(LISTED.strip())}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"a": "{ nope }"}', '{"a": 1}', '{"operations": [{"id": "a"}]}'])
def test_an_allow_list_that_would_refuse_everything_stops_the_start(tmp_path: Path, content: str) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(content)
    for place in (file, tmp_path / "missing"):
        with pytest.raises(SystemExit, match="OPERATIONS_ALLOWED="):
            allowed_operations(str(place), Operations(schema))


def test_a_text_that_is_not_on_the_list_is_not_even_parsed() -> None:
    operations = Operations(schema)
    operations.allow_only([LISTED])
    with pytest.raises(Refused):
        operations.parsed("{ not even parsed")


async def test_a_text_that_is_sent_to_be_persisted_is_never_answered_from_memory(town: System) -> None:
    query = "query Again { organizations { totalCount } }"
    hash_ = sha(query)
    async with gateway_behind_proxies(town) as (url, _):
        body = {"query": query, "documentId": f"sha256:{hash_}"}
        for _ in range(2):
            async with town.session.post(url, json=body) as answer:
                assert (answer.status, "Age" in answer.headers) == (200, False)
        async with town.session.get(url.replace("/graphql", "/metrics")) as answer:
            assert 'jasne_operations_total{operation="Again",outcome="ok",type="query"} 2.0' in await answer.text()
