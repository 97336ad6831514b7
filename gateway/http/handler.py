"""The way of a request over HTTP, from bytes to bytes: every step is a function of its own, in this order."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aiohttp import web
from graphql import OperationType

from gateway import graphiql
from gateway.bounds import Bounds, TooMany
from gateway.context import Context
from gateway.errors import fault, goes_away, masked
from gateway.http import answers, parameters
from gateway.http.answers import Answer
from gateway.http.cached import Cached, Question, conditional
from gateway.http.execution import executed, streamed
from gateway.http.negotiation import STREAM, Accepted, accepted
from gateway.http.origins import ALLOW, METHODS, Origins
from gateway.http.parameters import Parameters
from gateway.http.persisted import Persisted
from gateway.http.refusals import bad_request, method_not_allowed, subscription_not_acceptable
from gateway.http.streams import Streams
from gateway.identity import Identity
from gateway.observing import UNNAMED, Observer, Trail, request_span
from gateway.operations import InvalidOperation, Operation, Operations
from shared import tracing
from shared.contracts import deadline
from shared.contracts.refusals import Language, Refused, preferred
from shared.serving import Draining

log = logging.getLogger(__name__)


class Sockets(Protocol):
    """GraphQL over WebSocket, which has a way of its own."""

    def is_websocket_request(self, request: web.Request) -> bool: ...

    async def __call__(self, request: web.Request) -> web.StreamResponse: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived, before anything of it is parsed."""

    request: web.Request
    accepted: Accepted
    content: bytes | None
    """The body of a POST; a GET has everything in its URL."""
    trail: Trail

    @property
    def language(self) -> Language:
        return preferred(self.request.headers.get("Accept-Language"))


class Handler:
    def __init__(
        self,
        operations: Operations,
        persisted: Persisted,
        identity: Identity,
        bounds: Bounds,
        observer: Observer,
        origins: Origins,
        sockets: Sockets,
        *,
        cached: Cached,
        batch_max: int,
        request_seconds: int,
        graphiql: bool,
        draining: Draining,
    ) -> None:
        self._operations = operations
        self._persisted = persisted
        self._identity = identity
        self._bounds = bounds
        self._observer = observer
        self._origins = origins
        self._sockets = sockets
        self._cached = cached
        self._batch_max = batch_max
        self._patience = request_seconds
        self._graphiql = graphiql
        self._draining = draining
        self.streams = Streams()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        with request_span(request.headers.get("traceparent")) as span:
            trail = Trail()
            try:
                answer = await self._answer(request, trail)
            except Exception as failure:
                answer = _failed(request, failure)
                trail.outcome = "refused" if answer.status < 500 else "fault"
            if not answer.prepared:
                if request.method in ("GET", "HEAD"):
                    for_caches(answer)
                answer.headers.extend(self._origins.headers(request))
            trail.status = answer.status
            span.set("http.response.status_code", answer.status)
            self._observer.seen(trail)
            return answer

    async def _answer(self, request: web.Request, trail: Trail) -> web.StreamResponse:
        if "Upgrade" in request.headers and self._sockets.is_websocket_request(request):
            if (at_hand := tracing.current()) is not None:
                # it would last as long as the WebSocket; its operations are what is traced
                at_hand.drop()
            return await self._sockets(request)
        if request.method == "OPTIONS":
            return self._origins.preflight(request)
        if request.method not in METHODS:
            raise method_not_allowed(
                f"GraphQL odpowiada na metody {ALLOW}.", f"GraphQL answers to the methods {ALLOW}."
            )
        wanted = accepted(request.headers.get("Accept"))
        if self._graphiql and wanted.html_first and request.method == "GET" and "query" not in request.query:
            return graphiql.page()
        self._origins.check_forgery(request)
        content = await parameters.body(request, self._patience) if request.method == "POST" else None
        question = self._cached.question(request, wanted, content)
        if question is not None and (answer := self._cached.found(request, question)) is not None:
            return answer
        asked = Asked(request, wanted, content, trail)
        if question is None or deadline.HEADER in request.headers:
            # whoever waits for a time of their own neither waits for others nor lets them wait
            return await self._parsed(asked, question)
        return await self._cached.answer(request, question, partial(self._parsed, asked, question))

    async def _parsed(self, asked: Asked, question: Question | None = None) -> web.StreamResponse:
        content = asked.content
        given = parameters.from_url(asked.request.query) if content is None else parameters.from_body(content)
        if isinstance(given, list):
            self._cached.release(question)
            return await self._batch(asked, given)
        return await self._one(asked, given, question)

    async def _one(self, asked: Asked, given: Parameters, question: Question | None) -> web.StreamResponse:
        trail = asked.trail
        try:
            text = self._persisted.text(given)
            if price := self._operations.price(text):
                self._bounds.spend(await self._identity.client(asked.request), price)
            operation = trail.operation = self._operation(text, given)
        except InvalidOperation as invalid:
            trail.outcome = "invalid"
            answer = _of_invalid(invalid, asked.language)
            if asked.accepted.json is None and asked.accepted.stream:
                return await self._stream(asked, _single(answer))
            return answers.response(answer, asked.accepted.media)
        if operation.type is not OperationType.QUERY:
            self._cached.release(question)
        if operation.type is OperationType.SUBSCRIPTION and self._draining.begun:
            raise goes_away()
        media = _media(asked, operation)
        context = await self._identity.context(asked.request, timed=media != STREAM)
        try:
            self._admit(operation, given, context)
        except InvalidOperation as invalid:
            trail.outcome = "invalid"
            return answers.response(_of_invalid(invalid, asked.language), asked.accepted.media)
        if media == STREAM:
            return await self._stream(asked, _each(operation, given, context, trail))
        answer = answers.of_result(await executed(operation, given, context))
        trail.outcome = answer.outcome
        response = answers.response(answer, media)
        # one that also leaves its text here for later must come here each time
        once = given.query is not None and (given.extensions is not None or given.document_id is not None)
        if question is not None and not once and operation.type is OperationType.QUERY:
            self._cached.keep(question, response, context.recording, failed=answer.failed)
        return conditional(asked.request, response, context.recording, failed=answer.failed)

    async def _batch(self, asked: Asked, batch: list[Parameters]) -> web.StreamResponse:
        """One after the other, in their order: a mutation may be what the next one builds on."""
        if not 1 <= len(batch) <= self._batch_max:
            raise bad_request(
                "BATCH_TOO_LARGE" if batch else "BAD_REQUEST",
                f"Paczka ma od 1 do {self._batch_max} operacji, a ta ma {len(batch)}.",
                f"A batch has 1 to {self._batch_max} operations, and this one {len(batch)}.",
            )
        media = asked.accepted.media
        context = await self._identity.context(asked.request)
        return answers.batch_response([await self._in_batch(asked, given, context) for given in batch], media)

    async def _in_batch(self, asked: Asked, given: Parameters, context: Context) -> Answer:
        """What is wrong with one of a batch is told in its place."""
        trail = Trail("batch")
        with tracing.span(UNNAMED):
            answer = await self._of_batch(asked, given, context, trail)
            trail.outcome = answer.outcome
            self._observer.seen(trail)
        return answer

    async def _of_batch(self, asked: Asked, given: Parameters, context: Context, trail: Trail) -> Answer:
        try:
            text = self._persisted.text(given)
            self._bounds.spend(context.client, self._operations.price(text))
            operation = trail.operation = self._operation(text, given)
            if operation.type is OperationType.SUBSCRIPTION:
                raise subscription_not_acceptable()
            self._admit(operation, given, context)
        except InvalidOperation as invalid:
            return _of_invalid(invalid, asked.language)
        except Refused as refused:
            return answers.of_refused(refused, asked.language)
        return answers.of_result(await executed(operation, given, context))

    def _operation(self, text: str, given: Parameters) -> Operation:
        """Raises InvalidOperation, and Refused for one that is not on the allow-list."""
        operation = self._operations.get(text, given.operation_name)
        self._persisted.keep(given)
        return operation

    def _admit(self, operation: Operation, given: Parameters, context: Context) -> None:
        """Raises InvalidOperation for what asks too much, TooMany (429) for who does."""
        self._bounds.admit(operation, given.variables, context.client, anonymous=context.viewer is None)

    async def _stream(self, asked: Asked, each: AsyncGenerator[Answer]) -> web.StreamResponse:
        asked.trail.transport = "stream"
        with self._observer.open.labels("stream").track_inprogress():
            return await self.streams.send(asked.request, each, self._origins.headers(asked.request))


