"""The gateway's side of the services' HTTP: by ids, one page, pages per parent, commands."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiohttp
import msgspec

from gateway.kinds import Kind
from shared.contracts.base import Command, Entity, encode
from shared.contracts.changes import TOLD
from shared.contracts.reading import Batch, BatchRequest, FindRequest, Page, Related, RelatedRequest
from shared.contracts.refusals import Language, RefusalItem, Refusals

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=2)


class ServiceRefusal(Exception):
    """A service declined: by which rules, in the caller's language."""

    def __init__(self, service: str, status: int, errors: tuple[RefusalItem, ...]) -> None:
        super().__init__(errors[0].message if errors else f"{service} declined")
        self.service = service
        self.status = status
        self.errors = errors


class ServiceFault(Exception):
    """Something went wrong inside a service; `errors` names the incident. Asking again would not help."""

    def __init__(self, service: str, errors: tuple[RefusalItem, ...]) -> None:
        super().__init__(service)
        self.service = service
        self.errors = errors


class ServiceUnavailable(Exception):
    """A service did not answer, or not with what was agreed. What was to be written may have been."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


@dataclass(frozen=True)
class Caller:
    """For whom the gateway asks: what it passes on of the client's request."""

    authorization: str | None = None
    language: Language = Language.PL
    traceparent: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Language": self.language.value}
        if self.authorization is not None:
            headers["Authorization"] = self.authorization
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        return headers


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


_PASSING = (502, 503, 504)
_REFUSALS = msgspec.json.Decoder(Refusals)


class Clients:
    """One HTTP session for all services; `urls` gives each service's base URL by its name.

    `written` is told of every command that was answered: the kind, the entity's id, and the changes the service named.
    """

    written: Callable[[Kind, str, str | None], None] | None = None

    def __init__(self, urls: dict[str, str], session: aiohttp.ClientSession) -> None:
        self.urls = urls
        self._session = session

    async def batch(self, kind: Kind, ids: Sequence[str], caller: Caller) -> dict[str, Entity]:
        """Those of the ids that exist and that the caller may see."""
        body = encode(BatchRequest(ids=tuple(ids)))
        contract: Any = kind.contract
        answer = await self._ask(kind.service, f"{kind.collection}/batch", body, Batch[contract], caller)
        return {item.id: item for item in answer.items}

    async def find(self, kind: Kind, request: FindRequest[Any], caller: Caller) -> Page[Any]:
        contract: Any = kind.contract
        page: Page[Any] = await self._ask(
            kind.service, f"{kind.collection}/find", encode(request), Page[contract], caller
        )
        return page

    async def related(
        self, kind: Kind, by: str, keys: Sequence[str], request: FindRequest[Any], caller: Caller
    ) -> tuple[Page[Any], ...]:
        """The first page for each key, in the keys' order."""
        body = encode(RelatedRequest(by=by, keys=tuple(keys), find=request))
        contract: Any = kind.contract
        answer: Related[Any] = await self._ask(
            kind.service, f"{kind.collection}/related", body, Related[contract], caller
        )
        return answer.pages

    async def command(self, kind: Kind, command: Command, caller: Caller, idempotency_key: str | None) -> Any:
        """The entity as the command left it. Raises ServiceRefusal and ServiceUnavailable."""
        name = type(command).__name__
        path = name[0].lower() + name[1:]
        told: list[str | None] = []
        entity = await self._ask(kind.service, path, encode(command), kind.contract, caller, idempotency_key, told)
        if self.written is not None:
            self.written(kind, entity.id, told[0])
        return entity

    async def _ask(
        self,
        service: str,
        path: str,
        body: bytes,
        shape: Any,
        caller: Caller,
        idempotency_key: str | None = None,
        told: list[str | None] | None = None,
    ) -> Any:
        headers = caller.headers
        if idempotency_key is not None:
            # hashed: a key may hold any sign, a header may not
            headers["Idempotency-Key"] = hashlib.sha256(idempotency_key.encode()).hexdigest()
        url = f"{self.urls[service]}/v1/{path}"
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=TIMEOUT) as answer:
                content = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise ServiceUnavailable(service) from None
        try:
            if answer.status == 200:
                if told is not None:
                    told.append(answer.headers.get(TOLD))
                return _decoder(shape).decode(content)
            refusals = _REFUSALS.decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise ServiceUnavailable(service) from None
        if answer.status in _PASSING or not refusals.errors:
            raise ServiceUnavailable(service)
        if answer.status >= 500:
            raise ServiceFault(service, refusals.errors)
        raise ServiceRefusal(service, answer.status, refusals.errors)
