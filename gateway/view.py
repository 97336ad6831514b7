"""GraphQL over HTTP and WebSocket: strawberry's view with who asks, errors as JSON, and GraphiQL."""

import asyncio
import logging
from typing import Any
from weakref import WeakSet

import msgspec
from aiohttp import WSCloseCode, web
from cross_web import HTTPException
from strawberry import UNSET
from strawberry.aiohttp.views import GraphQLView
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gateway import graphiql
from gateway.clients import Caller, Clients
from gateway.context import Context
from gateway.errors import fault
from gateway.feed import Feed
from gateway.schema.root import schema
from shared.contracts.refusals import Refused, preferred
from shared.identity import Verifier

log = logging.getLogger(__name__)


class View(GraphQLView[Context, None]):
    def __init__(self, clients: Clients, feed: Feed, verifier: Verifier) -> None:
        super().__init__(schema, subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,))
        self._clients = clients
        self._feed = feed
        self._verifier = verifier
        self._sockets: WeakSet[web.WebSocketResponse] = WeakSet()

    async def close(self) -> None:
        """Tell every WebSocket that this replica goes away: clients connect to another one at once."""
        going = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting") for socket in set(self._sockets))
        await asyncio.gather(*going, return_exceptions=True)

    async def create_websocket_response(self, request: web.Request, subprotocol: str | None) -> web.WebSocketResponse:
        socket = await super().create_websocket_response(request, subprotocol)
        self._sockets.add(socket)
        return socket

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        language = preferred(request.headers.get("Accept-Language"))
        try:
            return await self.run(request=request)
        except HTTPException as error:
            return _declined(error.status_code, "BAD_REQUEST", error.reason)
        except Refused as refusal:
            return _declined(refusal.status, refusal.code, refusal.item(language).message)
        except web.HTTPException as error:
            return _declined(error.status, error.reason.upper().replace(" ", "_"), error.reason)
        except Exception:
            incident, refused = fault()
            log.exception("incident %s", incident)
            return _declined(500, refused.code, refused.item(language).message)

    async def get_context(self, request: web.Request, response: web.Response | web.WebSocketResponse) -> Context:
        authorization = request.headers.get("Authorization")
        caller = Caller(
            authorization,
            preferred(request.headers.get("Accept-Language")),
            request.headers.get("traceparent"),
        )
        viewer = await self._verifier.viewer(authorization)
        return Context(self._clients, self._feed, caller, viewer)

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
            raise HTTPException(400, "Unable to parse request body as JSON") from None

    def encode_json(self, data: object) -> str:
        # text, for bytes would become binary frames, which graphql-transport-ws does not know
        return msgspec.json.encode(data).decode()

    async def render_graphql_ide(self, request: web.Request) -> web.Response:
        return graphiql.page()


def _declined(status: int, code: str, message: str) -> web.Response:
    body = msgspec.json.encode({"errors": [{"message": message, "extensions": {"code": code}}]})
    return web.Response(body=body, status=status, content_type="application/json")
