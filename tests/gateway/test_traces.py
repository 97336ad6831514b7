"""One trace through all processes, in spans and in logs; and nothing in either that a person sent."""

import sqlite3
from collections.abc import AsyncIterator

import msgspec
import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.gateway.test_changes import SUBSCRIBE
from tests.traced import Processes, Seen, processes

CLIENT = "00f067aa0ba902b7"
SERVER, CALLS, PRODUCES, CONSUMES = 2, 3, 4, 5
OPEN = """mutation Otwarcie($input: OpenConsultationInput!) { zofia: openConsultation(input: $input) {
  consultation { id } errors { code message } } }"""


@pytest.fixture(scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Processes]:
    async with processes(tmp_path_factory.mktemp("traced")) as city:
        yield city


async def opened(city: Processes, trace: str, title: str = "Strefa") -> None:
    wanted = {"title": title, "organizerIds": [new_id("org")], "opensOn": "2098-01-01", "closesOn": "2098-02-03"}
    token = city.keys.token([Role.OFFICIAL.value], subject="zofia.kowalska")
    organization = {"name": "Fundacja Zofii Kowalskiej", "legalForm": "FOUNDATION"}
    submit = "mutation($in: SubmitOrganizationInput!) { submitOrganization(input: $in) { organization { id } } }"
    answer = await city.send(submit, {"in": organization | {"name": f"{organization['name']} {title}"}}, token)
    id_ = answer["data"]["submitOrganization"]["organization"]["id"]
    review = """mutation($id: ID!) { reviewOrganization(input: { id: $id, expectedVersion: 1, publish: true }) {
      organization { status } errors { message } } }"""
    await city.send(review, {"id": id_}, token)
    answer = await city.send(OPEN, {"input": wanted | {"organizerIds": [id_]}}, token, traceparent=header(trace))
    assert answer["data"]["zofia"]["errors"] == [], answer


def header(trace: str) -> str:
    return f"00-{trace}-{CLIENT}-00"


def of(city: Processes, trace: str, name: str, service: str | None = None) -> list[Seen]:
    return [
        one
        for one in city.collector.spans
        if one.trace == trace and one.name == name and (service is None or one.service == f"jasne-{service}")
    ]


async def test_a_mutation_is_one_trace_from_the_client_to_the_last_consumer(city: Processes) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    await opened(city, trace)
    moved = "process changes.events.event.scheduled"
    # the last thing that comes of it: the gateway hears of the entry that the calendar made of the consultation
    await city.collector.until(lambda _: bool(of(city, trace, moved, "gateway")))
    subject = "changes.consultations.consultation.opened"
    await city.collector.until(lambda _: bool(of(city, trace, f"process {subject}", "events")))

    (asked,) = of(city, trace, "mutation Otwarcie")
    assert (asked.service, asked.kind, asked.parent) == ("jasne-gateway", SERVER, CLIENT)
    assert asked.attributes["graphql.operation.name"] == "Otwarcie"
    assert asked.attributes["graphql.operation.type"] == "mutation"
    assert asked.attributes["jasne.outcome"] == "ok"
    (call,) = of(city, trace, "POST /v1/openConsultation", "gateway")
    assert (call.kind, call.parent) == (CALLS, asked.id)
    (served,) = of(city, trace, "POST /v1/openConsultation", "consultations")
    assert (served.kind, served.parent) == (SERVER, call.id)
    assert served.attributes["http.route"] == "/v1/openConsultation"
    assert served.attributes["http.response.status_code"] == 200
    (stored,) = of(city, trace, "transaction", "consultations")
    assert (stored.kind, stored.parent) == (CALLS, served.id)
    (put,) = of(city, trace, "put consultations")
    assert put.parent == stored.id
    assert put.attributes == {
        "db.system.name": "sqlite",
        "db.operation.name": "put",
        "db.collection.name": "consultations",
    }
    (sent,) = of(city, trace, f"publish {subject}")
    assert (sent.service, sent.kind, sent.parent) == ("jasne-consultations", PRODUCES, served.id)
    (handled,) = of(city, trace, f"process {subject}", "events")
    assert (handled.kind, handled.parent) == (CONSUMES, served.id)
    assert handled.attributes["messaging.consumer.group.name"]
    (followed,) = of(city, trace, "transaction", "events")
    assert followed.parent == handled.id
    # what the consumer wrote hangs below it
    assert {one.parent for one in of(city, trace, "publish changes.events.event.scheduled")} == {handled.id}
    assert {one.parent for one in of(city, trace, moved, "gateway")} == {handled.id}


