"""Reading all awarded grants, page by page: however many there are, few are in memory."""

from collections.abc import AsyncIterator, Iterable

from services.registry.awards import rules
from services.registry.calls.collections import CALLS
from services.registry.grants.collections import PLANS, SMALL_GRANTS, organizations
from services.registry.offers.collections import OFFERS
from services.registry.organisations.collections import ORGANIZATIONS
from shared.contracts.base import Entity
from shared.contracts.calls import OfferStatus
from shared.contracts.grants import SmallGrantStatus
from shared.contracts.organisations import Organization
from shared.store.port import Collection, Eq, In, Query, Store, position

PAGE = 200


async def awards(store: Store) -> AsyncIterator[rules.Award]:
    """Small grants first, then funded offers, each in the order of their receipt."""
    async for grants in _pages(store, SMALL_GRANTS, SmallGrantStatus.GRANTED):
        years = {rules.year_of(grant) for grant in grants if grant.decided_on}
        plans = {one.year: one for one in await store.find(Query(PLANS, (In("year", tuple(years)),), limit=len(years)))}
        parties = await _organizations(
            store,
            (*(plan.funder_id for plan in plans.values()), *(id_ for grant in grants for id_ in organizations(grant))),
        )
        for grant in grants:
            if grant.decided_on is None:
                continue
            # a small grant is decided within the plan of its year: there is one
            funder = parties[plans[rules.year_of(grant)].funder_id]
            award = rules.of_small_grant(grant, funder, tuple(parties[id_] for id_ in organizations(grant)))
            if award is not None:
                yield award
    async for offers in _pages(store, OFFERS, OfferStatus.FUNDED):
        calls = {one.id: one for one in await store.get_many(CALLS, tuple({offer.call_id for offer in offers}))}
        parties = await _organizations(
            store,
            (*(call.organizer_id for call in calls.values()), *(id_ for one in offers for id_ in one.organization_ids)),
        )
        for offer in offers:
            call = calls[offer.call_id]
            recipients = tuple(parties[id_] for id_ in offer.organization_ids)
            award = rules.of_offer(offer, call, parties[call.organizer_id], recipients)
            if award is not None:
                yield award


async def _pages[E: Entity](store: Store, collection: Collection[E], status: str) -> AsyncIterator[list[E]]:
    query = Query(collection, (Eq("status", status),), "received", limit=PAGE)
    while page := await store.find(query):
        yield page
        query = Query(collection, query.where, query.order, position(query, page[-1]), PAGE)


async def _organizations(store: Store, ids: Iterable[str]) -> dict[str, Organization]:
    return {one.id: one for one in await store.get_many(ORGANIZATIONS, tuple(dict.fromkeys(ids)))}
