"""Who asks: from the headers of a request to the context of its operation."""

from collections.abc import Mapping

from gateway.cache.entities import Entities
from gateway.clients import Caller, Clients
from gateway.context import Context
from gateway.feed import Feed
from gateway.operations import Operations
from shared.contracts.changes import trace_of
from shared.contracts.refusals import preferred
from shared.identity import Verifier


class Identity:
    def __init__(
        self,
        clients: Clients,
        feed: Feed,
        verifier: Verifier,
        operations: Operations,
        entities: Entities | None = None,
    ) -> None:
        self._clients = clients
        self._feed = feed
        self._verifier = verifier
        self._operations = operations
        self._entities = entities

    async def context(self, headers: Mapping[str, str]) -> Context:
        """Raises Refused (401) for a token that is not good."""
        authorization = headers.get("Authorization")
        return await self.context_of(
            Caller(authorization, preferred(headers.get("Accept-Language")), trace_of(headers.get("traceparent")))
        )

    async def context_of(self, caller: Caller) -> Context:
        viewer = await self._verifier.viewer(caller.authorization)
        return Context(self._clients, self._feed, caller, viewer, operations=self._operations, entities=self._entities)

    async def become(self, context: Context, authorization: str) -> None:
        """The same client, now with a token: what a WebSocket says in connection_init."""
        context.viewer = await self._verifier.viewer(authorization)
        context.caller = Caller(authorization, context.caller.language, context.caller.traceparent)
        context.forget()
