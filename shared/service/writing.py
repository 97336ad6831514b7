"""The write side: a command runs in one transaction with its change and its idempotency record, or not at all."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any, cast

import msgspec
from aiohttp import web

from shared import tracing
from shared.bus.asyncapi import PUBLISHED
from shared.bus.outbox import tell
from shared.clock import now
from shared.contracts.base import Command, Entity, Id, Record, encode, narrowed
from shared.contracts.changes import TOLD, Change
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.contracts.tidying import tidied
from shared.ids import id_of, new_id
from shared.service.errors import json
from shared.service.requests import VIEWER
from shared.store.port import Collection, Duplicate, Key, Query, Range, Store, StoreUnavailable, Transaction

type Decide = Callable[[Transaction, Viewer, Any], Awaitable[Entity]]
type OpenDecide = Callable[[Transaction, Viewer | None, Any], Awaitable[Entity]]
"""Of a command that a visitor may send, too: one without a token."""

KEPT = timedelta(days=30)
"""How long the same request may be sent again."""

BODY_MAX = 1024 * 1024
"""Bytes of a command; an import may be larger."""

_TOLD_MAX = 60
_told: ContextVar[list[Change] | None] = ContextVar("told", default=None)


class Request(Entity, frozen=True, kw_only=True):
    """That a command with this idempotency key was done: what it asked for, and the entity it left."""

    fingerprint: str
    entity_id: Id


REQUESTS: Collection[Request] = Collection(
    "requests", Request, "req", keys={"made": Key(lambda request: request.created_at)}
)


async def changed(
    tx: Transaction, service: str, verb: str, entity: Entity, related: Sequence[str] = (), data: Record | None = None
) -> None:
    """Tell the others, in the same transaction, that this version of the entity was written."""
    name = entity_name(entity)
    if f"{service}.{name}.{verb}" not in PUBLISHED:
        raise LookupError(f"the change {service}.{name}.{verb} is not in shared/bus/asyncapi.py")
    change = Change(
        id=new_id("chg"),
        service=service,
        entity=name,
        verb=verb,
        entity_id=entity.id,
        version=entity.version,
        at=entity.updated_at,
        related=tuple(dict.fromkeys(related)),
        traceparent=tracing.cause(),
        data=msgspec.to_builtins(data) if data is not None else {},
    )
    await tell(tx, change)
    if (told := _told.get()) is not None:
        told.append(change)


def entity_name(entity: Entity) -> str:
    """The contract's name in a change: `StoredRemark` and `Remark` are both "remark"."""
    return entity_name_of(type(entity))


def entity_name_of(stored: type[Entity]) -> str:
    return stored.__name__.removeprefix("Stored").lower()


def command_route(
    store: Store,
    collection: Collection[Any],
    contract: type[Entity],
    command: type[Command],
    decide: Decide,
    committed: Callable[[], None],
    visible: Callable[[Any, Viewer | None], bool],
    *,
    open_to_visitors: bool = False,
) -> web.RouteDef:
    """POST /v1/<command>. `decide` may run more than once; `committed` is called when the change is in the outbox.

    A request that is sent again is answered with the entity only if its sender may still see it. `open_to_visitors`
    is for an OpenDecide: a request without a token is taken, one with a bad token still is not.
    """
    decoder = msgspec.json.Decoder(command)
    name = command.__name__[0].lower() + command.__name__[1:]

    async def answer(request: web.Request) -> web.Response:
        viewer: Viewer | None = request[VIEWER]
        if viewer is None and not open_to_visitors:
            raise Refused(
                "UNAUTHENTICATED",
                pl="Ta czynność wymaga zalogowania: dołącz nagłówek Authorization: Bearer TOKEN.",
                en="This needs a sign-in: send the header Authorization: Bearer TOKEN.",
                status=401,
            )
        asked = tidied(decoder.decode(await _body(request)))
        key = _key(request)
        told: list[Change] = []
        _told.set(told)

        async def work(tx: Transaction) -> Entity:
            told.clear()  # of an attempt that came to nothing
            done = await _done(tx, name, asked, viewer, key)
            if done is not None:
                earlier = await tx.get(collection, done)
                if earlier is None:
                    raise _reused()
                if not (visible(earlier, viewer) or _untouched_visitors(earlier, viewer)):
                    raise _not_yours()
                return cast("Entity", earlier)
            entity = await decide(tx, cast("Viewer", viewer), asked)
            await _remember(tx, name, asked, viewer, key, entity)
            return entity

        try:
            entity = await store.transaction(work)
        except Duplicate:
            # somebody else was first with a unique value, or with this same request; `work` now sees what they left
            entity = await store.transaction(work)
        committed()
        response = json(narrowed(entity, contract))
        if 0 < len(told) <= _TOLD_MAX:
            response.headers[TOLD] = ",".join(f"{change.entity}/{change.entity_id}/{change.version}" for change in told)
        return response

    return web.post(f"/v1/{name}", answer)


