"""Who asks: from a request to the context of its operation."""

from dataclasses import replace
from time import monotonic

from aiohttp import web

from gateway.bounds import Bounds
from gateway.cache.entities import Entities
from gateway.clients import Clients
from gateway.context import Context
from gateway.feed import Feed
from gateway.limits.budget import address, person
from gateway.operations import Operations
from gateway.transport import Caller
from shared.contracts import deadline
from shared.contracts.refusals import preferred
from shared.identity import Verifier


class Identity:
    """`longest` is in seconds; `proxies` how many of our own stand in front."""

    def __init__(
        self,
        clients: Clients,
        feed: Feed,
        verifier: Verifier,
        operations: Operations,
        bounds: Bounds,
        entities: Entities | None = None,
        *,
        longest: float = 10.0,
        proxies: int = 0,
    ) -> None:
        self._clients = clients
        self._feed = feed
        self._verifier = verifier
        self._operations = operations
        self._bounds = bounds
        self._longest = longest
        self._proxies = proxies
        self._entities = entities

    async def context(self, request: web.Request, *, timed: bool = True) -> Context:
        """Raises Refused (401) for a token that is not good.

        What stays open for as long as its client likes is not `timed`: each of its calls has a deadline of its own.
        """
        headers = request.headers
        caller = Caller(
            headers.get("Authorization"),
            preferred(headers.get("Accept-Language")),
            self._until(headers.get(deadline.HEADER)) if timed else None,
        )
        viewer = await self._verifier.viewer(caller.authorization)
        client = person(viewer.subject) if viewer else self._address(request)
        return Context(
            self._clients,
            self._feed,
            caller,
            viewer,
            client=client,
            traceparent=headers.get("traceparent"),
            operations=self._operations,
            bounds=self._bounds,
            entities=self._entities,
        )

    async def client(self, request: web.Request) -> str:
        """Whose budget it is. Raises Refused (401)."""
        viewer = await self._verifier.viewer(request.headers.get("Authorization"))
        return person(viewer.subject) if viewer else self._address(request)

    async def become(self, context: Context, authorization: str) -> None:
        """The same client, now with a token: what a WebSocket says in connection_init."""
        context.viewer = await self._verifier.viewer(authorization)
        if context.viewer is not None:
            context.client = person(context.viewer.subject)
        context.caller = replace(context.caller, authorization=authorization)
        context.forget()

    def _address(self, request: web.Request) -> str:
        return address(request.remote, request.headers.getall("X-Forwarded-For", ()), self._proxies)

    def _until(self, header: str | None) -> float:
        wanted = deadline.seconds_left(header)
        return monotonic() + min(self._longest, self._longest if wanted is None else wanted)
