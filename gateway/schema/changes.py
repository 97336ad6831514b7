"""The subscription `changes(filter)`: what was written, as soon as the bus shows it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any

import strawberry
from msgspec import Meta

from gateway.context import Context, Info
from gateway.feed import TooSlow
from gateway.kinds import BY_ENTITY
from gateway.limits.declared import CALL
from gateway.operations import operation_of
from gateway.schema.expose import expose, given, input_of
from gateway.schema.node import Node
from shared.contracts import changes as contracts
from shared.contracts.base import Command, Id
from shared.contracts.refusals import Refused


class ChangeFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once; each list names what is wanted."""

    services: Annotated[tuple[str, ...], Meta(max_length=10)] | None = None
    entities: Annotated[
        Annotated[tuple[str, ...], Meta(max_length=20)] | None,
        Meta(description="organization, consultation, remark, event …"),
    ] = None
    verbs: Annotated[tuple[str, ...], Meta(max_length=50)] | None = None
    concerning: Annotated[
        Annotated[tuple[Id, ...], Meta(max_length=100)] | None,
        Meta(description="Changes of these entities, or related to them"),
    ] = None


async def _node(parent: strawberry.Parent[contracts.Change], info: Info) -> Node | None:
    kind = BY_ENTITY.get(parent.entity)
    entity: Node | None = await info.context.loaders.by_id(kind).load(parent.entity_id) if kind else None
    return entity


@expose(contracts.Change, show=("id", "service", "entity", "verb", "entity_id", "version", "at", "related"))
class Change:
    node: Node | None = strawberry.field(
        resolver=_node, description="The entity as it is now; null where it is not for you to see", directives=[CALL]
    )


async def changes(info: Any, filter: Any = None) -> AsyncGenerator[Any]:
    wanted = given(filter, ChangeFilter) if filter else ChangeFilter()
    pay = _payment(info)
    with _counted(info.context), info.context.feed.subscribed() as feed:
        try:
            async for change in feed:
                if _matches(wanted, change):
                    pay()
                    # what was loaded for an earlier change may be what this one changed
                    info.context.forget()
                    yield change
        except TooSlow:
            raise Refused(
                "TOO_SLOW",
                pl="Odbiór zmian nie nadąża; wczytaj dane ponownie i zasubskrybuj jeszcze raz.",
                en="This subscription fell behind; load the data anew and subscribe again.",
            ) from None


def _payment(info: Any) -> Callable[[], None]:
    """Each change is answered like a query of its own, and costs as much. It raises TooMany, which ends the
    subscription: who cannot pay would miss changes without knowing which."""
    context: Context = info.context
    operation = operation_of(info.operation)
    if context.bounds is None or operation is None:
        return lambda: None
    bounds, points = context.bounds, context.bounds.cost(operation, info.variable_values)
    # a WebSocket's client may have shown a token since
    return lambda: bounds.spend(context.client, points)


def _counted(context: Context) -> AbstractContextManager[None]:
    return nullcontext() if context.bounds is None else context.bounds.subscriptions.one(context.client)


changes.__annotations__ = {"info": Info, "filter": input_of(ChangeFilter) | None, "return": AsyncGenerator[Change]}


def _matches(wanted: ChangeFilter, change: contracts.Change) -> bool:
    concerned = {change.entity_id, *change.related}
    return (
        (wanted.services is None or change.service in wanted.services)
        and (wanted.entities is None or change.entity in wanted.entities)
        and (wanted.verbs is None or change.verb in wanted.verbs)
        and (wanted.concerning is None or not concerned.isdisjoint(wanted.concerning))
    )
