"""How the gateway asks a service for entities: by ids, by a filter, and per parent."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.base import Command, Id, Record

PAGE_MAX = 100
BATCH_MAX = 1_000
RELATED_MAX = 20_000
"""Entities in one answer: more would hold up everybody else, and the memory."""

type PageSize = Annotated[int, Meta(ge=0, le=PAGE_MAX)]


class BatchRequest(Command, frozen=True, kw_only=True):
    """The entities with these ids; unknown and hidden ones are left out of the answer."""

    ids: Annotated[tuple[Id, ...], Meta(max_length=BATCH_MAX)]


class Batch[E](Record, frozen=True, kw_only=True):
    items: tuple[E, ...]


class FindRequest[F](Command, frozen=True, kw_only=True):
    """One page of what the filter leaves. `order` is one of the orders that the collection declares."""

    filter: F | None = None
    order: str | None = None
    first: PageSize = 20
    after: Annotated[str, Meta(max_length=4_000)] | None = None
    total: bool = False
    facets: Annotated[tuple[str, ...], Meta(max_length=10)] = ()


class FacetValue(Record, frozen=True, kw_only=True):
    value: str
    count: int


class Facet(Record, frozen=True, kw_only=True):
    name: str
    values: tuple[FacetValue, ...]


class Page[E](Record, frozen=True, kw_only=True):
    """`cursors` runs beside `items`: each is where the page that starts after that item begins.

    Both are always sent, so that no other JSON is taken for an empty page.
    """

    items: tuple[E, ...]
    cursors: tuple[str, ...]
    has_next: bool = False
    total: int | None = None
    facets: tuple[Facet, ...] = ()


class RelatedRequest[F](Command, frozen=True, kw_only=True):
    """The first page for each of many parents at once: `by` names the filter field that the keys stand for."""

    by: str
    keys: Annotated[tuple[Id, ...], Meta(max_length=BATCH_MAX)]
    find: FindRequest[F]


class Related[E](Record, frozen=True, kw_only=True):
    """The pages in the order of the keys that were asked for."""

    pages: tuple[Page[E], ...]


def described(type_: Any) -> tuple[Any, str | None]:
    """A contract's annotation without its constraints, and the description among them, if any."""
    description = None
    while True:
        if hasattr(type_, "__value__"):
            type_ = type_.__value__
        elif hasattr(type_, "__metadata__"):
            for meta in type_.__metadata__:
                if isinstance(meta, msgspec.Meta) and meta.description:
                    description = description or meta.description
            type_ = type_.__origin__
        else:
            return type_, description
