"""Traces: which request a process is at, and how long each of its steps takes, from the client to the last consumer."""

from shared.environment import switch, text
from shared.tracing.spans import Kind, Span, cause, current, entry, is_recording, span, traceparent

__all__ = ["Kind", "Span", "begin", "cause", "current", "entry", "is_recording", "span", "traceparent"]


def begin(service: str) -> None:
    """For a whole process, once: record spans if the environment names where to. Raises SystemExit for what it cannot.

    OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) does, or OTEL_TRACES_EXPORTER=console for the eye.
    """
    endpoint = text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") or text("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    exporter = text("OTEL_TRACES_EXPORTER", "") or ("otlp" if endpoint else "none")
    if exporter == "none" or switch("OTEL_SDK_DISABLED", default=False):
        return
    if exporter not in ("otlp", "console"):
        raise SystemExit("OTEL_TRACES_EXPORTER must be otlp, console or none")
    named = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"
    if any(text(name, "") not in ("", "http/protobuf") for name in named):
        raise SystemExit("OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf: spans leave over HTTP")
    # 10 MiB that a process without traces does not have to carry
    try:
        from shared.tracing import recording
    except ModuleNotFoundError as missing:
        raise SystemExit(f"traces need the packages of the extra `traces`: {missing.name} is not installed") from None

    recording.begin(service, exporter)
