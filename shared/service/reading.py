"""The read side that every collection has: by ids, one filtered page, and the first page for each of many parents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import msgspec
from aiohttp import web

from shared.contracts.base import Command, Entity, narrowed
from shared.contracts.people import Viewer
from shared.contracts.reading import (
    RELATED_MAX,
    Batch,
    BatchRequest,
    Facet,
    FacetValue,
    FindRequest,
    Page,
    Related,
    RelatedRequest,
)
from shared.contracts.refusals import Refused
from shared.contracts.tidying import check_years
from shared.service.cursor import after, cursor
from shared.service.errors import json
from shared.service.requests import VIEWER
from shared.store.port import Collection, Condition, Query, Scalar, Store


def _all[E: Entity](entity: E, viewer: Viewer | None) -> bool:
    return True


def _whole[E: Entity, F: Command](entity: E, asked: F) -> E:
    return entity


def _straight(store: Store) -> Store:
    return store


@dataclass(frozen=True)
class Listing[E: Entity, F: Command]:
    """How one collection is read: what its filter means, who may see what, and what can be counted.

    `conditions` must leave out what the viewer may not see, as `visible` does for single entities. `shown` is for a
    filter that asks for a view of the entities, e.g. as of a day; such a view must say of itself that it is one.
    `read_from` is for a collection that is only partly in the store.
    """

    collection: Collection[E]
    contract: type[Any]
    filter: type[F]
    conditions: Callable[[F, Viewer | None], tuple[Condition, ...]]
    visible: Callable[[E, Viewer | None], bool] = _all
    facets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shown: Callable[[E, F], E] = _whole
    read_from: Callable[[Store], Any] = _straight

    def query(self, request: FindRequest[F], viewer: Viewer | None) -> Query[E]:
        """The store query of a request, asking for one more than the page to see whether there is a next."""
        order = request.order or self.collection.orders[0]
        if order not in self.collection.orders:
            orders = ", ".join(self.collection.orders)
            raise Refused(
                "ORDER_UNKNOWN",
                pl=f"Nie ma kolejności „{order}”; możliwe: {orders}.",
                en=f'There is no order "{order}"; possible: {orders}.',
                field="order",
            )
        where = self.conditions(request.filter or self.filter(), viewer)
        query = Query(self.collection, where, order, limit=request.first + 1)
        if request.after is not None:
            query = Query(self.collection, where, order, after(query, request.after), request.first + 1)
        return query

    def page(self, request: FindRequest[F], query: Query[E], found: list[E]) -> Page[Entity]:
        items = found[: request.first]
        asked = request.filter or self.filter()
        return Page(
            items=tuple(narrowed(self.shown(item, asked), self.contract) for item in items),
            cursors=tuple(cursor(query, item) for item in items),
            has_next=len(found) > request.first,
        )


async def batch(
    store: Store, listing: Listing[Any, Any], request: BatchRequest, viewer: Viewer | None
) -> Batch[Entity]:
    found = await store.get_many(listing.collection, tuple(dict.fromkeys(request.ids)))
    return Batch(items=tuple(narrowed(item, listing.contract) for item in found if listing.visible(item, viewer)))


async def find(
    store: Store, listing: Listing[Any, Any], request: FindRequest[Any], viewer: Viewer | None
) -> Page[Entity]:
    query = listing.query(request, viewer)
    return await _counted(store, listing, request, query, listing.page(request, query, await store.find(query)))


async def related(
    store: Store, listing: Listing[Any, Any], request: RelatedRequest[Any], viewer: Viewer | None
) -> Related[Entity]:
    """One page per key, all alike but for the filter field `by`, which takes the key."""
    if not request.by.endswith("_id") or request.by not in listing.filter.__struct_fields__:
        raise Refused(
            "RELATION_UNKNOWN",
            pl=f"Nie można łączyć po „{request.by}”.",
            en=f'There is no relation by "{request.by}".',
            field="by",
        )
    keys = tuple(dict.fromkeys(request.keys))
    if len(keys) * request.find.first > RELATED_MAX:
        raise Refused(
            "TOO_MUCH_AT_ONCE",
            pl=f"Naraz najwyżej {RELATED_MAX} powiązanych pozycji; zmniejsz first.",
            en=f"At most {RELATED_MAX} related items at once; make first smaller.",
            field="first",
        )
    base = request.find.filter or listing.filter()
    finds = [
        msgspec.structs.replace(request.find, filter=msgspec.structs.replace(base, **{request.by: key})) for key in keys
    ]
    queries = [listing.query(find, viewer) for find in finds]
    found = await store.find_each(queries)
    pages = {
        key: await _counted(store, listing, request.find, query, listing.page(request.find, query, some))
        for key, query, some in zip(keys, queries, found, strict=True)
    }
    return Related(pages=tuple(pages[key] for key in request.keys))


async def _counted(
    store: Store, listing: Listing[Any, Any], request: FindRequest[Any], query: Query[Any], page: Page[Entity]
) -> Page[Entity]:
    """The page with the total and the facets that were asked for."""
    if not (request.total or request.facets):
        return page
    keys = [_facet_key(listing, name) for name in request.facets]
    counted = await store.tally(listing.collection, tuple(dict.fromkeys(keys)), query.where)
    facets = (_facet(name, counted.by[key]) for name, key in zip(request.facets, keys, strict=True))
    return msgspec.structs.replace(page, total=counted.total if request.total else None, facets=tuple(facets))


def _facet_key(listing: Listing[Any, Any], name: str) -> str:
    if name not in listing.facets:
        names = ", ".join(listing.facets) or "-"
        raise Refused(
            "FACET_UNKNOWN",
            pl=f"Nie ma licznika „{name}”; możliwe: {names}.",
            en=f'There is no facet "{name}"; possible: {names}.',
            field="facets",
        )
    return listing.facets[name]


def _facet(name: str, counts: Mapping[Scalar, int]) -> Facet:
    values = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return Facet(name=name, values=tuple(FacetValue(value=_text(value), count=count) for value, count in values))


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_routes(store: Store, listing: Listing[Any, Any]) -> list[web.RouteDef]:
    """POST, because ids and filters outgrow a URL: .../batch, .../find and .../related of the collection."""
    store = listing.read_from(store)
    batches = msgspec.json.Decoder(BatchRequest)
    finds = msgspec.json.Decoder(FindRequest[listing.filter])  # type: ignore[name-defined]  # known at run time only
    relations = msgspec.json.Decoder(RelatedRequest[listing.filter])  # type: ignore[name-defined]

    async def answer_batch(request: web.Request) -> web.Response:
        return json(await batch(store, listing, batches.decode(await request.read()), request[VIEWER]))

    async def answer_find(request: web.Request) -> web.Response:
        asked = finds.decode(await request.read())
        check_years(asked.filter, "$.filter")
        return json(await find(store, listing, asked, request[VIEWER]))

    async def answer_related(request: web.Request) -> web.Response:
        asked = relations.decode(await request.read())
        check_years(asked.find.filter, "$.find.filter")
        return json(await related(store, listing, asked, request[VIEWER]))

    path = f"/v1/{listing.collection.name}"
    return [
        web.post(f"{path}/batch", answer_batch),
        web.post(f"{path}/find", answer_find),
        web.post(f"{path}/related", answer_related),
    ]
