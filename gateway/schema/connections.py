"""Cursor connections (GraphQL Cursor Connections Specification), resolved off the pages that services answer."""

from typing import Any, NamedTuple

import strawberry
from strawberry import Parent

from gateway.limits.declared import COUNTED
from gateway.schema.expose import expose
from shared.contracts import reading


class EdgeOf(NamedTuple):
    node: Any
    cursor: str


class PageOf(NamedTuple):
    """A service's page, and whether the client asked for the first one."""

    page: reading.Page[Any]
    is_first: bool


@expose(reading.FacetValue)
class FacetValue:
    """How many have this value."""


@expose(reading.Facet)
class Facet:
    """The counts of a field's values among everything the filter leaves, most frequent first."""


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge[N]:
    node: N
    cursor: str


def _total_count(parent: Parent[PageOf]) -> int | None:
    return parent.page.total


def _facets(parent: Parent[PageOf]) -> list[Facet]:
    return list(parent.page.facets)  # type: ignore[arg-type]  # contract objects, shown as the derived type


@strawberry.type
class Connection[N]:
    """One page of a list. `nodes` is a short way to the nodes of `edges`."""

    @strawberry.field
    @staticmethod
    def edges(parent: Parent[PageOf]) -> list[Edge[N]]:
        page = parent.page
        return [EdgeOf(node, cursor) for node, cursor in zip(page.items, page.cursors, strict=True)]  # type: ignore[misc]

    @strawberry.field
    @staticmethod
    def nodes(parent: Parent[PageOf]) -> list[N]:
        return parent.page.items  # type: ignore[return-value]

    @strawberry.field
    @staticmethod
    def page_info(parent: Parent[PageOf]) -> PageInfo:
        cursors = parent.page.cursors
        return PageInfo(
            has_next_page=parent.page.has_next,
            has_previous_page=not parent.is_first,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )

    total_count: int | None = strawberry.field(
        resolver=_total_count, description="How many there are on all pages", directives=[COUNTED]
    )
    facets: list[Facet] = strawberry.field(
        resolver=_facets, description="Counts by field, of all pages", directives=[COUNTED]
    )
