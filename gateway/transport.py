"""One call to a service over HTTP, and what may go wrong with it: away, slow, nonsense, or a refusal.

Reads are tried once more when the service could not be reached; writes never, for the first may have been stored.
"""

import asyncio
import hashlib
import random
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from time import monotonic
from typing import Any

import aiohttp
import msgspec

from gateway.breaker import Breaker, Failed, Resting
from shared import tracing
from shared.contracts import deadline
from shared.contracts.changes import TOLD
from shared.contracts.refusals import Language, RefusalItem, Refusals

CONNECT = 2.0
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


_PASSING = (502, 503, 504)
_REFUSALS = msgspec.json.Decoder(Refusals)


class Transport:
    """One HTTP session for all services; `urls` gives each service's base URL by its name, `longest` is in seconds."""

    def __init__(self, urls: dict[str, str], session: aiohttp.ClientSession, longest: float = 10.0) -> None:
        self.urls = urls
        self.breakers = {service: Breaker() for service in urls}
        self._session = session
        self._longest = longest

    async def read(self, service: str, path: str, body: bytes, shape: Any, caller: Caller) -> Any:
        """Raises ServiceUnavailable, ServiceFault and ServiceRefusal."""
        try:
            return (await self._call(service, path, body, shape, caller, {}))[0]
        except _Unavailable as failure:
            if not failure.again:
                raise ServiceUnavailable(service, failure.reason) from None
        # not at once: a service that is being replaced needs a moment, and clients should not come in step
        await asyncio.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - no secret
        try:
            return (await self._call(service, path, body, shape, caller, {}))[0]
        except _Unavailable as failure:
            raise ServiceUnavailable(service, failure.reason) from None

    async def write(
        self, service: str, path: str, body: bytes, shape: Any, caller: Caller, key: str | None
    ) -> tuple[Any, str | None]:
        """The answer, and the changes that were told. Raises ServiceUnavailable, after which nobody knows whether it
        was stored; ServiceFault, ServiceRefusal."""
        # hashed: a key may hold any sign, a header may not
        own = {} if key is None else {"Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()}
        try:
            return await self._call(service, path, body, shape, caller, own)
        except _Unavailable as failure:
            raise ServiceUnavailable(service, failure.reason) from None

    async def _call(
        self, service: str, path: str, body: bytes, shape: Any, caller: Caller, own: dict[str, str]
    ) -> tuple[Any, str | None]:
        left = self._longest
        if caller.until is not None and (left := min(left, caller.until - monotonic())) <= 0:
            # the client's time is over; of this service that says nothing
            raise ServiceUnavailable(service, Reason.TIMEOUT)
        try:
            with self.breakers[service].calling(fair=self._is_fair(left)), _span(service, path):
                return await self._ask(service, path, body, shape, caller, own, left)
        except Resting:
            raise _Unavailable(Reason.RESTING) from None

    def _is_fair(self, left: float) -> bool:
        return left >= min(FAIR, self._longest)

    async def _ask(
        self, service: str, path: str, body: bytes, shape: Any, caller: Caller, own: dict[str, str], left: float
    ) -> tuple[Any, str | None]:
        headers = caller.headers | own | {deadline.HEADER: deadline.header_of(left)}
        waits = aiohttp.ClientTimeout(total=left, connect=min(CONNECT, left))
        url = f"{self.urls[service]}/v1/{path}"
        try:
            # no service sends elsewhere; to follow whoever does would send a write twice, and a token to a stranger
            async with self._session.post(
                url, data=body, headers=headers, timeout=waits, allow_redirects=False
            ) as answer:
                content = await _content(answer)
        except TimeoutError:
            raise _Unavailable(Reason.TIMEOUT, counts=self._is_fair(left)) from None
        except aiohttp.ClientPayloadError:
            raise _Unavailable(Reason.BAD_ANSWER, again=True) from None
        except (aiohttp.ClientError, OSError):
            raise _Unavailable(Reason.UNREACHABLE, again=True) from None
        if answer.status in _PASSING:
            slow = answer.status == 504
            if slow:
                raise _Unavailable(Reason.TIMEOUT, counts=self._is_fair(left))
            raise _Unavailable(Reason.UNREACHABLE, again=True)
        if 300 <= answer.status < 400 or answer.content_type != "application/json":
            raise _Unavailable(Reason.BAD_ANSWER)
        try:
            if answer.status == 200:
                return _decoder(shape).decode(content), answer.headers.get(TOLD)
            refusals = _REFUSALS.decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise _Unavailable(Reason.BAD_ANSWER) from None
        if not refusals.errors:
            raise _Unavailable(Reason.BAD_ANSWER)
        if answer.status >= 500:
            raise ServiceFault(service, refusals.errors)
        raise ServiceRefusal(service, answer.status, refusals.errors)


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