def for_caches(answer: web.StreamResponse) -> None:
    """What a cache between us and the client must know of an answer to a GET; a step that knows better has said so."""
    answer.headers.setdefault("Cache-Control", "no-cache")
    answer.headers.setdefault("Vary", "Accept, Accept-Language, Authorization")


def _media(asked: Asked, operation: Operation) -> str:
    """Of the answer, now that it is known what was asked. Raises Refused (405, 406)."""
    if operation.type is OperationType.MUTATION and asked.content is None:
        raise method_not_allowed("Mutacje wysyła się metodą POST.", "Mutations are sent by POST.")
    if operation.type is not OperationType.SUBSCRIPTION:
        media = asked.accepted.for_one_result()
    elif asked.accepted.stream:
        media = STREAM
    else:
        raise subscription_not_acceptable()
    if media == STREAM and asked.request.method == "HEAD":
        # it would have no length, and no end
        raise method_not_allowed("Strumień otwiera się metodą GET albo POST.", "A stream is opened by GET or POST.")
    return media


async def _each(operation: Operation, given: Parameters, context: Context, trail: Trail) -> AsyncGenerator[Answer]:
    trail.outcome = "ok"
    # closing one generator closes the next, down to the feed
    async with aclosing(await streamed(operation, given, context)) as results:
        async for result in results:
            answer = answers.of_result(result)
            trail.outcome = answer.outcome if answer.failed else trail.outcome
            yield answer


async def _single(answer: Answer) -> AsyncGenerator[Answer]:
    yield answer


def _of_invalid(invalid: InvalidOperation, language: Language) -> Answer:
    return answers.of_errors(*(masked(error, language) for error in invalid.errors))


def _failed(request: web.Request, failure: Exception) -> web.Response:
    language = preferred(request.headers.get("Accept-Language"))
    if not isinstance(failure, Refused):
        incident, refused = fault()
        log.error("incident %s", incident, exc_info=failure)
        return answers.refusal(Refused(refused.code, pl=refused.pl, en=refused.en, status=500), language)
    answer = answers.refusal(failure, language, accepted(request.headers.get("Accept")).media)
    if isinstance(failure, TooMany):
        answer.headers["Retry-After"] = str(failure.wait)
    if failure.status == 503:
        answer.headers["Retry-After"] = "1"
    if failure.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if failure.status == 408:
        # what may still come of it would be read as the next request
        answer.force_close()
    if failure.status == 405:
        answer.headers["Allow"] = "POST" if request.method in METHODS else ALLOW
    return answer
