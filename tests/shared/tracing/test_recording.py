"""What is recorded, by the SDK itself: whose decision sampling is, what is told of an error, and what settings say."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio, Sampler, TraceIdRatioBased

from shared import tracing
from shared.tracing import Kind, recording
from shared.tracing.spans import record_with

LOW, HIGH = f"00-{'0' * 31}1-00f067aa0ba902b7-01", f"00-{'f' * 32}-00f067aa0ba902b7-01"
"""Traces that any ratio takes, and that none takes: it is computed from the last half of the id."""


def recording_to(exporter: InMemorySpanExporter, sampler: Sampler | None = None) -> None:
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.sampler = recording._Sampler(provider.sampler, provider.id_generator)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    record_with(recording._Recorder(provider))


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    yield InMemorySpanExporter()
    record_with(None)


def test_steps_hang_below_their_request_and_changes_below_the_request_itself(exporter: InMemorySpanExporter) -> None:
    recording_to(exporter)
    with tracing.entry("request", Kind.SERVER, LOW) as request, tracing.span("step", Kind.CLIENT) as step:
        assert tracing.traceparent() == step.traceparent
        assert tracing.cause() == request.traceparent
        with tracing.span("below"):
            pass
    below, inner, outer = exporter.get_finished_spans()
    assert below.parent is not None
    assert below.parent.span_id == inner.context.span_id
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert outer.parent is not None
    assert outer.parent.is_remote
    assert f"{outer.parent.span_id:016x}" == LOW[36:52]


def test_what_is_done_for_nobody_is_no_span(exporter: InMemorySpanExporter) -> None:
    recording_to(exporter)
    with tracing.span("find outbox"):
        pass
    assert exporter.get_finished_spans() == ()


def test_of_an_exception_the_type_is_told_and_nothing_else(exporter: InMemorySpanExporter) -> None:
    recording_to(exporter)
    with pytest.raises(ValueError), tracing.entry("request", Kind.SERVER, None):
        raise ValueError("Zofia Kowalska")
    (span,) = exporter.get_finished_spans()
    assert span.attributes == {"error.type": "ValueError"}
    assert span.events == ()
    assert "Kowalska" not in span.to_json()


@pytest.mark.parametrize("sampler", [ParentBasedTraceIdRatio(0.1), TraceIdRatioBased(0.1)])
def test_neither_a_clients_flag_nor_its_trace_decides_on_sampling(
    exporter: InMemorySpanExporter, sampler: Sampler
) -> None:
    recording_to(exporter, sampler)
    for trace in (LOW, HIGH):
        exporter.clear()
        for _ in range(1000):
            with tracing.entry("request", Kind.SERVER, trace, ours=False) as request:
                sampled = request.recorded
                assert request.traceparent.startswith(trace[:36])
                assert request.traceparent.endswith("-01" if sampled else "-00")
                with tracing.span("step") as step:
                    assert step.recorded == sampled
        spans = exporter.get_finished_spans()
        # a hundred are expected; so far off comes once in more than a billion runs
        assert 40 <= len(spans) / 2 <= 170


def test_the_decision_taken_at_the_gateway_holds_in_the_services(exporter: InMemorySpanExporter) -> None:
    recording_to(exporter, TraceIdRatioBased(0.1))
    with tracing.entry("request", Kind.SERVER, HIGH) as one:
        assert one.recorded
    with tracing.entry("request", Kind.SERVER, LOW[:-2] + "00") as other:
        assert not other.recorded


def run(**settings: str) -> subprocess.CompletedProcess[str]:
    program = """from shared import tracing
tracing.begin("test")
with tracing.entry("a", tracing.Kind.SERVER, None):
    pass
"""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": "."} | settings
    )


def test_the_console_shows_spans_under_the_services_name() -> None:
    shown = json.loads(run(OTEL_TRACES_EXPORTER="console").stdout)
    assert shown["name"] == "a"
    assert shown["resource"]["attributes"]["service.name"] == "jasne-test"
    named = json.loads(run(OTEL_TRACES_EXPORTER="console", OTEL_SERVICE_NAME="other").stdout)
    assert named["resource"]["attributes"]["service.name"] == "other"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER must be otlp, console or none"),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf",
        ),
    ],
)
def test_a_setting_that_cannot_be_met_ends_the_process_with_one_line(settings: dict[str, str], told: str) -> None:
    ended = run(**settings)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("off", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}])
def test_traces_are_switched_off_where_an_endpoint_is_set(off: dict[str, str]) -> None:
    ended = run(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", **off)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
