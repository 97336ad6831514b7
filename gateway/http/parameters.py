"""The parameters of a request: from a body of JSON, or from a URL."""

import asyncio
from typing import Any

import msgspec
from aiohttp import web
from multidict import MultiMapping

from gateway.http.refusals import bad_request, compressed, cut_off, not_json, too_large, too_slow
from shared.contracts.refusals import Refused, invalid


class Parameters(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the protocol names; anything else in a body is not looked at."""

    query: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    document_id: str | None = None


_BODY: msgspec.json.Decoder[Parameters | list[Parameters]] = msgspec.json.Decoder(Parameters | list[Parameters])
_IN_URL = ("query", "operationName", "variables", "extensions", "documentId")
_JSON_IN_URL = ("variables", "extensions")


async def body(request: web.Request, patience: float = 30.0) -> bytes:
    """Raises Refused where it is too long, too slow, or does not arrive as announced.

    A compressed one is declined: a few kilobytes would unfold to all that fits, each time.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise compressed()
    try:
        async with asyncio.timeout(patience):
            return await request.read()
    except TimeoutError:
        raise too_slow() from None
    except web.HTTPRequestEntityTooLarge:
        raise too_large(request.client_max_size) from None
    except (web.RequestPayloadError, ConnectionError):
        raise cut_off() from None


def from_body(content: bytes) -> Parameters | list[Parameters]:
    """One request, or a batch of them. Raises Refused."""
    try:
        return _BODY.decode(content)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise not_json() from None


def from_url(query: MultiMapping[str]) -> Parameters:
    """Raises Refused."""
    values: dict[str, Any] = {}
    for name in _IN_URL:
        given = query.getall(name, ())
        if len(given) > 1:
            raise bad_request(
                "BAD_REQUEST", f"Parametr {name} podano kilka razy.", f"The parameter {name} is given twice.", name
            )
        # an empty one is as good as none
        if given and given[0]:
            values[name] = _json(name, given[0]) if name in _JSON_IN_URL else given[0]
    try:
        return msgspec.convert(values, Parameters)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None


def _json(name: str, text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise bad_request(
            "BAD_REQUEST", f"Parametr {name} nie jest JSON-em.", f"The parameter {name} is not JSON.", name
        ) from None


def _invalid(error: msgspec.ValidationError) -> Refused:
    told = invalid(error)
    return bad_request("BAD_REQUEST", told.pl, told.en, told.field)


def no_query() -> Refused:
    return bad_request("BAD_REQUEST", "Brakuje parametru `query`.", "The parameter `query` is missing.", "query")
