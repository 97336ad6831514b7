"""`node(id)`: any entity by its typed id (GraphQL Global Object Identification)."""

import re
from typing import Any

import strawberry

from gateway.context import Info
from gateway.execution.relation import Listed, Named, marked
from gateway.kinds import BY_PREFIX, Kind
from gateway.limits.declared import CALL, LISTED
from shared.contracts.refusals import Refused

_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}\Z")


@strawberry.interface(description="Everything that has an identity of its own")
class Node:
    id: strawberry.ID


def kind_of(id_: str, kind: Kind | None = None) -> Kind:
    """The kind that the id is of. Raises Refused for what is no id, or of another kind than `kind`.

    Asked before the loader has the id: one bad id must not spoil the call that it shares with others.
    """
    named = BY_PREFIX.get(id_.partition("_")[0]) if _ID.match(id_) else None
    if named is None or named is not (kind or named):
        prefixes = f"{kind.prefix}_" if kind else " / ".join(f"{prefix}_" for prefix in BY_PREFIX)
        raise Refused(
            "ID_INVALID",
            pl=f"To nie jest właściwy identyfikator: zaczyna się on od {prefixes}, potem ma 26 znaków.",
            en=f"This is not such an id: it starts with {prefixes}, and 26 signs follow.",
            field="id",
        )
    return named


async def load(info: Info, id_: str, kind: Kind | None = None) -> Any:
    """The entity, or None where there is none to be seen."""
    return await info.context.loaders.by_id(kind_of(id_, kind)).load(id_)


def by_id(kind: Kind, shape: Any) -> Any:
    """The root field that loads one entity of the kind; `shape` is its GraphQL type."""

    async def resolve(info: Any, id: Any) -> Any:
        return await load(info, id, kind)

    resolve.__annotations__ = {"info": Info, "id": strawberry.ID, "return": shape | None}
    return strawberry.field(resolver=resolve, directives=[CALL], metadata=marked(Named(lambda id_: kind_of(id_, kind))))


def any_by_id() -> Any:
    """The root field that loads an entity of any kind."""

    async def resolve(info: Info, id: strawberry.ID) -> Node | None:
        entity: Node | None = await load(info, id)
        return entity

    return strawberry.field(
        resolver=resolve, description="Anything that has an id", directives=[CALL], metadata=marked(Named(kind_of))
    )


def many_by_id() -> Any:
    """The root field that loads entities of any kinds."""

    async def resolve(info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        # awaited one by one where the list is completed, so that one failure costs its own place
        loading: list[Any] = [load(info, id_) for id_ in ids]
        return loading

    return strawberry.field(
        resolver=resolve,
        description="Many at once, in the order of their ids",
        directives=LISTED,
        metadata=marked(Listed(kind_of)),
    )
