"""Event streams: the distinct connections mode of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import msgspec
from aiohttp import web

from gateway.http.answers import Answer
from gateway.http.negotiation import STREAM

KEEP_ALIVE = 12.0
"""Seconds of silence after which a comment is sent: proxies see life."""
LOOK = 1.0
"""Seconds between two looks at whether the client is still there: it does not say when it goes."""
STALL = 30.0
"""Seconds that a client may take none of what is sent; then it is cut off."""
_COMPLETE = b"event: complete\ndata:\n\n"


class Streams:
    """Those that are open, so that each can be ended when this replica goes away."""

    def __init__(self) -> None:
        self._open: set[asyncio.Event] = set()

    @property
    def count(self) -> int:
        return len(self._open)

    def close(self) -> None:
        """Ends each without `complete`: that tells clients to connect again, to another replica."""
        for ending in self._open:
            ending.set()

    async def send(
        self, request: web.Request, answers: AsyncGenerator[Answer], headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Returns when all is sent, when the client is gone, or when this replica goes."""
        stream = web.StreamResponse(
            headers={
                "Content-Type": f"{STREAM}; charset=utf-8",
                "Cache-Control": "no-cache, no-transform",
                "X-Accel-Buffering": "no",
                **headers,
            }
        )
        ending = asyncio.Event()
        self._open.add(ending)
        try:
            with contextlib.suppress(ConnectionError):
                await stream.prepare(request)
                # the client learns at once that it is heard
                await stream.write(b":\n\n")
                await self._pass_on(request, stream, answers, ending)
                await stream.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        finally:
            self._open.discard(ending)
            await answers.aclose()
        return stream

    async def _pass_on(
        self,
        request: web.Request,
        stream: web.StreamResponse,
        answers: AsyncGenerator[Answer],
        end: asyncio.Event,
    ) -> None:
        ended = asyncio.create_task(end.wait())
        taking: asyncio.Task[Answer | None] | None = None
        quiet = 0.0
        try:
            while not end.is_set() and not _gone(request):
                taking = taking or asyncio.create_task(_next(answers))
                done, _ = await asyncio.wait((taking, ended), timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
                if taking in done:
                    answer, taking = taking.result(), None
                    if answer is None:
                        await _write(stream, _COMPLETE)
                        return
                    await _write(stream, _event(answer.result))
                    quiet = 0.0
                elif (quiet := quiet + LOOK) >= KEEP_ALIVE:
                    await _write(stream, b":\n\n")
                    quiet = 0.0
        finally:
            for task in (taking, ended):
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)


async def _next(answers: AsyncGenerator[Answer]) -> Answer | None:
    return await anext(answers, None)


async def _write(stream: web.StreamResponse, data: bytes) -> None:
    """Raises TimeoutError for a client that has stopped reading."""
    async with asyncio.timeout(STALL):
        await stream.write(data)


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _event(result: dict[str, Any]) -> bytes:
    # JSON has no line breaks of its own, so one data line holds it
    return b"event: next\ndata: " + msgspec.json.encode(result) + b"\n\n"
