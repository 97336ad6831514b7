"""`node(id)`: any entity by its typed id (GraphQL Global Object Identification)."""

from typing import Any

import strawberry

from gateway.context import Context
from gateway.kinds import BY_PREFIX
from shared.contracts.refusals import Refused


@strawberry.interface(description="Everything that has an identity of its own")
class Node:
    id: strawberry.ID


async def load(info: strawberry.Info[Context, None], id_: str) -> Any:
    """The entity, or None where there is none to be seen. Raises Refused for an id of no known kind."""
    kind = BY_PREFIX.get(id_.partition("_")[0])
    if kind is None:
        prefixes = ", ".join(f"{prefix}_" for prefix in BY_PREFIX)
        raise Refused(
            "ID_UNKNOWN_KIND",
            pl=f"Identyfikator zaczyna się od jednego z: {prefixes}.",
            en=f"An id starts with one of: {prefixes}.",
            field="id",
        )
    return await info.context.loaders.by_id(kind).load(id_)
