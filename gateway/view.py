"""GraphQL over WebSocket (graphql-transport-ws): strawberry's view, with who asks and a clean end."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any, cast
from weakref import WeakSet

import msgspec
from aiohttp import WSCloseCode, web
from strawberry import UNSET
from strawberry.aiohttp.views import GraphQLView
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gateway.bounds import Bounds
from gateway.context import Context
from gateway.errors import goes_away
from gateway.identity import Identity
from gateway.observing import Observer
from gateway.schema.root import schema
from gateway.socket import SocketAdapter
from shared.contracts.refusals import Refused
from shared.serving import Draining

log = logging.getLogger(__name__)

_SOCKET = web.RequestKey("socket", web.WebSocketResponse)
HEARTBEAT = 30.0
"""Seconds between two pings: a client that is gone without a word is noticed, and a proxy sees life."""


class View(GraphQLView[Context, None]):
    websocket_adapter_class = SocketAdapter

    def __init__(
        self,
        identity: Identity,
        bounds: Bounds,
        observer: Observer,
        draining: Draining,
        message_max: int,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(
            schema, subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,), allowed_origins=allowed_origins
        )
        self._identity = identity
        self._bounds = bounds
        self._observer = observer
        self._draining = draining
        self._message_max = message_max
        self._sockets: WeakSet[web.WebSocketResponse] = WeakSet()

    async def close(self) -> None:
        """Tell every WebSocket that this replica goes away: clients connect to another one at once."""
        going = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting") for socket in set(self._sockets))
        await asyncio.gather(*going, return_exceptions=True)

    async def create_websocket_response(self, request: web.Request, subprotocol: str | None) -> web.WebSocketResponse:
        protocols = (subprotocol,) if subprotocol else ()
        socket = web.WebSocketResponse(protocols=protocols, heartbeat=HEARTBEAT, max_msg_size=self._message_max)
        await socket.prepare(request)
        self._sockets.add(socket)
        request[_SOCKET] = socket
        return socket

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Raises what went wrong before the WebSocket was open; after that it is closed."""
        if self._draining.begun:
            raise goes_away()
        try:
            client = await self._identity.client(request)
            with self._bounds.sockets.one(client), self._observer.open.labels("websocket").track_inprogress():
                return await self.run(request=request)
        except Exception:
            if (socket := request.get(_SOCKET)) is None:
                raise
            # an answer in HTTP would be written into the open WebSocket
            log.exception("a WebSocket ended in a fault")
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)
            return cast("web.WebSocketResponse", socket)

    async def reject_websocket(self, request: web.Request) -> web.Response:
        raise Refused(
            "ORIGIN_NOT_ALLOWED",
            pl="Strony z tego adresu nie mogą otwierać tu WebSocketu; dozwala je ustawienie ALLOWED_ORIGINS.",
            en="Pages of this origin may not open a WebSocket here; the setting ALLOWED_ORIGINS allows them.",
            status=403,
        )

    async def get_context(self, request: web.Request, response: web.Response | web.WebSocketResponse) -> Context:
        context = await self._identity.context(request, timed=False)
        context.observer = self._observer
        return context

    async def on_ws_connect(self, context: Context) -> Any:
        """A browser cannot set headers on a WebSocket: the token comes as `authorization` in connection_init."""
        params = context.connection_params or {}
        authorization = params.get("authorization", params.get("Authorization"))
        if authorization is not None:
            try:
                await self._identity.become(context, str(authorization))
            except Refused as refused:
                raise ConnectionRejectionError({"code": refused.code}) from None
        return UNSET

    def decode_json(self, data: str | bytes) -> object:
        # RFC 8259 strictly: the standard library's parser would take NaN and lone surrogates
        try:
            return msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # what strawberry looks for in a message on a WebSocket
            raise json.JSONDecodeError("not JSON", "", 0) from None

    def encode_json(self, data: object) -> str:
        # text, for bytes would become binary frames, which graphql-transport-ws does not know
        return msgspec.json.encode(data).decode()
