"""What is done with a change, as a span.

Publishing a change and handling it, wherever that is, stand below the request that wrote it: its traceparent is what
OpenTelemetry's conventions for messaging call the creation context. They ask for a link to it, and allow it as the
parent where messages are taken one by one, as they are here; only a parent makes it one trace, with one decision
whether to sample. The message keeps the traceparent it was written with: sent twice, it is the same twice.
"""

from shared import tracing
from shared.contracts.changes import Change
from shared.tracing import Kind, Span


def publishing(change: Change) -> Span:
    return _span(change, "publish", "send", Kind.PRODUCER)


def handling(change: Change, durable: str | None = None) -> Span:
    """`durable` is the group of consumers; none for one that only watches."""
    span = _span(change, "process", "process", Kind.CONSUMER)
    if durable is not None:
        span.set("messaging.consumer.group.name", durable)
    return span


def _span(change: Change, name: str, type_: str, kind: Kind) -> Span:
    attributes = {
        "messaging.system": "nats",
        "messaging.destination.name": change.subject,
        "messaging.operation.name": name,
        "messaging.operation.type": type_,
        "messaging.message.id": change.id,
    }
    return tracing.entry(f"{name} {change.subject}", kind, change.traceparent, attributes)
