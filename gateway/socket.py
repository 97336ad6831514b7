"""The WebSocket side: what arrives is a message of graphql-transport-ws, or the connection is closed with 4400."""

from collections.abc import AsyncGenerator
from typing import Any

from strawberry.aiohttp.views import AiohttpWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived

_SUBSCRIBE = {"query": str, "variables": dict | None, "operationName": str | None, "extensions": dict | None}


class SocketAdapter(AiohttpWebSocketAdapter):
    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object]:
        async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
            if not _is_message(message):
                # strawberry takes messages apart without looking, and would answer with a fault
                raise NonJsonMessageReceived
            yield message


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] == "subscribe":
        payload = message.get("payload")
        if not isinstance(message.get("id"), str) or not isinstance(payload, dict):
            return False
        return all(isinstance(payload.get(name), shape) for name, shape in _SUBSCRIBE.items())
    return message["type"] != "complete" or isinstance(message.get("id"), str)
