"""GraphQL over HTTP and WebSocket: strawberry's view with who asks, errors as JSON, and GraphiQL."""

import asyncio
import json
import logging
from typing import Any, cast
from weakref import WeakSet

import msgspec
from aiohttp import WSCloseCode, web
from cross_web import HTTPException
from strawberry import UNSET
from strawberry.aiohttp.views import GraphQLView
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gateway import graphiql
from gateway.cache.entities import Entities
from gateway.clients import Caller, Clients
from gateway.context import Context
from gateway.errors import fault
from gateway.feed import Feed
from gateway.schema.root import schema
from gateway.socket import SocketAdapter
from shared.contracts.changes import trace_of
from shared.contracts.refusals import Language, Refused, preferred
from shared.identity import Verifier

log = logging.getLogger(__name__)


_SOCKET = web.RequestKey("socket", web.WebSocketResponse)


class View(GraphQLView[Context, None]):
    websocket_adapter_class = SocketAdapter

    def __init__(self, clients: Clients, feed: Feed, verifier: Verifier, entities: Entities | None = None) -> None:
        super().__init__(schema, subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,))
        self._clients = clients
        self._feed = feed
        self._entities = entities
        self._verifier = verifier
        self._sockets: WeakSet[web.WebSocketResponse] = WeakSet()

    async def close(self) -> None:
        """Tell every WebSocket that this replica goes away: clients connect to another one at once."""
        going = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting") for socket in set(self._sockets))
        await asyncio.gather(*going, return_exceptions=True)

    async def create_websocket_response(self, request: web.Request, subprotocol: str | None) -> web.WebSocketResponse:
        socket = await super().create_websocket_response(request, subprotocol)
        self._sockets.add(socket)
        request[_SOCKET] = socket
        return socket

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        language = preferred(request.headers.get("Accept-Language"))
        try:
            answer = await self.run(request=request)
        except Exception as failure:
            if (socket := request.get(_SOCKET)) is not None:
                # an answer in HTTP would be written into the open WebSocket
                log.exception("a WebSocket ended in a fault")
                await socket.close(code=WSCloseCode.INTERNAL_ERROR)
                return cast("web.WebSocketResponse", socket)
            return _failed(failure, language)
        return answer

    async def get_context(self, request: web.Request, response: web.Response | web.WebSocketResponse) -> Context:
        authorization = request.headers.get("Authorization")
        caller = Caller(
            authorization,
            preferred(request.headers.get("Accept-Language")),
            trace_of(request.headers.get("traceparent")),
        )
        viewer = await self._verifier.viewer(authorization)
        return Context(self._clients, self._feed, caller, viewer, entities=self._entities)

    async def on_ws_connect(self, context: Context) -> Any:
        """A browser cannot set headers on a WebSocket: the token comes as `authorization` in connection_init."""
        params = context.connection_params or {}
        authorization = params.get("authorization", params.get("Authorization"))
        if authorization is None:
            return UNSET
        try:
            context.viewer = await self._verifier.viewer(str(authorization))
        except Refused as refused:
            raise ConnectionRejectionError({"code": refused.code}) from None
        context.caller = Caller(str(authorization), context.caller.language, context.caller.traceparent)
        context.forget()
        return UNSET

    def parse_json(self, data: str | bytes) -> Any:
        """The body: an object; a list only so that the view can say that batches are not taken."""
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict | list):
            raise HTTPException(400, "The body must be a JSON object with a `query`.")
        return parsed

    def decode_json(self, data: str | bytes) -> object:
        # RFC 8259 strictly: the standard library's parser would take NaN and lone surrogates
        try:
            return msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # what strawberry looks for, in a body and in a message on a WebSocket
            raise json.JSONDecodeError("not JSON", "", 0) from None

    def encode_json(self, data: object) -> str:
        # text, for bytes would become binary frames, which graphql-transport-ws does not know
        return msgspec.json.encode(data).decode()

    async def render_graphql_ide(self, request: web.Request) -> web.Response:
        return graphiql.page()


def _failed(failure: Exception, language: Language) -> web.Response:
    match failure:
        case HTTPException():
            return _declined(failure.status_code, "BAD_REQUEST", failure.reason)
        case Refused():
            return _declined(failure.status, failure.code, failure.item(language).message)
        case web.RequestPayloadError() | ConnectionError():
            return _declined(400, "BAD_REQUEST", "The body cannot be read: it is cut off, or not encoded as it says.")
        case web.HTTPException():
            return _declined(failure.status, failure.reason.upper().replace(" ", "_"), failure.reason)
    incident, refused = fault()
    log.error("incident %s", incident, exc_info=failure)
    return _declined(500, refused.code, refused.item(language).message)


def _declined(status: int, code: str, message: str) -> web.Response:
    body = msgspec.json.encode({"errors": [{"message": message, "extensions": {"code": code}}]})
    return web.Response(body=body, status=status, content_type="application/json")
