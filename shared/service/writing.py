"""The write side: a command runs in one transaction with its change and its idempotency record, or not at all."""

import hashlib
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, cast

import msgspec
from aiohttp import web

from shared.bus.asyncapi import PUBLISHED
from shared.bus.outbox import tell
from shared.clock import now
from shared.contracts.base import Command, Entity, Id, Record, encode, narrowed
from shared.contracts.changes import Change
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import id_of, new_id
from shared.service.errors import json
from shared.service.requests import VIEWER
from shared.store.port import Collection, Duplicate, Key, Store, Transaction

type Decide = Callable[[Transaction, Viewer, Any], Awaitable[Entity]]

traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""The W3C trace context of the request at hand, so that its change can be joined to it."""


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
        traceparent=traceparent.get(),
        data=msgspec.to_builtins(data) if data is not None else {},
    )
    await tell(tx, change)


def entity_name(entity: Entity) -> str:
    """The contract's name in a change: `StoredRemark` and `Remark` are both "remark"."""
    return type(entity).__name__.removeprefix("Stored").lower()


def command_route(
    store: Store,
    collection: Collection[Any],
    contract: type[Entity],
    command: type[Command],
    decide: Decide,
    committed: Callable[[], None],
) -> web.RouteDef:
    """POST /v1/<command>. `decide` may run more than once; `committed` is called when the change is in the outbox."""
    name = command.__name__[0].lower() + command.__name__[1:]

    async def answer(request: web.Request) -> web.Response:
        viewer: Viewer | None = request[VIEWER]
        if viewer is None:
            raise Refused(
                "UNAUTHENTICATED",
                pl="Ta czynność wymaga zalogowania: dołącz nagłówek Authorization: Bearer TOKEN.",
                en="This needs a sign-in: send the header Authorization: Bearer TOKEN.",
                status=401,
            )
        asked = msgspec.convert(tidied(msgspec.json.decode(await request.read())), command)
        key = _key(request)
        traceparent.set(request.headers.get("traceparent"))

        async def work(tx: Transaction) -> Entity:
            done = await _done(tx, name, asked, viewer, key)
            if done is not None:
                earlier = await tx.get(collection, done)
                if earlier is None:
                    raise _reused()
                return cast("Entity", earlier)
            entity = await decide(tx, viewer, asked)
            await _remember(tx, name, asked, viewer, key, entity)
            return entity

        try:
            entity = await store.transaction(work)
        except Duplicate:
            # somebody else was first with a unique value, or with this same request; `work` now sees what they left
            entity = await store.transaction(work)
        committed()
        return json(narrowed(entity, contract))

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


def tidied(sent: Any) -> Any:
    """Texts without blanks around them and in Unicode's composed form (NFC), so that equal names are equal."""
    match sent:
        case str():
            return unicodedata.normalize("NFC", sent).strip()
        case list():
            return [tidied(part) for part in sent]
        case dict():
            return {name: tidied(part) for name, part in sent.items()}
    return sent


def _key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 200:
        raise Refused(
            "IDEMPOTENCY_KEY_INVALID",
            pl="Klucz idempotencji ma mieć od 1 do 200 znaków.",
            en="An idempotency key has 1 to 200 characters.",
            field="idempotencyKey",
            status=400,
        )
    return key


async def _done(tx: Transaction, name: str, asked: Command, viewer: Viewer, key: str | None) -> str | None:
    """The id of the entity that the same request left earlier."""
    if key is None:
        return None
    earlier = await tx.get(REQUESTS, _request_id(viewer, key))
    if earlier is None:
        return None
    if earlier.fingerprint != _fingerprint(name, asked):
        raise _reused()
    return earlier.entity_id


async def _remember(
    tx: Transaction, name: str, asked: Command, viewer: Viewer, key: str | None, entity: Entity
) -> None:
    if key is not None:
        moment = now()
        made = Request(
            id=_request_id(viewer, key),
            version=1,
            created_at=moment,
            updated_at=moment,
            fingerprint=_fingerprint(name, asked),
            entity_id=entity.id,
        )
        await tx.put(REQUESTS, made)


def _request_id(viewer: Viewer, key: str) -> str:
    # hashed: neither the person nor what they chose as a key can be read from the store
    return id_of("req", f"{viewer.subject}\n{key}")


def _fingerprint(name: str, asked: Command) -> str:
    return hashlib.sha256(name.encode() + b"\n" + encode(asked)).hexdigest()


def _reused() -> Refused:
    return Refused(
        "IDEMPOTENCY_KEY_REUSED",
        pl="Ten klucz idempotencji posłużył już do innego polecenia; użyj nowego.",
        en="This idempotency key was used for another command already; take a new one.",
        field="idempotencyKey",
        status=409,
    )