def version_is_current(stored: int, expected: int) -> None:
    """For commands that say which version they were decided on."""
    if stored != expected:
        raise Refused(
            "VERSION_OUTDATED",
            pl=f"Ktoś zmienił ten zapis wcześniej (jest wersja {stored}); wczytaj go i spróbuj ponownie.",
            en=f"Somebody changed this before you (it is at version {stored}); load it and try again.",
            field="expectedVersion",
            status=409,
        )


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY_MAX:
        raise web.HTTPRequestEntityTooLarge(BODY_MAX, request.content_length or 0)
    return await request.read()


def _key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Refused(
            "IDEMPOTENCY_KEY_INVALID",
            pl="Klucz idempotencji w nagłówku ma mieć od 1 do 200 znaków ASCII.",
            en="An idempotency key in a header has 1 to 200 characters of ASCII.",
            field="idempotencyKey",
            status=400,
        )
    return key


async def _done(tx: Transaction, name: str, asked: Command, viewer: Viewer | None, key: str | None) -> str | None:
    """The id of the entity that the same request left earlier."""
    if key is None:
        return None
    fingerprint = _fingerprint(name, asked)
    earlier = await tx.get(REQUESTS, _request_id(viewer, key, fingerprint))
    if earlier is None:
        return None
    if earlier.fingerprint != fingerprint:
        raise _reused()
    return earlier.entity_id


async def _remember(
    tx: Transaction, name: str, asked: Command, viewer: Viewer | None, key: str | None, entity: Entity
) -> None:
    if key is not None:
        moment = now()
        fingerprint = _fingerprint(name, asked)
        made = Request(
            id=_request_id(viewer, key, fingerprint),
            version=1,
            created_at=moment,
            updated_at=moment,
            fingerprint=fingerprint,
            entity_id=entity.id,
        )
        await tx.put(REQUESTS, made)


async def forget_requests(store: Store) -> None:
    """For as long as the process lives: drop records of requests that nobody will send again."""
    while True:
        query = Query(REQUESTS, (Range("made", lt=now() - KEPT),), limit=200)
        old: list[Request] = []
        with suppress(StoreUnavailable):
            old = await store.find(query)
            for request in old:
                await store.transaction(partial(_forget, request.id))
        await asyncio.sleep(0 if len(old) == query.limit else 3600)


async def _forget(id_: str, tx: Transaction) -> None:
    await tx.delete(REQUESTS, id_)


def _request_id(viewer: Viewer | None, key: str, fingerprint: str) -> str:
    # hashed: neither the person nor what they chose as a key can be read from the store
    if viewer is None:
        # visitors cannot be told apart, so a key is theirs only together with all that they sent under it: who sends
        # something else under the same key is somebody else. A key holds no control signs, so no subject collides
        return id_of("req", f"\x00{key}\x00{fingerprint}")
    return id_of("req", f"{viewer.subject}\n{key}")


def _untouched_visitors(entity: Entity, viewer: Viewer | None) -> bool:
    """A visitor who got no answer may have it again, while it holds nothing but what was sent."""
    return viewer is None and entity.version == 1


def _fingerprint(name: str, asked: Command) -> str:
    return hashlib.sha256(name.encode() + b"\n" + encode(asked)).hexdigest()


def _not_yours() -> Refused:
    return Refused(
        "FORBIDDEN",
        pl="To polecenie wykonano, ale zapisu, którego dotyczy, nie możesz już oglądać.",
        en="This command was done, but the record it left is no longer yours to see.",
        status=403,
    )


def _reused() -> Refused:
    return Refused(
        "IDEMPOTENCY_KEY_REUSED",
        pl="Ten klucz idempotencji posłużył już do innego polecenia; użyj nowego.",
        en="This idempotency key was used for another command already; take a new one.",
        field="idempotencyKey",
        status=409,
    )
