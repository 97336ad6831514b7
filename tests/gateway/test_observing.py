"""What was executed is in the log and in the metrics, and nothing that a person wrote is."""

import asyncio
import logging
from dataclasses import replace

import pytest
from prometheus_client import generate_latest

from gateway.observing import IDLE, NAME_MAX, NAMES_MAX, Observer, Trail
from gateway.operations import Operations
from gateway.schema.root import schema
from gateway.settings import Http
from shared.contracts.changes import Change
from tests.gateway.conftest import Towns
from tests.gateway.test_changes import connected
from tests.system import System

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "gateway.operations"]


async def test_each_operation_is_a_line_with_its_name_and_trace_and_never_its_text(
    town: System, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        query = 'query Who($n: String!) { __type(name: $n) { name } node(id: "Kowalski") { id } }'
        headers = {"traceparent": TRACE}
        async with town.session.post(
            town.graphql, json={"query": query, "variables": {"n": "Nowak"}}, headers=headers
        ) as answer:
            assert answer.status == 200
        await town.send({"query": "mutation { __typename }"})
        await town.send({"query": "{ nope }"})
        await town.send({"query": 5})
        await town.send([{"query": "query InBatch { __typename }"}])
    told = [line.split(" ms=")[0] for line in lines(caplog)]
    assert told == [
        "name=Who type=query outcome=errors status=200 transport=http",
        "name=anonymous type=mutation outcome=ok status=200 transport=http",
        "name=- type=- outcome=invalid status=200 transport=http",
        "name=- type=- outcome=refused status=400 transport=http",
        "name=InBatch type=query outcome=ok status=- transport=batch",
    ]
    assert lines(caplog)[0].endswith(" trace=4bf92f3577b34da6a3ce929d0e0e4736")
    assert "Nowak" not in caplog.text
    assert "Kowalski" not in caplog.text


async def test_without_traces_a_change_and_the_log_still_name_the_trace(
    town: System, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Change] = []
    publish = town.feed.publish

    async def noted(change: Change) -> None:
        told.append(change)
        await publish(change)

    town.feed.publish = noted  # type: ignore[method-assign]
    mutation = 'mutation Submit { submitOrganization(input: {name: "%s", legalForm: SPORTS_CLUB}) { errors { code } } }'
    with caplog.at_level(logging.INFO):
        for name, headers in (("Pierwszy", {"traceparent": TRACE}), ("Drugi", {})):
            query = {"query": mutation % name}
            async with town.session.post(town.graphql, json=query, headers=headers) as answer:
                assert (await answer.json())["data"]["submitOrganization"]["errors"] == []
        async with asyncio.timeout(10):
            while len(told) < 2:
                await asyncio.sleep(0.01)
    # the client's trace goes on, its wish to be sampled does not
    assert told[0].traceparent == TRACE[:-2] + "00"
    assert told[1].traceparent is not None
    assert [line.rpartition(" trace=")[2] for line in lines(caplog)] == [(one.traceparent or "")[3:35] for one in told]


@pytest.mark.parametrize("name", ["Q44051401359", "Q_4405_1401__359", "Q440514013590", f"{'q' * NAME_MAX}44051401359"])
async def test_a_long_number_in_a_name_is_neither_in_the_log_nor_in_the_metrics(
    town: System, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.INFO):
        await town.send({"query": f"query {name} {{ __typename }}"})
        async with connected(town) as socket:
            await socket.receive_json(timeout=5)
            query = f"subscription {name} {{ nope }}"
            await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
            await socket.receive_json(timeout=5)
        await town.send({"query": f"query {name} {{ nope }}"})
    assert lines(caplog)[0].startswith("name=- type=query outcome=ok")
    assert name[:NAME_MAX] not in caplog.text
    async with town.session.get(town.graphql.replace("/graphql", "/metrics")) as answer:
        assert name[:NAME_MAX] not in await answer.text()


async def test_operations_over_websocket_and_streams_are_seen_when_they_end(
    town: System, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with connected(town) as socket:
            await socket.receive_json(timeout=5)
            for id_, query in (("1", "query Sock { __typename }"), ("2", "query Bad { nope }")):
                await socket.send_json({"id": id_, "type": "subscribe", "payload": {"query": query}})
                while (await socket.receive_json(timeout=5))["type"] == "next":
                    pass
        headers = {"Accept": "text/event-stream"}
        query = "subscription Live { changes { id } }"
        async with town.session.post(town.graphql, json={"query": query}, headers=headers) as answer:
            await answer.content.readuntil(b"\n\n")
            while town.feed.listeners != 1:
                await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            while len(lines(caplog)) < 3:
                await asyncio.sleep(0.01)
    assert [line.split(" ms=")[0] for line in lines(caplog)] == [
        "name=Sock type=query outcome=ok status=- transport=websocket",
        "name=- type=- outcome=invalid status=- transport=websocket",
        "name=Live type=subscription outcome=ok status=200 transport=stream",
    ]


async def test_metrics_count_operations_by_name_type_and_outcome(town: System) -> None:
    await town.ask("query Measured { __typename }")
    async with town.session.get(town.graphql.replace("/graphql", "/metrics")) as answer:
        assert answer.content_type == "text/plain"
        text = await answer.text()
    assert 'jasne_operations_total{operation="Measured",outcome="ok",type="query"} 1.0' in text
    assert 'jasne_operation_seconds_count{operation="Measured",type="query"} 1.0' in text
    for name in ("jasne_feed_listeners", "jasne_streams_open", "process_resident_memory_bytes"):
        assert name in text


def test_clients_cannot_make_labels_without_end() -> None:
    observer = Observer(log_operations=False)
    operation = Operations(schema).get("{ __typename }")
    for name in ("L" * 5_000, *(f"Q{n}" for n in range(NAMES_MAX + 50))):
        observer.seen(Trail(operation=replace(operation, name=name), outcome="ok"))
    text = generate_latest(observer.registry).decode()
    assert text.count("jasne_operations_total{") == NAMES_MAX + 1
    assert 'jasne_operations_total{operation="other",outcome="ok",type="query"} 51.0' in text
    assert "L" * (NAME_MAX + 1) not in text


def test_invented_names_take_no_label_for_good_nor_from_what_is_in_use() -> None:
    now = 0.0
    observer = Observer(log_operations=False, clock=lambda: now)
    operation = Operations(schema).get("{ __typename }")

    def seen(name: str) -> str:
        for outcome in ("ok", "errors"):
            observer.seen(Trail(operation=replace(operation, name=name), outcome=outcome))
        return generate_latest(observer.registry).decode()

    seen("Used")
    for n in range(NAMES_MAX):
        seen(f"Invented{n}")
    now = IDLE / 2
    assert 'operation="Used",outcome="ok",type="query"} 2.0' in seen("Used")
    assert 'operation="Late"' not in seen("Late")
    now = IDLE + 1
    text = seen("Late")
    assert 'operation="Late",outcome="ok",type="query"} 1.0' in text
    assert "Invented0" not in text
    assert text.count("jasne_operation_seconds_count{") == NAMES_MAX + 1
    assert 'operation="Used",outcome="ok",type="query"} 3.0' in seen("Used")


async def test_the_log_of_operations_is_off_by_a_setting(towns: Towns, caplog: pytest.LogCaptureFixture) -> None:
    async with towns(Http(operation_log=False)) as town:
        with caplog.at_level(logging.INFO):
            await town.ask("{ __typename }")
    assert lines(caplog) == []
