"""Fields that lead to other entities, of the same service or another: each one line where it is declared.

All go through the loaders, so a level of an operation costs one call per relation, however many parents there are;
what is in memory is there at once, without a coroutine.
All are nullable: a service that does not answer costs its own fields and no others.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Optional

import msgspec
import strawberry
from strawberry import UNSET

from gateway.context import Info
from gateway.kinds import Kind
from gateway.limits.declared import CALL, PAGED, SOME
from gateway.loaders import then
from gateway.schema.connections import Connection, PageOf
from gateway.schema.expose import given, input_of
from gateway.schema.selection import selects
from shared.contracts.reading import FindRequest

_Parent: Any = strawberry.Parent
_Connection: Any = Connection  # takes a type that is known at run time only
_orders: dict[str, Any] = {}


def lazy(kind: Kind) -> Any:
    """The kind's GraphQL type, which may be in a module that is still being imported."""
    return Annotated[kind.name, strawberry.lazy(kind.module)]


def one(kind: Kind, field: str, description: str | None = None) -> Any:
    """The entity whose id is in the parent's `field`; null where there is none, or it is not there to be seen."""

    def resolve(parent: Any, info: Any) -> Any:
        id_ = getattr(parent, field)
        return None if id_ is None else info.context.loaders.by_id(kind).get(id_)

    return _field(resolve, Optional[lazy(kind)], description, directives=(CALL,))


def several(kind: Kind, field: str, description: str | None = None) -> Any:
    """The entities whose ids are in the parent's `field`, without those that are not there to be seen."""

    def resolve(parent: Any, info: Any) -> Any:
        ids = getattr(parent, field)
        return then(info.context.loaders.by_id(kind).get_many(ids), _there) if ids else []

    return _field(resolve, Optional[list[lazy(kind)]], description, directives=SOME)  # type: ignore[misc]


def many(kind: Kind, by: str, description: str | None = None) -> Any:
    """The connection of entities whose filter field `by` is the parent's id."""

    def load(parent: Any, info: Any, request: FindRequest[Any]) -> Any:
        return info.context.loaders.related(kind, by, request).get(parent.id)

    return _connection(kind, load, description)


def every(kind: Kind, description: str | None = None, beside: Mapping[str, Any] | None = None) -> Any:
    """The connection of all entities of the kind, for the root of the schema.

    `beside` names filter fields that are arguments of their own, too, with their types: `partnerships(asOf: …)`.
    """

    def load(parent: Any, info: Any, request: FindRequest[Any]) -> Any:
        return info.context.loaders.find(kind, request)

    return _connection(kind, load, description, beside or {})


def _connection(
    kind: Kind,
    load: Callable[[Any, Any, FindRequest[Any]], Any],
    description: str | None,
    beside: Mapping[str, Any] = MappingProxyType({}),
) -> Any:
    def resolve(
        parent: Any, info: Any, first: int = 20, after: Any = None, filter: Any = None, order_by: Any = None, **own: Any
    ) -> Any:
        asked = None if filter in (None, UNSET) else given(filter, kind.filter)
        if wanted := {name: value for name, value in own.items() if value is not None}:
            asked = msgspec.structs.replace(asked or kind.filter(), **wanted)
        request = given_find(
            filter=asked,
            order=kind.order(order_by),
            first=first,
            after=after,
            total=selects(info, "totalCount"),
            facets=kind.facets if selects(info, "facets") else (),
        )
        return then(load(parent, info, request), partial(PageOf, is_first=after is None))

    arguments = {
        "first": int,
        "after": Optional[str],
        "filter": Optional[input_of(kind.filter)],
        "order_by": Optional[_order(kind)],
        **beside,
    }
    return _field(resolve, Optional[_Connection[lazy(kind)]], description, arguments, PAGED)


def _there(found: list[Any]) -> list[Any]:
    return [entity for entity in found if entity is not None]


def given_find(**values: Any) -> FindRequest[Any]:
    """Checked here as the service will check it: a page size out of bounds is refused without asking."""

    return msgspec.convert(values, FindRequest[Any])


def _order(kind: Kind) -> Any:
    if kind.collection not in _orders:
        members = Enum(f"{kind.name}Order", {name: name for name in kind.orders})  # type: ignore[misc]
        _orders[kind.collection] = strawberry.enum(members)
    return _orders[kind.collection]


def _field(
    resolve: Any,
    shape: Any,
    description: str | None,
    arguments: dict[str, Any] | None = None,
    directives: tuple[object, ...] = (),
) -> Any:
    """strawberry reads a resolver's annotations and signature; these are known only now."""
    own = arguments or {}
    resolve.__annotations__ = {"parent": _Parent[Any], "info": Info, **own, "return": shape}
    signature = inspect.signature(resolve)
    declared = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    names = {one.name for one in declared}
    resolve.__signature__ = signature.replace(
        parameters=[*declared, *(_argument(name, shape) for name, shape in own.items() if name not in names)]
    )
    return strawberry.field(resolver=resolve, description=description, directives=directives)


def _argument(name: str, shape: Any) -> inspect.Parameter:
    optional = typing.get_origin(shape) is typing.Union
    default = None if optional else inspect.Parameter.empty
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=shape)
