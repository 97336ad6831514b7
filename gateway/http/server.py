"""The server itself: what is not HTTP at all gets an answer in JSON, too."""

from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from gateway.http.answers import refusal
from shared.contracts.refusals import Language, Refused, preferred


class Runner(web.AppRunner):
    """An AppRunner whose connections are ours."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        # aiohttp has no other way to choose the class of its connections
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            loop=made._loop,  # noqa: SLF001
            **made._kwargs,  # noqa: SLF001
        )


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    __slots__ = ()

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
