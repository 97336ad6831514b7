"""The trace goes through, recorded or not; who records nothing imports nothing for it."""

import asyncio
import subprocess
import sys

import pytest

from shared import tracing
from shared.tracing import Kind
from shared.tracing.spans import NOT_SAMPLED

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_a_trace_of_ours_goes_on_as_it_came() -> None:
    with tracing.entry("request", Kind.SERVER, SAMPLED) as span:
        assert tracing.traceparent() == tracing.cause() == SAMPLED
        assert span.trace_id == TRACE
        assert span.span_id is None
    assert tracing.current() is None
    assert tracing.traceparent() is None


def test_a_clients_wish_to_be_sampled_goes_no_further() -> None:
    with tracing.entry("request", Kind.SERVER, SAMPLED, ours=False):
        assert tracing.traceparent() == SAMPLED[:-2] + NOT_SAMPLED


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Zofia Kowalska",
        SAMPLED.upper(),
        SAMPLED + "-more",
        SAMPLED.replace("00-4", "01-4"),
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
    ],
)
def test_what_is_no_trace_begins_one(header: str | None) -> None:
    with tracing.entry("request", Kind.SERVER, header, ours=False) as one:
        first = tracing.traceparent()
        assert first is not None
        assert len(first) == len(SAMPLED)
        assert first.endswith("-00")
        assert TRACE not in first
        assert tracing.traceparent() == first, "and it is one for the whole request"
    with tracing.entry("request", Kind.SERVER, header) as two:
        assert two.trace_id != one.trace_id


async def test_each_request_at_the_same_time_has_a_trace_of_its_own() -> None:
    async def request() -> tuple[str | None, str | None]:
        with tracing.entry("request", Kind.SERVER, None):
            before = tracing.traceparent()
            await asyncio.sleep(0)
            with tracing.span("step"):
                await asyncio.sleep(0)
                return before, tracing.traceparent()

    found = await asyncio.gather(*(request() for _ in range(20)))
    assert all(before == after for before, after in found)
    assert len(set(found)) == 20


def test_a_process_without_traces_imports_nothing_for_them() -> None:
    program = """import sys
from shared import tracing
from shared.service import process
from gateway import app
tracing.begin("test")
with tracing.entry("a", tracing.Kind.SERVER, None), tracing.span("b"):
    pass
assert not [name for name in sys.modules if name.startswith("opentelemetry") or name == "requests"]
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": "."})
