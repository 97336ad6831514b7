"""A change as it travels: one CloudEvents 1.0 JSON document."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from shared.contracts.base import Id, Instant
from shared.contracts.changes import Change, Trace

CONTENT_TYPE = "application/cloudevents+json"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The envelope. Attribute names are CloudEvents' own; `entityversion` and `traceparent` are extensions."""

    specversion: Literal["1.0"]
    id: Id
    source: Annotated[str, Meta(pattern=r"^/services/[a-z]+$(?!\n)")]
    type: Annotated[str, Meta(pattern=r"^pl\.jasne\.[a-z]+\.[a-z]+\.[a-z]+$(?!\n)")]
    subject: Id
    time: Instant
    datacontenttype: Literal["application/json"]
    entityversion: Annotated[int, Meta(ge=1)]
    traceparent: Trace | None = None
    data: dict[str, Any]


def encode(change: Change) -> bytes:
    """`change.data` must be plain JSON values, and may not use the key under which `related` travels."""
    if "related" in change.data:
        raise ValueError("a change's data cannot have a key 'related': that is where its related ids travel")
    return msgspec.json.encode(
        CloudEvent(
            specversion="1.0",
            id=change.id,
            source=f"/services/{change.service}",
            type=f"pl.jasne.{change.service}.{change.entity}.{change.verb}",
            subject=change.entity_id,
            time=change.at,
            datacontenttype="application/json",
            entityversion=change.version,
            traceparent=change.traceparent,
            data={"related": change.related, **change.data},
        )
    )


def decode(document: bytes) -> Change:
    """Raises ValueError, saying what is wrong, for anything that `encode` would not have written."""
    try:
        event = _DECODER.decode(document)
        related = msgspec.convert(event.data.pop("related", None), tuple[Id, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not a change: {error}") from error
    service, entity, verb = event.type.split(".")[2:]
    if event.source != f"/services/{service}":
        raise ValueError(f"not a change: type {event.type} does not come from {event.source}")
    return Change(
        id=event.id,
        service=service,
        entity=entity,
        verb=verb,
        entity_id=event.subject,
        version=event.entityversion,
        at=event.time,
        related=related,
        traceparent=event.traceparent,
        data=event.data,
    )


_DECODER = msgspec.json.Decoder(CloudEvent)
