"""The cache of answers at the door: a question is known by its bytes, before anything of it is parsed.

Only a visitor's: whoever sends a token is answered anew. What a GET is answered carries an entity tag, and is to be
asked for again each time: whether it has changed, this gateway knows at once.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import NamedTuple

from aiohttp import web
from multidict import CIMultiDict

from gateway.cache.answers import Answer, Answers, entity_tag
from gateway.cache.recording import Recording
from gateway.http.negotiation import Accepted
from shared.contracts.refusals import Language, preferred

KEY_MAX = 16 * 1024
"""Bytes of a question; longer ones are not kept."""
STALE = "Jasne-Stale"
"""Header of an answer with something in it that may be outdated: `registry=12`, by service, in seconds."""


class Question(NamedTuple):
    content: bytes | str
    media: str
    language: Language


class Passed(NamedTuple):
    """An answer that is not kept, for those who asked the same at the same time."""

    body: bytes
    status: int
    media: str
    recording: Recording
    failed: bool

    def on(self, request: web.Request) -> web.Response:
        response = web.Response(body=self.body, status=self.status, headers={"Content-Type": self.media})
        return conditional(request, response, self.recording, failed=self.failed)


class Cached:
    """`answers` is None where nothing is kept."""

    def __init__(self, answers: Answers | None) -> None:
        self.answers = answers

    def question(self, request: web.Request, accepted: Accepted, content: bytes | None) -> Question | None:
        """None for what nobody else may be answered, or nobody else asks."""
        headers = request.headers
        if self.answers is None or accepted.json is None or accepted.stream_first or "Authorization" in headers:
            return None
        asked = request.rel_url.raw_query_string if content is None else content
        if len(asked) > KEY_MAX:
            return None
        return Question(asked, accepted.json, _language(headers.get("Accept-Language")))

    def found(self, request: web.Request, question: Question) -> web.Response | None:
        answer = None if self.answers is None else self.answers.get(question)
        return None if answer is None else self._sent(request, question, answer)

    async def answer(
        self, request: web.Request, question: Question, execute: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Executed once for all who ask it at this moment."""
        if self.answers is None:
            return await execute()
        if self.answers.is_underway(question):
            shared = await self.answers.another(question)
            if isinstance(shared, Passed):
                return shared.on(request)
            return await execute() if shared is None else self._sent(request, question, shared)
        with self.answers.leading(question):
            return await execute()

    def release(self, question: Question | None) -> None:
        """No query, as it turns out: whoever asks the same is answered for themselves, and at once."""
        if self.answers is not None and question is not None:
            self.answers.release(question)

    def keep(self, question: Question, response: web.Response, recording: Recording, *, failed: bool) -> None:
        """For who asks later; or at least for who waits for the same now."""
        if self.answers is None or not isinstance(response.body, bytes):
            return
        if failed or self.answers.put(question, len(question.content), response.body, recording) is None:
            passed = Passed(response.body, response.status, response.headers["Content-Type"], recording, failed)
            self.answers.pass_on(question, passed, recording)

    def _sent(self, request: web.Request, question: Question, answer: Answer) -> web.Response:
        if answer.headers is None:
            answer.headers = CIMultiDict({"Content-Type": f"{question.media}; charset=utf-8"})
            if isinstance(question.content, str):
                answer.headers["ETag"] = answer.tag
        headers = answer.headers.copy()
        if self.answers is not None and (age := self.answers.age(answer)):
            headers["Age"] = str(age)
        if isinstance(question.content, str) and _matches(request, answer.tag):
            return _not_modified(headers)
        return web.Response(body=answer.body, headers=headers)


def conditional(request: web.Request, response: web.Response, recording: Recording, *, failed: bool) -> web.Response:
    """An answer that was just made; that to a GET, with what lets a client ask whether it has changed."""
    if recording.ages:
        response.headers[STALE] = ", ".join(f"{service}={round(age)}" for service, age in recording.ages.items())
    if request.method == "POST":
        return response
    if failed or recording.ages or not isinstance(response.body, bytes):
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["ETag"] = tag = entity_tag(response.body)
    if "Authorization" in request.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return _not_modified(response.headers) if _matches(request, tag) else response


def _matches(request: web.Request, tag: str) -> bool:
    """If-None-Match of RFC 9110, section 13.1.2, compared weakly."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return False
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))


def _not_modified(headers: CIMultiDict[str]) -> web.Response:
    told = {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Length")}
    return web.Response(status=304, headers=told)


@lru_cache(maxsize=256)
def _language(header: str | None) -> Language:
    return preferred(header)
