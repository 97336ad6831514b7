"""What was executed, in the log and in metrics: an operation's name, type and outcome; never its text or variables."""

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from graphql import OperationType
from prometheus_client import Counter, Gauge, Histogram
from strawberry.extensions import SchemaExtension

from gateway.operations import Operation
from shared import tracing
from shared.logs import FIELDS
from shared.metrics import SECONDS, registry
from shared.tracing import Kind, Span

NAME_MAX = 64
NAMES_MAX = 200
"""Operations that have a label of their own; clients choose the names, and each would cost memory for ever."""
IDLE = 600.0
"""Seconds after which a name that was not seen makes room for another: who invents names takes no label for good,
and takes none from operations that are in use."""
NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_LONG_NUMBER = re.compile(r"[0-9](?:_*[0-9]){10}")
"""As long as a PESEL number: clients choose the names, and nobody's number belongs into a log."""
UNNAMED = "GraphQL operation"
"""A span of what is no operation, or not known to be one: an answer from the cache is found by its bytes."""
log = logging.getLogger("gateway.operations")


@dataclass(slots=True)
class Trail:
    """What is known of a request so far, filled in on its way."""

    transport: str = "http"
    operation: Operation | None = None
    outcome: str | None = None
    """ok, errors (some fields failed), invalid (not executed), refused, fault; None for what is no operation."""
    status: int | None = None
    started: float = field(default_factory=time.perf_counter)


class Observer:
    def __init__(self, *, log_operations: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log_operations
        self._clock = clock
        self._names: OrderedDict[str, float] = OrderedDict()
        """When each was seen last; the one seen longest ago first."""
        self._known: dict[tuple[str, str, str], tuple[Counter, Histogram | None]] = {}
        self.registry = registry()
        """Other parts of the gateway put their own metrics here."""
        labels = ("operation", "type", "outcome")
        self._count = Counter("jasne_operations", "Operations by outcome", labels, registry=self.registry)
        self._seconds = Histogram(
            "jasne_operation_seconds",
            "Time to answer a query or a mutation",
            labels[:2],
            registry=self.registry,
            buckets=SECONDS,
        )
        self.open = Gauge("jasne_streams_open", "Event streams and WebSockets", ("transport",), registry=self.registry)

    def seen(self, trail: Trail) -> None:
        """At the end of an operation, whichever way it went; within its span."""
        if trail.outcome is None:
            return
        seconds = time.perf_counter() - trail.started
        name, type_ = named(trail.operation)
        label = self._label(name)
        count, took = self._children(label, type_, trail.outcome)
        count.inc()
        if took is not None:
            took.observe(seconds)
        at_hand = tracing.current()
        if at_hand is not None and at_hand.recorded:
            _describe(at_hand, trail, label, type_)
        if self._log:
            log.info(
                "name=%s type=%s outcome=%s status=%s transport=%s ms=%.1f trace=%s",
                name,
                type_,
                trail.outcome,
                trail.status or "-",
                trail.transport,
                seconds * 1000,
                "-" if at_hand is None else at_hand.trace_id,
                extra={
                    FIELDS: {
                        "operation": name,
                        "type": type_,
                        "outcome": trail.outcome,
                        "status": trail.status,
                        "transport": trail.transport,
                        "ms": round(seconds * 1000, 1),
                    }
                },
            )

    def _children(self, label: str, type_: str, outcome: str) -> tuple[Counter, Histogram | None]:
        """Found by one look: `labels` takes a lock and makes text of each value, every time."""
        key = (label, type_, outcome)
        if (known := self._known.get(key)) is None:
            # how long a subscription lasts says nothing of how fast it is
            timed = type_ in (OperationType.QUERY.value, OperationType.MUTATION.value)
            known = (self._count.labels(*key), self._seconds.labels(label, type_) if timed else None)
            self._known[key] = known
        return known

    def _label(self, name: str) -> str:
        now = self._clock()
        if name not in self._names and len(self._names) >= NAMES_MAX:
            oldest = next(iter(self._names))
            if now - self._names[oldest] < IDLE:
                return "other"
            self._forget(oldest)
        self._names[name] = now
        self._names.move_to_end(name)
        return name

    def _forget(self, name: str) -> None:
        del self._names[name]
        for key in [key for key in self._known if key[0] == name]:
            _, took = self._known.pop(key)
            self._count.remove(*key)
            if took is not None:
                # one for all outcomes; it may be gone already
                with suppress(KeyError):
                    self._seconds.remove(*key[:2])


def request_span(traceparent: str | None) -> Span:
    """Of what a client asks, whose trace goes on here. Named when it is known what it is."""
    return tracing.entry(UNNAMED, Kind.SERVER, traceparent, ours=False)


def _describe(span: Span, trail: Trail, label: str, type_: str) -> None:
    """The name is the client's to choose, and so told as far as there is a label for it."""
    if trail.operation is not None:
        span.rename(f"{type_} {label}")
        span.set("graphql.operation.name", label)
        span.set("graphql.operation.type", type_)
    span.set("jasne.transport", trail.transport)
    span.set("jasne.outcome", trail.outcome or "-")
    if trail.outcome == "fault":
        span.fail("fault")


def named(operation: Operation | None) -> tuple[str, str]:
    """Name and type for people to read; `-` where it never got as far as being an operation."""
    if operation is None:
        return "-", "-"
    # the grammar has it so already; a log is no place to rely on that
    name = operation.name or "anonymous"
    tellable = NAME.fullmatch(name) and not _LONG_NUMBER.search(name)
    return (name[:NAME_MAX] if tellable else "-"), operation.type.value


class ObservedOperations(SchemaExtension):
    """For WebSockets, whose operations strawberry starts and ends; over HTTP the handler sees more."""

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        if (observer := execution.context.observer) is None:
            yield
            return
        self._trail = Trail("websocket")
        with request_span(execution.context.traceparent):
            try:
                yield
            finally:
                self._trail.outcome = self._trail.outcome or "ok"
                observer.seen(self._trail)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        context = self.execution_context.context
        if context.observer is not None:
            if context.operations is not None and self._trail.operation is None:
                self._trail.operation = context.operations.known(
                    self.execution_context.query or "", self.execution_context.operation_name
                )
            if getattr(result, "errors", None):
                executed = getattr(result, "data", None) is not None or any(error.path for error in result.errors)
                self._trail.outcome = "errors" if executed else "invalid"
        yield
