"""A store with spans answers as it would without, and tells of calls no more than their kind and collection."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import tracing
from shared.store.opening import open_store
from shared.store.port import Duplicate, Eq, Query, Store, Transaction
from shared.store.traced import TracedStore
from shared.tracing import Kind
from shared.tracing.spans import record_with
from tests.shared.store.things import NOTES, THINGS, thing
from tests.shared.tracing.test_recording import recording_to

WHERE = (Eq("shelf", "Zofia"),)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[tuple[Store, Store, InMemorySpanExporter]]:
    exporter = InMemorySpanExporter()
    store = await open_store(f"sqlite://{tmp_path}/store.db", [THINGS, NOTES])
    recording_to(exporter)
    traced = TracedStore(store, "sqlite")
    yield store, traced, exporter
    record_with(None)
    await traced.close()


async def test_every_call_goes_through_and_is_a_span(stores: tuple[Store, Store, InMemorySpanExporter]) -> None:
    store, traced, exporter = stores
    one, other = thing("Zofia Kowalska", shelf="Zofia", code="44051401359"), thing("Maria", shelf="Zofia")

    async def work(tx: Transaction) -> int:
        await tx.put(THINGS, one)
        await tx.put(THINGS, other)
        assert await tx.get(THINGS, one.id) == one
        assert await tx.delete(THINGS, other.id)
        return await tx.count(THINGS)

    query = Query(THINGS, WHERE)
    with tracing.entry("request", Kind.SERVER, None):
        assert await traced.transaction(work) == 1
        for asked in (traced, store):
            assert await asked.get(THINGS, one.id) == one
            assert await asked.get_many(THINGS, [one.id, other.id]) == [one]
            assert await asked.find(query) == [one]
            assert await asked.find_each([query, query]) == [[one], [one]]
            assert await asked.count(THINGS, WHERE) == 1
            assert await asked.count_by(THINGS, "shelf", WHERE) == {"Zofia": 1}
            assert (await asked.tally(THINGS, ["colour"], WHERE)).total == 1
        with pytest.raises(Duplicate):
            await traced.transaction(lambda tx: tx.put(THINGS, thing("again", code="44051401359")))
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == [
        *("put things", "put things", "get things", "delete things", "count things", "transaction"),
        *("get things", "get_many things", "find things", "find_each things", "count things"),
        *("count_by things", "tally things", "put things", "transaction", "request"),
    ]
    failed = [span for span in spans if span.attributes and span.attributes.get("error.type") == "Duplicate"]
    assert [span.name for span in failed] == ["put things", "transaction"]
    told = "".join(span.to_json() for span in spans)
    for hidden in ("Zofia", "Maria", "44051401359", one.id):
        assert hidden not in told


async def test_what_nobody_asked_for_is_not_recorded(stores: tuple[Store, Store, InMemorySpanExporter]) -> None:
    _, traced, exporter = stores
    assert await traced.find(Query(THINGS, WHERE)) == []
    assert exporter.get_finished_spans() == ()
