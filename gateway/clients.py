"""The gateway's side of the services' HTTP: by ids, one page, pages per parent, commands."""

from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from gateway.kinds import Kind
from gateway.transport import Caller, Reason, ServiceUnavailable, Transport
from shared.contracts.base import Command, Entity, encode
from shared.contracts.reading import Batch, BatchRequest, FindRequest, Page, Related, RelatedRequest


class Clients:
    """Every call raises ServiceUnavailable, ServiceFault and ServiceRefusal (gateway/transport.py).

    `written` is told of every command that was answered: the kind, the entity's id, and the changes the service named.
    """

    written: Callable[[Kind, str, str | None], None] | None = None

    def __init__(self, urls: dict[str, str], session: aiohttp.ClientSession, longest: float = 10.0) -> None:
        self.transport = Transport(urls, session, longest)

    async def batch(self, kind: Kind, ids: Sequence[str], caller: Caller) -> dict[str, Entity]:
        """Those of the ids that exist and that the caller may see."""
        body = encode(BatchRequest(ids=tuple(ids)))
        contract: Any = kind.contract
        answer = await self._read(kind, "batch", body, Batch[contract], caller)
        return {item.id: item for item in answer.items}

    async def find(self, kind: Kind, request: FindRequest[Any], caller: Caller) -> Page[Any]:
        contract: Any = kind.contract
        page: Page[Any] = await self._read(kind, "find", encode(request), Page[contract], caller)
        return _whole(kind, page)

    async def related(
        self, kind: Kind, by: str, keys: Sequence[str], request: FindRequest[Any], caller: Caller
    ) -> tuple[Page[Any], ...]:
        """The first page for each key, in the keys' order."""
        body = encode(RelatedRequest(by=by, keys=tuple(keys), find=request))
        contract: Any = kind.contract
        answer: Related[Any] = await self._read(kind, "related", body, Related[contract], caller)
        if len(answer.pages) != len(keys):
            raise ServiceUnavailable(kind.service, Reason.BAD_ANSWER)
        return tuple(_whole(kind, page) for page in answer.pages)

    async def command(self, kind: Kind, command: Command, caller: Caller, idempotency_key: str | None) -> Any:
        """The entity as the command left it."""
        name = type(command).__name__
        path = name[0].lower() + name[1:]
        told: list[str | None] = []
        body = encode(command)
        entity = await self.transport.write(kind.service, path, body, kind.contract, caller, idempotency_key, told)
        if self.written is not None:
            self.written(kind, entity.id, told[0])
        return entity

    async def _read(self, kind: Kind, way: str, body: bytes, shape: Any, caller: Caller) -> Any:
        return await self.transport.read(kind.service, f"{kind.collection}/{way}", body, shape, caller)


def _whole(kind: Kind, page: Page[Any]) -> Page[Any]:
    if len(page.items) != len(page.cursors):
        raise ServiceUnavailable(kind.service, Reason.BAD_ANSWER)
    return page
