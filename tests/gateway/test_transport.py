"""What one call to a service makes of the time it was given, and of answers that were not agreed."""

import contextlib
from collections.abc import AsyncIterator
from time import monotonic

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.breaker import FAILURES, State
from gateway.transport import Caller, Reason, ServiceUnavailable, Transport
from shared.contracts.organisations import Organization
from shared.contracts.reading import Batch, Page, Related
from tests.gateway.faulty import Fault, Proxy

EMPTY = b'{"items": [], "cursors": []}'


@contextlib.asynccontextmanager
async def service(longest: float = 10.0) -> AsyncIterator[tuple[Transport, Proxy]]:
    """Answers with an empty page, unless told to fail."""

    async def well(_: web.Request) -> web.StreamResponse:
        return web.Response(body=EMPTY, content_type="application/json")

    async with aiohttp.ClientSession() as session:
        proxy = Proxy("", session, well)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", proxy.__call__)
        async with TestServer(app) as server:
            try:
                yield Transport({"registry": str(server.make_url("")).rstrip("/")}, session, longest), proxy
            finally:
                proxy.freed.set()


async def read(transport: Transport, seconds: float, shape: object = Page[Organization]) -> Reason | None:
    caller = Caller(until=monotonic() + seconds)
    try:
        await transport.read("registry", "organizations/find", b"{}", shape, caller)
    except ServiceUnavailable as failure:
        return failure.reason
    return None


async def told_504(_: web.Request) -> web.StreamResponse:
    return web.json_response({"errors": [{"code": "DEADLINE_PASSED", "message": "over"}]}, status=504)


@pytest.mark.parametrize("how", ["silent", "told"])
async def test_a_client_that_waits_briefly_does_not_make_a_service_rest_for_everybody(how: str) -> None:
    async with service() as (transport, proxy):
        well, proxy.fault = proxy.fault, told_504 if how == "told" else proxy.hangs
        for _ in range(FAILURES + 1):
            assert await read(transport, 0.02 if how == "silent" else 1) is Reason.TIMEOUT
        assert transport.breakers["registry"].state is State.CLOSED
        proxy.fault = well
        assert await read(transport, 5) is None


async def test_a_service_that_is_silent_for_a_fair_time_is_left_alone() -> None:
    async with service(longest=0.05) as (transport, proxy):
        proxy.fault = proxy.hangs
        for _ in range(FAILURES):
            assert await read(transport, 5) is Reason.TIMEOUT
        assert await read(transport, 5) is Reason.RESTING
        # nor does it count as well because of somebody who had no time to ask it
        assert await read(transport, 0) is Reason.TIMEOUT
        assert await read(transport, 5) is Reason.RESTING
        assert len(proxy.asked) == FAILURES


async def test_a_call_without_time_does_not_close_the_breaker_of_a_service_that_fails() -> None:
    async with service() as (transport, proxy):
        proxy.fault = told_504
        for _ in range(FAILURES - 1):
            await read(transport, 5)
            await read(transport, 0)
            await read(transport, 1)
        await read(transport, 5)
        assert transport.breakers["registry"].state is State.OPEN


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_sent_elsewhere_and_a_write_arrives_once(status: int) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        return web.Response(body=EMPTY, status=status, headers={"Location": "/v1/elsewhere"})

    async with service() as (transport, proxy):
        proxy.fault = elsewhere
        assert await read(transport, 5) is Reason.BAD_ANSWER
        with pytest.raises(ServiceUnavailable) as raised:
            await transport.write("registry", "openCall", b"{}", Page[Organization], Caller(), None)
        assert raised.value.reason is Reason.BAD_ANSWER
        assert len(proxy.asked) == 2


def says(body: bytes, kind: str = "application/json") -> Fault:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=kind)

    return answer


@pytest.mark.parametrize("shape", [Page[Organization], Batch[Organization], Related[Organization]])
async def test_what_is_no_page_is_not_taken_for_an_empty_one(shape: object) -> None:
    async with service() as (transport, proxy):
        for other in (says(b"{}"), says(b'{"status": "ok"}'), says(b'{"pages": [{}]}'), says(EMPTY, "text/html")):
            proxy.fault = other
            assert await read(transport, 5, shape) is Reason.BAD_ANSWER
            proxy.fault = says(EMPTY[:-1] + b', "pages": []}')
            assert await read(transport, 5, shape) is None
