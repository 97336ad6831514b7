"""One call to a service over HTTP, and what may go wrong with it: away, slow, nonsense, or a refusal.

A call that no replica answered is made again, to another one: a write, too, for each has a key by which every replica
knows whether it was stored. What is slow is not asked twice.
"""

import asyncio
import hashlib
import random
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from time import monotonic
from typing import Any

import aiohttp
import msgspec

from gateway.breaker import Breaker, Failed, Resting
from gateway.calls import Calls
from gateway.replicas import Replica, Replicas
from shared import tracing
from shared.contracts import deadline
from shared.contracts.changes import TOLD
from shared.contracts.refusals import Language, RefusalItem, Refusals

CONNECT = 2.0
CONNECT_FIRST = 0.5
"""Seconds that a connection may take to make; less while there is another replica to turn to."""
PAUSES = (0.03, 0.1, 0.3, 0.6)
"""Seconds, about, between two tries when all replicas have been tried: one that is being replaced needs a moment."""
FAIR = 2.0
"""Seconds a service must have had before its silence counts against it: a client may wait as briefly as it likes, but
that must not make the service rest for everybody."""
ANSWER_MAX = 64 * 1024 * 1024
"""Bytes of an answer; the largest batch of the largest records stays far below."""


class Reason(StrEnum):
    """Why a service counts as not available; for whoever reads the error, not for the client to act upon."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    BAD_ANSWER = "bad_answer"
    RESTING = "resting"


class ServiceRefusal(Exception):
    """A service declined: by which rules, in the caller's language."""

    def __init__(self, service: str, status: int, errors: tuple[RefusalItem, ...]) -> None:
        super().__init__(errors[0].message if errors else f"{service} declined")
        self.service = service
        self.status = status
        self.error_type = str(status)
        self.errors = errors


class ServiceFault(Exception):
    """Something went wrong inside a service; `errors` names the incident. Asking again would not help."""

    def __init__(self, service: str, errors: tuple[RefusalItem, ...]) -> None:
        super().__init__(service)
        self.service = service
        self.errors = errors


class ServiceUnavailable(Exception):
    """A service did not answer, or not with what was agreed. What was to be written may have been."""

    def __init__(self, service: str, reason: Reason = Reason.UNREACHABLE) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


@dataclass(frozen=True)
class Caller:
    """For whom the gateway asks: what it passes on of the client's request."""

    authorization: str | None = None
    language: Language = Language.PL
    until: float | None = None
    """When the client stops waiting, by `time.monotonic`; None for a subscription, which waits for ever."""

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Language": self.language.value}
        if self.authorization is not None:
            headers["Authorization"] = self.authorization
        if (trace := tracing.traceparent()) is not None:
            headers["traceparent"] = trace
        return headers


class _Unavailable(Failed):
    def __init__(self, reason: Reason, *, again: bool = False, counts: bool = True) -> None:
        super().__init__(reason)
        self.reason = self.error_type = reason
        self.again = again
        self.counts = counts


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


@dataclass(frozen=True)
class _Call:
    service: str
    path: str
    body: bytes
    shape: Any
    headers: dict[str, str]
    until: float
    """When the time for all tries is over, by `time.monotonic`."""
    fair: bool


_PASSING = (502, 503, 504)
_REFUSALS = msgspec.json.Decoder(Refusals)


