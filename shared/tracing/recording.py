"""Spans written down and handed to a collector: the one module that knows OpenTelemetry.

Imported and begun only where a collector is named, for it takes some 10 MiB of memory. The standard variables hold
(https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/); OTLP goes over HTTP. Spans wait in
a queue of OTEL_BSP_MAX_QUEUE_SIZE and leave from a thread; what does not fit is dropped, and no request waits for it.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Sequence

from opentelemetry.context import Context, create_key, set_value
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace.span import TraceState
from opentelemetry.util.types import Attributes as OtelAttributes

from shared.environment import number
from shared.tracing.spans import Attributes, Kind, Recording, Value, record_with

FLUSH = 3.0
"""Seconds that a process which stops gives its last spans."""
QUEUE, BATCH = 512, 128
"""Spans that wait, and that leave together. A span takes 10 KiB until it has left: the SDK's own queue, four times as
long, takes more memory than all else about traces when a collector is away."""
_QUIET = 60.0
"""Seconds between two lines of log about a collector that is away."""
_EXPORTING = ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal", "opentelemetry.sdk.trace.export")
_FOREIGN = create_key("parent-is-foreign")
_log = logging.getLogger(__name__)


def begin(service: str, exporter: str) -> None:
    """For a whole process, once. `exporter` is `otlp` or `console`."""
    seldom = _Seldom()
    for name in _EXPORTING:
        logging.getLogger(name).addHandler(seldom)
        logging.getLogger(name).propagate = False
    resource = Resource.create()
    if "service.name" not in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "") and not os.environ.get("OTEL_SERVICE_NAME"):
        resource = resource.merge(Resource({SERVICE_NAME: f"jasne-{service}"}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.sampler = _Sampler(provider.sampler, provider.id_generator)
    provider.add_span_processor(
        BatchSpanProcessor(
            _exporter(exporter),
            max_queue_size=number("OTEL_BSP_MAX_QUEUE_SIZE", QUEUE),
            max_export_batch_size=number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", BATCH),
        )
    )
    record_with(_Recorder(provider))
    atexit.register(_end, provider)


def _end(provider: TracerProvider) -> None:
    """The SDK would wait for half a minute for a collector that is away."""
    record_with(None)
    ending = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
    ending.start()
    ending.join(FLUSH)


def _exporter(name: str) -> SpanExporter:
    if name == "console":
        return ConsoleSpanExporter(formatter=lambda span: f"{span.to_json(indent=None)}\n")
    # takes requests along, which the console does without
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


class _Recorder:
    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("jasne")

    def start(
        self, name: str, kind: Kind, parent: Recording | str | None, attributes: Attributes | None, *, ours: bool
    ) -> Recording | None:
        # an empty context, not None: that would be whatever OpenTelemetry takes for the current one
        context = Context()
        if isinstance(parent, _Recording):
            context = set_span_in_context(parent.span, context)
        elif isinstance(parent, str):
            context = set_span_in_context(NonRecordingSpan(_context_of(parent)), context)
        if not ours:
            context = set_value(_FOREIGN, True, context)
        span = self._tracer.start_span(name, context, SpanKind[kind.name], attributes)
        return _Recording(span) if span.is_recording() else None


class _Recording:
    __slots__ = ("span",)

    def __init__(self, span: OtelSpan) -> None:
        self.span = span

    @property
    def traceparent(self) -> str:
        at = self.span.get_span_context()
        return f"00-{at.trace_id:032x}-{at.span_id:016x}-{at.trace_flags:02x}"

    def rename(self, name: str) -> None:
        self.span.update_name(name)

    def set(self, name: str, value: Value) -> None:
        self.span.set_attribute(name, value)

    def end(self, error: str | None) -> None:
        if error is not None:
            # not `record_exception`: it would keep the message, and the frames with it
            self.span.set_attribute("error.type", error)
            self.span.set_status(Status(StatusCode.ERROR))
        self.span.end()


def _context_of(traceparent: str) -> SpanContext:
    # without tracestate: it is whatever a client wrote there
    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


class _Sampler(Sampler):
    """OTEL_TRACES_SAMPLER, except that a foreign parent has no say: neither by its flag nor by the id it chose, from
    which a ratio is computed. Lots are drawn as for a trace of our own; all that comes after follows that decision."""

    def __init__(self, chosen: Sampler, ids: IdGenerator) -> None:
        # a ratio of the trace's id would be the client's choice again wherever the id comes along
        self._chosen = ParentBased(chosen) if isinstance(chosen, TraceIdRatioBased) else chosen
        self._ids = ids

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: OtelAttributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if parent_context is not None and parent_context.get(_FOREIGN):
            parent_context, trace_id = Context(), self._ids.generate_trace_id()
        return self._chosen.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return self._chosen.get_description()


class _Seldom(logging.Handler):
    """What the SDK says of a collector that is away: once in a while, and without its address, which may hold a key."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._next = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _QUIET
        said = record.args if isinstance(record.args, tuple) else ()
        status = next((f" (HTTP {one})" for one in said if isinstance(one, int)), "")
        _log.warning("the collector takes no spans at the moment%s; what the queue cannot hold is dropped", status)