async def test_what_is_asked_over_a_socket_and_over_a_stream_is_a_trace_each(city: Processes) -> None:
    query = {"query": "query PrzezGniazdo { organizations(first: 1) { nodes { id } } }"}
    async with city.session.ws_connect(city.graphql, protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init"})
        for id_ in ("1", "2"):
            await socket.send_json({"id": id_, "type": "subscribe", "payload": query})
        while (message := await socket.receive_json(timeout=5))["type"] != "complete" or message["id"] != "2":
            pass
    trace = "5bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"Accept": "text/event-stream", "traceparent": header(trace)}
    body = {"query": SUBSCRIBE.replace("subscription(", "subscription Strumieniem(")}
    async with city.session.post(city.graphql, json=body, headers=headers) as answer:
        await answer.content.readuntil(b"\n\n")
    await city.collector.until(lambda _: bool(of(city, trace, "subscription Strumieniem")))
    await city.collector.until(lambda spans: len([one for one in spans if one.name == "query PrzezGniazdo"]) == 2)
    one, two = (one for one in city.collector.spans if one.name == "query PrzezGniazdo")
    assert one.trace != two.trace
    assert {one.parent, two.parent} == {""}
    assert of(city, one.trace, "POST /v1/organizations/find", "registry") or of(
        city, two.trace, "POST /v1/organizations/find", "registry"
    )


async def test_an_answer_from_the_cache_is_a_span_without_a_name_of_its_own(city: Processes) -> None:
    query = "query Pamietana { organizations(first: 2) { nodes { id } } }"
    await city.send(query)
    trace = "6bf92f3577b34da6a3ce929d0e0e4736"
    await city.send(query, traceparent=header(trace))
    await city.collector.until(lambda spans: any(one.trace == trace for one in spans))
    (only,) = (one for one in city.collector.spans if one.trace == trace)
    assert only.name == "GraphQL operation"
    assert only.attributes == {"http.response.status_code": 200}


async def test_nothing_that_a_person_sent_is_in_a_span_or_in_a_log(city: Processes) -> None:
    trace = "7bf92f3577b34da6a3ce929d0e0e4736"
    await opened(city, trace, title="Remont u Brzęczyszczykiewiczów")
    secret = "query($tekst: String) { maria: organizations(search: $tekst) { nodes { id } } }"
    token = city.keys.token([Role.RESIDENT.value], subject="zofia.kowalska")
    await city.send(secret, {"tekst": "Wścieklica"}, token)
    await city.send('{ nowak: organizations(search: "Gżegżółka") { nodes { id } } }')
    await city.send('{ node(id: "org_niedobre Zażółć") { id } }', traceparent=header(trace), tracestate="kto=Ignacy")
    await city.send('query Koniec { organization(id: "org_x") { id } }', baggage="kto=Ignacy")
    await city.collector.until(lambda spans: any(one.name == "query Koniec" for one in spans))
    told = b"".join([*city.collector.bytes, *(child.log.read_bytes() for child in city.children.values())])
    assert b"changes.consultations.consultation.opened" in told
    for sent in (
        *("Brzęczyszczykiewicz", "Kowalsk", "kowalsk", "Wścieklica", "Gżegżółka", "Zażółć", "Ignacy"),
        *("zofia:", "maria", "nowak", "SubmitOrganizationInput!", "Bearer", token, "tajne-haslo"),
    ):
        assert sent.encode() not in told, sent
        assert msgspec.json.encode(sent)[1:-1] not in told, sent


async def test_the_logs_of_gateway_and_service_name_the_same_trace(city: Processes) -> None:
    # a fault in a service: a table that is gone
    store = sqlite3.connect(city.folder / "events.db")
    tables = [name for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    with store:
        for table in tables:
            if table.startswith("events"):
                store.execute(f'DROP TABLE "{table}"')
    store.close()
    trace = "8bf92f3577b34da6a3ce929d0e0e4736"
    answer = await city.send("query Zepsute { events { nodes { id } } }", traceparent=header(trace))
    assert answer["errors"][0]["extensions"]["service"] == "events"

    (operation,) = (line for line in city.log("gateway") if line.get("trace_id") == trace)
    assert operation["service"] == "gateway"
    assert operation["operation"] == "Zepsute"
    assert operation["outcome"] == "errors"
    (incident,) = (line for line in city.log("events") if line.get("trace_id") == trace)
    assert incident["level"] == "ERROR"
    assert incident["message"].startswith("incident ")
    assert incident["error"]["type"] == "sqlite3.OperationalError"
    assert all(" in " in frame for frame in incident["error"]["stack"])

    # each process sends its spans when it likes
    await city.collector.until(
        lambda _: bool(of(city, trace, "POST /v1/events/find", "events") and of(city, trace, "query Zepsute"))
    )
    (served,) = of(city, trace, "POST /v1/events/find", "events")
    assert served.id == incident["span_id"]
    assert served.attributes["error.type"] == "500"
    (asked,) = of(city, trace, "query Zepsute")
    assert asked.id == operation["span_id"]


def test_every_line_of_every_log_is_one_json_object(city: Processes) -> None:
    for name in city.children:
        lines = city.log(name)
        assert any("listens on" in line["message"] for line in lines)
        for line in lines:
            assert {"time", "level", "service", "logger", "message"} <= set(line)
            assert line["service"] == name
            assert line["time"].endswith("Z")