class Transport:
    """One HTTP session for all services; `urls` gives each service's base URL by its name, or several with commas
    between; `longest` is in seconds."""

    def __init__(self, urls: dict[str, str], session: aiohttp.ClientSession, longest: float = 10.0) -> None:
        self.replicas = {service: Replicas(url) for service, url in urls.items()}
        self.breakers = {service: Breaker() for service in urls}
        self.calls = Calls(urls)
        self._session = session
        self._longest = longest

    async def read(self, service: str, path: str, body: bytes, shape: Any, caller: Caller) -> Any:
        """Raises ServiceUnavailable, ServiceFault and ServiceRefusal."""
        return (await self._call(service, path, body, shape, caller, {}))[0]

    async def write(
        self, service: str, path: str, body: bytes, shape: Any, caller: Caller, key: str | None
    ) -> tuple[Any, str | None]:
        """The answer, and the changes that were told. Raises ServiceUnavailable, after which nobody knows whether it
        was stored; ServiceFault, ServiceRefusal."""
        # hashed: a key may hold any sign, a header may not. One of our own nobody else can guess or come upon
        own = secrets.token_hex(32) if key is None else hashlib.sha256(key.encode()).hexdigest()
        return await self._call(service, path, body, shape, caller, {"Idempotency-Key": own})

    async def _call(
        self, service: str, path: str, body: bytes, shape: Any, caller: Caller, own: dict[str, str]
    ) -> tuple[Any, str | None]:
        left = self._longest
        if caller.until is not None and (left := min(left, caller.until - monotonic())) <= 0:
            # the client's time is over; of this service that says nothing
            raise ServiceUnavailable(service, Reason.TIMEOUT)
        fair = left >= min(FAIR, self._longest)
        try:
            # one failure, however often it was tried: a replica that is gone does not make the others rest
            with (
                self.breakers[service].calling(fair=fair) as tries_one_that_rested,
                self.calls.measured(service, _outcome),
                _span(service, path),
            ):
                # the headers are of the span: it is the parent of the service's
                call = _Call(service, path, body, shape, caller.headers | own, monotonic() + left, fair)
                return await self._tried(call, () if tries_one_that_rested else PAUSES)
        except Resting:
            self.calls.rested(service)
            raise ServiceUnavailable(service, Reason.RESTING) from None
        except _Unavailable as failure:
            raise ServiceUnavailable(service, failure.reason) from None

    async def _tried(self, call: _Call, pauses: tuple[float, ...]) -> tuple[Any, str | None]:
        """Each replica at once, then all again after each pause."""
        replicas = self.replicas[call.service]
        waits = iter(pauses)
        tried: set[Replica] = set()
        while True:
            try:
                return await self._ask(call, replicas, tried)
            except _Unavailable as failure:
                if not failure.again:
                    raise
                if not replicas.others(tried):
                    # not in step with all others who wait
                    pause = next(waits, 0.0) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
                    if not pause or monotonic() + pause >= call.until:
                        raise
                    await asyncio.sleep(pause)
                    await replicas.renew()
                    tried.clear()
                elif monotonic() >= call.until:
                    raise

    async def _ask(self, call: _Call, replicas: Replicas, tried: set[Replica]) -> tuple[Any, str | None]:
        """By one replica, which is one of the `tried` then."""
        try:
            async with asyncio.timeout(call.until - monotonic()):
                replica = await replicas.choose(tried)
        except OSError:
            # also a TimeoutError: nobody knows where the service is
            raise _Unavailable(Reason.UNREACHABLE, again=True) from None
        tried.add(replica)
        with replica.called():
            try:
                answered = await self._sent(call, replica, CONNECT_FIRST if replicas.others(tried) else CONNECT)
            except _Unavailable as failure:
                if failure.counts:
                    replica.failed()
                raise
            except (ServiceFault, ServiceRefusal):
                replica.answered()
                raise
            replica.answered()
            return answered

    async def _sent(self, call: _Call, replica: Replica, connect: float) -> tuple[Any, str | None]:
        service, left = call.service, max(call.until - monotonic(), 0.001)
        headers = call.headers | {deadline.HEADER: deadline.header_of(left), "Host": replica.host}
        waits = aiohttp.ClientTimeout(total=left, connect=min(connect, left))
        url = f"{replica.base}/v1/{call.path}"
        try:
            # no service sends elsewhere; to follow whoever does would send a token to a stranger
            async with self._session.post(
                url,
                data=call.body,
                headers=headers,
                timeout=waits,
                allow_redirects=False,
                server_hostname=replica.certified,
            ) as answer:
                content = await _content(answer)
        except aiohttp.ConnectionTimeoutError:
            raise _Unavailable(Reason.UNREACHABLE, again=True, counts=left > connect) from None
        except TimeoutError:
            raise _Unavailable(Reason.TIMEOUT, counts=call.fair) from None
        except aiohttp.ClientPayloadError:
            raise _Unavailable(Reason.BAD_ANSWER, again=True) from None
        except (aiohttp.ClientError, OSError):
            raise _Unavailable(Reason.UNREACHABLE, again=True) from None
        if answer.status in _PASSING:
            slow = answer.status == 504
            if slow:
                raise _Unavailable(Reason.TIMEOUT, counts=call.fair)
            raise _Unavailable(Reason.UNREACHABLE, again=True)
        if 300 <= answer.status < 400 or answer.content_type != "application/json":
            raise _Unavailable(Reason.BAD_ANSWER)
        try:
            if answer.status == 200:
                return _decoder(call.shape).decode(content), answer.headers.get(TOLD)
            refusals = _REFUSALS.decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise _Unavailable(Reason.BAD_ANSWER) from None
        if not refusals.errors:
            raise _Unavailable(Reason.BAD_ANSWER)
        if answer.status >= 500:
            raise ServiceFault(service, refusals.errors)
        raise ServiceRefusal(service, answer.status, refusals.errors)


def _outcome(error: BaseException) -> str:
    match error:
        case _Unavailable():
            return error.reason.value
        case ServiceRefusal():
            return "refused"
        case asyncio.CancelledError():
            return "cancelled"
    return "fault"


def _span(service: str, path: str) -> tracing.Span:
    """Paths are ours: which collection or command, never of whom."""
    attributes = {"http.request.method": "POST", "url.template": f"/v1/{path}", "service.peer.name": service}
    return tracing.span(f"POST /v1/{path}", tracing.Kind.CLIENT, attributes)


async def _content(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part, _ in answer.content.iter_chunks():
        content += part
        if len(content) > ANSWER_MAX:
            raise _Unavailable(Reason.BAD_ANSWER)
    return bytes(content)
