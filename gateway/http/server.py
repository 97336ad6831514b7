"""The server itself: what is not HTTP at all gets an answer in JSON, too."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from gateway.http.answers import refusal
from shared import serving
from shared.contracts.refusals import Language, Refused, preferred

IDLE = 75.0
"""Seconds that a connection may be quiet between two requests: longer than a reverse proxy keeps it (nginx: 60)."""
LINGERING = 2.0
"""Seconds that the rest of a body is waited for when it is answered already."""


class Runner(serving.Runner):
    """The gateway's. `request_seconds` is how long the headers of a request may take."""

    def __init__(
        self,
        app: web.Application,
        draining: serving.Draining | None = None,
        *,
        request_seconds: float = 30.0,
        **more: Any,
    ) -> None:
        # compressed bodies are declined, and so not unfolded either
        super().__init__(app, draining, keepalive_timeout=IDLE, lingering_time=LINGERING, auto_decompress=False, **more)
        self._request_seconds = request_seconds

    def _connection(self) -> Callable[..., RequestHandler]:
        return partial(_Connection, self._request_seconds, self._draining)


class _Connection(serving.Connection):
    __slots__ = ("_request_seconds", "_watch")

    def __init__(self, request_seconds: float, draining: serving.Draining, server: web.Server, **more: Any) -> None:
        super().__init__(draining, server, **more)
        self._request_seconds = request_seconds
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        # one that says nothing at all is no better than one that says half of it
        self._begin_watch()

    def data_received(self, data: bytes) -> None:
        if self._watch is None and self._is_waiting():
            self._begin_watch()
        super().data_received(data)
        if self._watch is not None and self._messages:
            self._end_watch()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._end_watch()
        super().connection_lost(exc)

    def _is_waiting(self) -> bool:
        """For the first byte of a request, or for the rest of its headers."""
        return self._waiter is not None and not self._waiter.done()

    def _begin_watch(self) -> None:
        self._watch = self._loop.call_later(self._request_seconds, self._give_up)

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _give_up(self) -> None:
        self._watch = None
        if self._is_waiting():
            self.force_close()

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        # for the log, and to raise where an answer has begun
        super().handle_error(request, status, exc, message)
        answer = refusal(_told(status), preferred(request.headers.get("Accept-Language")))
        # what follows on this connection would be read from its middle
        answer.force_close()
        return answer


def _told(status: int) -> Refused:
    if status >= 500:
        return Refused("INTERNAL_ERROR", pl="Błąd po naszej stronie.", en="A fault on our side.", status=status)
    return Refused(
        "BAD_REQUEST",
        pl="Tego żądania HTTP nie da się odczytać, albo jego adres lub nagłówki są za długie.",
        en="This HTTP request cannot be read, or its URL or headers are too long.",
        status=status,
    )


async def not_found(request: web.Request) -> web.Response:
    """For every path that is nobody's."""
    language: Language = preferred(request.headers.get("Accept-Language"))
    return refusal(
        Refused(
            "NOT_FOUND",
            pl="Nie ma tu niczego; GraphQL jest pod /graphql.",
            en="There is nothing here; GraphQL is at /graphql.",
            status=404,
        ),
        language,
    )
