"""A line of log: one JSON object or one text, and of an exception its kind and its frames, never what it quotes."""

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from pymongo.errors import DuplicateKeyError

from shared import logs, tracing
from shared.contracts.organisations import LegalForm
from shared.tracing import Kind

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def log_to(out: io.StringIO, formatter: logging.Formatter) -> logging.Logger:
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    log = logging.Logger("test")  # noqa: LOG001 - of this test alone
    log.addHandler(handler)
    return log


def failing(with_what: str) -> None:
    match with_what:
        case "msgspec":
            msgspec.convert("Zofia Kowalska", LegalForm)
        case "pymongo":
            full = {"keyPattern": {"k.email": 1}, "keyValue": {"k.email": "zofia@kowalska.pl"}}
            raise DuplicateKeyError('dup key: { k.email: "zofia@kowalska.pl" }', 11000, full)
        case "chained":
            try:
                int("Zofia Kowalska")
            except ValueError as error:
                raise LookupError("zofia@kowalska.pl") from error
        case "grouped":
            raise ExceptionGroup("Kowalska", [ValueError("zofia@kowalska.pl"), KeyError("Zofia")])


KINDS = {
    "msgspec": "msgspec.ValidationError",
    "pymongo": "pymongo.errors.DuplicateKeyError",
    "chained": "LookupError",
    "grouped": "ExceptionGroup",
}


@pytest.mark.parametrize("with_what", KINDS)
@pytest.mark.parametrize("formatter", [logs._Text("%(levelname)s %(message)s"), logs._Json("test")])
def test_an_exception_is_told_by_kind_and_place_without_what_it_quotes(
    out: io.StringIO, formatter: logging.Formatter, with_what: str
) -> None:
    log = log_to(out, formatter)
    local = "zofia jako zmienna"
    try:
        failing(with_what)
    except Exception:
        log.exception("incident %s", len(local))
    told = out.getvalue()
    assert KINDS[with_what] in told
    assert "in failing" in told
    assert "test_logs.py" in told
    assert "zofia@kowalska.pl" not in told.replace('"zofia@kowalska.pl"', ""), "only as this file's own source"
    if isinstance(formatter, logs._Json):
        assert not [word for word in ("Zofia", "zofia", "owalska", "zmienna") if word in told]
    if with_what in ("chained", "grouped"):
        assert "ValueError" in told


def test_a_line_of_json_has_what_a_collector_of_logs_needs(out: io.StringIO) -> None:
    log = log_to(out, logs._Json("registry"))
    log.warning("two\nlines of %s", "text", extra={logs.FIELDS: {"ms": 1.5, "level": "mine", "kind": object()}})
    with tracing.entry("request", Kind.SERVER, TRACE):
        log.info("within \ud800")
    first, second = out.getvalue().splitlines()
    line: dict[str, Any] = json.loads(first)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "WARNING",
        "service": "registry",
        "logger": "test",
        "message": "two\nlines of text",
        "ms": 1.5,
        "kind": "object",
    }
    assert json.loads(second)["trace_id"] == TRACE[3:35]


def test_a_deep_recursion_is_a_line_of_bounded_length(out: io.StringIO) -> None:
    log = log_to(out, logs._Json("test"))

    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError:
        log.exception("too deep")
    assert len(json.loads(out.getvalue())["error"]["stack"]) == logs._FRAMES


async def test_an_exception_that_nobody_took_is_told_without_its_message(out: io.StringIO) -> None:
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs._Json("test"))
    handler.addFilter(logs._FirstLine())
    log = logging.getLogger("asyncio")
    log.addHandler(handler)
    try:

        async def fails() -> None:
            raise ValueError("Zofia Kowalska")

        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task
        gc.collect()
    finally:
        log.removeHandler(handler)
    assert json.loads(out.getvalue())["message"] == "Task exception was never retrieved"
    assert json.loads(out.getvalue())["error"]["type"] == "ValueError"
    assert "Zofia" not in out.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_last_words_of_a_process_hold_no_message_either(form: str) -> None:
    program = "from shared import logs; logs.begin('test'); name = 'Zofia'; raise ValueError(name)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ".", "LOG_FORMAT": form},
    )
    assert ended.returncode == 1
    assert "ValueError" in ended.stderr
    assert "ValueError: Zofia" not in ended.stderr
    if form == "json":
        (line,) = ended.stderr.splitlines()
        assert json.loads(line)["error"]["type"] == "ValueError"
        assert "Zofia" not in line


def test_a_format_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SystemExit, match="text or json"):
        logs.begin("test")
