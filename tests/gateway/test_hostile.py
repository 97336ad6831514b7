"""What one client sends must not hold up the others, fill the memory, or come out again where it does not belong."""

import asyncio
import gc
import logging
from typing import Any

import pytest
from graphql.execution.collect_fields import FieldDetails

from gateway.clients import Clients
from gateway.context import Context
from gateway.schema.root import schema
from gateway.transport import Caller
from shared.clock import now
from shared.contracts.changes import Change
from shared.contracts.people import Role
from shared.ids import new_id
from tests.gateway.test_changes import connected
from tests.system import System


def spreading(levels: int) -> str:
    """Fragments that each spread the next one twice: expanded, they would be 2 to the power of `levels`."""
    fragments = [f"fragment F{n} on DistrictConnection {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)] + [
        f"fragment F{levels} on DistrictConnection {{ nodes {{ id }} }}"
    ]
    return "{ districts(first: 1) { ...F0 } } " + " ".join(fragments)


async def test_fragments_that_spread_one_another_are_counted_by_their_text_and_refused(city: System) -> None:
    async with asyncio.timeout(10):
        _, answer = await city.send({"query": spreading(32)})
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["TOO_COSTLY"]
        assert "districts" in await city.ask(spreading(8))


async def test_a_total_is_found_in_a_fragment_too(city: System) -> None:
    query = (
        "{ districts(first: 1) { ...A } } fragment A on DistrictConnection { ... on DistrictConnection { totalCount } }"
    )
    assert (await city.ask(query))["districts"]["totalCount"] is not None


async def test_a_long_subscription_keeps_nothing_of_the_changes_it_has_passed_on(city: System) -> None:
    context = Context(Clients(city.urls, city.session), city.feed, Caller())
    stream: Any = await schema.subscribe("subscription { changes { id entity verb related } }", context_value=context)
    taken = asyncio.create_task(anext(stream))

    async def one() -> None:
        nonlocal taken
        change = Change(
            id=new_id("chg"),
            service="events",
            entity="event",
            verb="moved",
            entity_id=new_id("evt"),
            version=1,
            at=now(),
        )
        await city.feed.publish(change)
        assert (await taken).data["changes"]["id"] == change.id
        taken = asyncio.create_task(anext(stream))

    while city.feed.listeners == 0:
        await asyncio.sleep(0.01)
    for _ in range(20):
        await one()
    before = _field_details()
    for _ in range(300):
        await one()
    grown = _field_details() - before
    taken.cancel()
    await asyncio.gather(taken, return_exceptions=True)
    await stream.aclose()
    assert grown < 100


def _moved() -> Change:
    return Change(
        id=new_id("chg"),
        service="events",
        entity="event",
        verb="moved",
        entity_id=new_id("evt"),
        version=1,
        at=now(),
    )


def _field_details() -> int:
    gc.collect()
    # not isinstance, which asks a weak proxy for what may be gone
    return sum(type(thing) is FieldDetails for thing in gc.get_objects())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ districts(first: 1000) { nodes { id } } }", "PAGE_TOO_LARGE"),
        ('{ node(id: "nonsense") { id } }', "ID_INVALID"),
        ('subscription { changes(filter: { concerning: ["x"] }) { id } }', "INVALID_INPUT"),
    ],
)
async def test_an_error_over_websocket_is_in_the_same_words_as_over_http(city: System, query: str, code: str) -> None:
    async with connected(city) as ws:
        assert (await ws.receive_json(timeout=5))["type"] == "connection_ack"
        await ws.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        message = await ws.receive_json(timeout=5)
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == code
        assert "$." not in errors[0]["message"]


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "null",
        "[]",
        "5",
        '"x"',
        "{}",
        '{"type": 5}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": []}}',
        '{"type": "complete"}',
        '{"a": "\\ud800"}',
    ],
)
async def test_a_broken_message_closes_the_websocket_with_4400(city: System, message: str) -> None:
    async with connected(city) as ws:
        assert (await ws.receive_json(timeout=5))["type"] == "connection_ack"
        await ws.send_str(message)
        await ws.receive(timeout=5)
        assert ws.close_code == 4400


@pytest.mark.parametrize("key", ["a\nb", "a\x00b", " k", "klucz ąę", "k" * 200])
async def test_any_text_is_an_idempotency_key(city: System, key: str) -> None:
    query = """mutation($key: String, $name: String!) { submitOrganization(
      input: { name: $name, legalForm: FOUNDATION }, idempotencyKey: $key
    ) { organization { id } errors { code } } }"""
    token = city.token(Role.RESIDENT, subject=new_id("sub"))
    variables = {"key": key, "name": new_id("xyz")}
    answers = [await city.ask(query, variables, token) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["submitOrganization"]["errors"] == []


@pytest.mark.parametrize("key", ["", "k" * 201, "k" * 9_000])
async def test_an_idempotency_key_of_a_wrong_length_is_refused_as_data(city: System, key: str) -> None:
    query = """mutation($key: String) { submitOrganization(
      input: { name: "Fundacja", legalForm: FOUNDATION }, idempotencyKey: $key) { errors { code } } }"""
    data = await city.ask(query, {"key": key}, city.token(Role.RESIDENT))
    assert data["submitOrganization"]["errors"] == [{"code": "IDEMPOTENCY_KEY_INVALID"}]


@pytest.mark.parametrize("when", ["9999-12-31T24:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
async def test_an_instant_at_the_edge_of_the_calendar_is_no_fault_of_ours(city: System, when: str) -> None:
    _, answer = await city.send({"query": f'{{ events(filter: {{ startsFrom: "{when}" }}) {{ nodes {{ id }} }} }}'})
    for error in answer.get("errors", ()):
        assert error.get("extensions", {}).get("code") in (None, "INVALID_INPUT")


async def test_a_number_of_five_thousand_digits_is_no_fault_of_ours(city: System) -> None:
    _, answer = await city.send({"query": "{ districts(first: " + "9" * 5_000 + ") { nodes { id } } }"})
    assert answer["errors"][0].get("extensions", {}).get("code") in (None, "INVALID_INPUT")


async def test_what_is_not_http_leaves_nothing_of_it_in_the_log(city: System, caplog: pytest.LogCaptureFixture) -> None:
    from shared import logs

    logs.begin("test")
    port = int(city.graphql.rpartition(":")[2].partition("/")[0])
    with caplog.at_level(logging.DEBUG):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /graphql?query=Jan-Kowalski HTTP/1.1\r\nAuthorization: Bearer SECRET\x01\r\n\r\n")
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert "SECRET" not in caplog.text
    assert "Kowalski" not in caplog.text
    assert "a client sent what is no request" in caplog.text


async def test_a_body_that_is_not_what_its_encoding_says_is_refused(city: System) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for url, status in ((city.graphql, 415), (f"{city.urls['registry']}/v1/districts/find", 400)):
        async with city.session.post(url, data=b"{}", headers=headers) as answer:
            assert answer.status == status
            assert (await answer.json())["errors"]
