"""Logs: to standard error, an event a line, and nothing in them that a person sent.

LOG_FORMAT=text is for people, LOG_FORMAT=json for whatever collects logs: one JSON object a line, with the trace of the
request or change at hand, and by name what a line gave under `extra={FIELDS: …}`.

Both tell an exception by its type and its frames. Its message is left out: those of databases and decoders quote the
value that they could not take.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

from shared import tracing
from shared.environment import text

FIELDS = "fields"
"""Under this name in `extra`: what a line tells, by name, for those who count; the text tells it to people."""

_FRAMES = 40
"""The last ones of an exception; what is deeper has called itself."""
_SERVER_LOGS = ("aiohttp.server", "aiohttp.websocket", "aiohttp.web", "strawberry.ws")


class _WithoutWhatWasSent(logging.Filter):
    """These libraries log whom they could not understand, and what he sent: of that only the kind of error stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "something wrong"
        record.msg, record.args, record.exc_info, record.exc_text = (
            f"a client sent what is no request: {kind}",
            (),
            None,
            None,
        )
        return True


class _FirstLine(logging.Filter):
    """asyncio shows the task of an exception that nobody took, and in it the exception with its message."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


class _Text(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        return "\nwhich led to\n".join(_as_python_does(one) for one in _causes(ei[1]))


class _Json(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage().encode(errors="replace").decode(),
        }
        if (at_hand := tracing.current()) is not None:
            line["trace_id"] = at_hand.trace_id
            if (span := at_hand.span_id) is not None:
                line["span_id"] = span
        if record.exc_info and record.exc_info[1] is not None:
            *earlier, last = _causes(record.exc_info[1])
            line["error"] = _told(last) | ({"causes": [_told(error) for error in earlier]} if earlier else {})
        fields = getattr(record, FIELDS, None)
        # JSON has no line breaks of its own; what is no text and no number shows its type alone
        return msgspec.json.encode((fields or {}) | line, enc_hook=_type_name).decode()


def begin(name: str) -> None:
    """For a whole process, once. Raises SystemExit for a format that there is not."""
    handler = logging.StreamHandler()
    match text("LOG_FORMAT", "") or "text":
        case "text":
            handler.setFormatter(_Text(f"%(asctime)s {name} %(levelname)s %(name)s: %(message)s"))
        case "json":
            handler.setFormatter(_Json(name))
            # Python would print them between the lines
            logging.captureWarnings(capture=True)
        case _:
            raise SystemExit("LOG_FORMAT must be text or json")
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for server in _SERVER_LOGS:
        logging.getLogger(server).addFilter(_WithoutWhatWasSent())
    logging.getLogger("asyncio").addFilter(_FirstLine())
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """Python would print it with its message, and on many lines."""
    logging.getLogger(__name__).critical("the process ends by an exception", exc_info=(kind, error, frames))


def _causes(error: BaseException) -> list[BaseException]:
    """The exception, and before it what it came from; of a group, each."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left and len(found) < 10:
        one = left.pop()
        if one is None or one in found:
            continue
        found.append(one)
        left.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
        left.extend(one.exceptions if isinstance(one, BaseExceptionGroup) else ())
    return found[::-1]


def _as_python_does(error: BaseException) -> str:
    frames = traceback.format_tb(error.__traceback__, -_FRAMES)
    return "".join(["Traceback (most recent call last):\n", *frames, _kind(error)])


def _told(error: BaseException) -> dict[str, Any]:
    return {"type": _kind(error), "stack": list(_frames(error.__traceback__))}


def _frames(frames: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(frames, -_FRAMES):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}"


def _kind(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    # of databases and operating systems; a number says nothing of anybody, and often all of what happened
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    return f"{name} {code}" if isinstance(code, int) else name


def _type_name(value: object) -> str:
    return type(value).__name__
