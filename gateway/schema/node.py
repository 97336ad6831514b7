"""`node(id)`: any entity by its typed id (GraphQL Global Object Identification)."""

import re
from typing import Any

import strawberry

from gateway.context import Info
from gateway.kinds import BY_PREFIX, Kind
from gateway.limits.declared import CALL
from shared.contracts.refusals import Refused

_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}\Z")


@strawberry.interface(description="Everything that has an identity of its own")
class Node:
    id: strawberry.ID


async def load(info: Info, id_: str, kind: Kind | None = None) -> Any:
    """The entity, or None where there is none to be seen. Raises Refused for what is no id, or of another kind.

    Checked before the loader has it: one bad id must not spoil the call that it shares with others.
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
    return await info.context.loaders.by_id(named).load(id_)


async def nodes(info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
    """In the order of the ids; what cannot be loaded is null, with its own error where something went wrong."""
    # the elements are awaited one by one where the list is completed, so that one failure costs its own place
    loading: list[Any] = [load(info, id_) for id_ in ids]
    return loading


def by_id(kind: Kind, shape: Any) -> Any:
    """The root field that loads one entity of the kind; `shape` is its GraphQL type."""

    async def resolve(info: Any, id: Any) -> Any:
        return await load(info, id, kind)

    resolve.__annotations__ = {"info": Info, "id": strawberry.ID, "return": shape | None}
    return strawberry.field(resolver=resolve, directives=[CALL])
