"""Answers as bytes, with the status that the media type asks for."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from gateway.http.negotiation import JSON, RESPONSE
from shared.contracts.refusals import Language, Refused


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: `result` as the protocol has it, and whether anything was executed at all."""

    result: dict[str, Any]
    executed: bool = True
    status: int = 200
    """For application/graphql-response+json; application/json says 200 of whatever the protocol could read."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return "errors" in self.result

    @property
    def outcome(self) -> str:
        """For the log and the metrics."""
        return "ok" if not self.failed else "errors" if self.executed else "invalid"


def of_result(result: ExecutionResult) -> Answer:
    errors = result.errors
    if errors and result.data is None and all(error.path is None for error in errors):
        # no field was resolved: a variable could not be read, say
        return of_errors(*errors)
    told = {"errors": [error.formatted for error in errors]} if errors else {}
    more = {"extensions": result.extensions} if result.extensions else {}
    return Answer({**told, "data": result.data, **more})


def of_errors(*errors: GraphQLError) -> Answer:
    """Of an operation that was not executed: no `data` at all."""
    ours = any((error.extensions or {}).get("code") == "INTERNAL_ERROR" for error in errors)
    return Answer({"errors": [error.formatted for error in errors]}, executed=False, status=500 if ours else 400)


def response(answer: Answer, media: str) -> web.Response:
    status = answer.status if media == RESPONSE else 200
    return _written(msgspec.json.encode(answer.result), status, media, answer.headers)


def batch_response(answers: list[Answer], media: str) -> web.Response:
    """Of a batch: each has its place, and the whole is never less than understood."""
    return _written(msgspec.json.encode([answer.result for answer in answers]), 200, media, {})


def refusal(refused: Refused, language: Language, media: str = JSON) -> web.Response:
    """A request that was declined as such: the status is the refusal's, whatever the media type."""
    return _written(msgspec.json.encode(of_refused(refused, language).result), refused.status, media, {})


def of_refused(refused: Refused, language: Language) -> Answer:
    item = refused.item(language)
    extensions = {"code": item.code} | ({"field": item.field} if item.field else {})
    errors = [{"message": item.message, "extensions": extensions}]
    return Answer({"errors": errors}, executed=False, status=refused.status)


def _written(body: bytes, status: int, media: str, headers: dict[str, str]) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": f"{media}; charset=utf-8", **headers})
