"""Where in its trace a process is: the W3C trace context of the request or change at hand, and the spans below it.

Nothing here knows OpenTelemetry. Where spans are recorded, `recording` has put a recorder here; where they are not,
the trace's id still goes through all processes, so that their logs can be joined, and a span costs next to nothing.

Names and attributes are the program's own words: never a text, a variable, a search word, an id of a person or the
message of an exception.
"""

import random
from collections.abc import Mapping
from contextvars import ContextVar, Token
from enum import Enum, auto
from types import TracebackType
from typing import Protocol, Self

from shared.contracts.changes import trace_of

type Value = str | int | float | bool
type Attributes = Mapping[str, Value]

NOT_SAMPLED = "00"


class Kind(Enum):
    """OpenTelemetry's kinds of span."""

    INTERNAL = auto()
    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()
    CONSUMER = auto()


class Recording(Protocol):
    """A span that is written down."""

    @property
    def traceparent(self) -> str: ...

    def rename(self, name: str) -> None: ...

    def set(self, name: str, value: Value) -> None: ...

    def end(self, error: str | None) -> None:
        """`error` is a kind of error, of those that are few."""
        ...


class Recorder(Protocol):
    def start(
        self, name: str, kind: Kind, parent: Recording | str | None, attributes: Attributes | None, *, ours: bool
    ) -> Recording | None:
        """None for one that is not sampled. `parent` is a traceparent where the span before is another process's;
        what it says of sampling counts only if that process is `ours`."""
        ...


class Span:
    """To be entered with `with`; an exception that leaves it is recorded by its `error_type`, or by its class alone."""

    # of the class, and not set anew for each request, of which most need none of them
    _entry: "Span | None" = None
    """None in the entry itself: a reference to itself would leave each request to the garbage collector."""
    _error: str | None = None
    _token: Token["Span | None"] | None = None
    _traceparent: str | None = None

    def __init__(self, above: str | None, recording: Recording | None, *, ours: bool) -> None:
        self._above = above
        self._ours = ours
        self._recording = recording

    @property
    def entry(self) -> "Span":
        """The first span of this process, of which this one is a step."""
        return self._entry or self

    @property
    def recorded(self) -> bool:
        return self._recording is not None

    @property
    def traceparent(self) -> str:
        """For what comes next: a call, a change."""
        if self._traceparent is None:
            # only now, for most requests are answered without anybody having asked
            self._traceparent = self._recording.traceparent if self._recording else self._unrecorded()
        return self._traceparent

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return self.traceparent[3:35]

    @property
    def span_id(self) -> str | None:
        """16 hexadecimal digits; None for one that nobody will find."""
        return self.traceparent[36:52] if self._recording else None

    def rename(self, name: str) -> None:
        if self._recording is not None:
            self._recording.rename(name)

    def set(self, name: str, value: Value) -> None:
        if self._recording is not None:
            self._recording.set(name, value)

    def fail(self, kind: str) -> None:
        """For what went wrong without an exception, or is better told than by its exception's type."""
        self._error = kind

    def drop(self) -> None:
        """It is not written down after all."""
        _ = self.traceparent
        self._recording = None

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        if self._token is not None:
            try:  # noqa: SIM105 - every request comes here
                _current.reset(self._token)
            except ValueError:
                # a generator may be closed in another task than began it; then there is nothing to go back to
                pass
        if self._recording is not None:
            told = getattr(error, "error_type", None) or (kind.__name__ if kind is not None else None)
            self._recording.end(self._error or told)

    def _unrecorded(self) -> str:
        above = trace_of(self._above)
        if above is None:
            # random as identifiers are, no secret
            return f"00-{random.getrandbits(128) or 1:032x}-{random.getrandbits(64) or 1:016x}-{NOT_SAMPLED}"
        # who records nothing passes it on as it came; but whether to sample is for ourselves to decide
        return above if self._ours and _recorder is None else above[:-2] + NOT_SAMPLED


class _Nothing(Span):
    """Stands where no span is: whatever is above stays the current one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass


_recorder: Recorder | None = None
_current: ContextVar[Span | None] = ContextVar("span", default=None)
_NOTHING = _Nothing(None, None, ours=True)


def record_with(recorder: Recorder | None) -> None:
    """For a whole process."""
    global _recorder  # noqa: PLW0603 - there is one for the process, as there is one log
    _recorder = recorder


def is_recording() -> bool:
    """Whether this process records spans at all."""
    return _recorder is not None


def entry(
    name: str, kind: Kind, traceparent: str | None, attributes: Attributes | None = None, *, ours: bool = True
) -> Span:
    """The first span of this process in the trace that the header or the change names, or in a trace of its own.

    `ours` is False for what comes from outside: its trace is continued, its wish to be sampled is not.
    """
    if _recorder is None:
        return Span(traceparent, None, ours=ours)
    return Span(traceparent, _recorder.start(name, kind, trace_of(traceparent), attributes, ours=ours), ours=ours)


def span(name: str, kind: Kind = Kind.INTERNAL, attributes: Attributes | None = None) -> Span:
    """A step of what is at hand; nothing where that is not recorded."""
    if _recorder is None or (above := _current.get()) is None or above._recording is None:  # noqa: SLF001
        return _NOTHING
    recording = _recorder.start(name, kind, above._recording, attributes, ours=True)  # noqa: SLF001
    if recording is None:
        return _NOTHING
    step = Span(None, recording, ours=True)
    step._entry = above.entry  # noqa: SLF001
    return step


def current() -> Span | None:
    """None outside of any request and any change, as when a process starts."""
    return _current.get()


def traceparent() -> str | None:
    """The header for a call (https://www.w3.org/TR/trace-context/)."""
    at_hand = _current.get()
    return None if at_hand is None else at_hand.traceparent


def cause() -> str | None:
    """The same for what outlives a step: a change is the work of the whole request, not of its transaction."""
    at_hand = _current.get()
    return None if at_hand is None else at_hand.entry.traceparent
