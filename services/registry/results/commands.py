"""Publishing the results of a call: all its offers, their evaluations and the call change in one transaction."""

from services.registry.calls.collections import CALLS
from services.registry.calls.rules import is_staff, unknown
from services.registry.evaluations.collections import EVALUATIONS
from services.registry.offers.collections import OFFERS
from services.registry.offers.commands import put_offer
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.rules import may_be_granted
from services.registry.results import rules
from shared import clock
from shared.contracts.calls import Call, CallStatus, OfferStatus, PublishResults
from shared.contracts.money import money
from shared.contracts.people import Viewer
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Eq, Query, Transaction

OFFERS_MAX = 100_000
"""More than any call has: a page of offers here would leave the others undecided."""


async def publish_results(tx: Transaction, viewer: Viewer, command: PublishResults) -> Call:
    """Writes every offer and every sheet of evaluations, so that whoever changes one at the same moment comes first
    and is seen, or comes second and is refused."""
    is_staff(viewer)
    call = await tx.get(CALLS, command.id)
    if call is None:
        raise unknown("id")
    moment = clock.now()
    today = clock.local(moment).date()
    rules.can_be_decided(call, command, moment)
    of_call = (Eq("call_id", call.id),)
    offers = {one.id: one for one in await tx.find(Query(OFFERS, of_call, limit=OFFERS_MAX))}
    sheets = {one.offer_id: one for one in await tx.find(Query(EVALUATIONS, of_call, limit=OFFERS_MAX))}
    rules.none_is_left_open(tuple(offers.values()))
    granted = rules.grants(call, command, offers, sheets)
    rules.all_are_evaluated(call, tuple(offers.values()), sheets)
    for id_ in granted:
        for organization_id in offers[id_].organization_ids:
            may_be_granted(await tx.get(ORGANIZATIONS, organization_id), "grants")
    for offer in offers.values():
        if offer.status is OfferStatus.WITHDRAWN:
            continue
        sheet = sheets.get(offer.id)
        if sheet is not None:
            sheet = next_version(sheet, results_on=today)
            await tx.put(EVALUATIONS, sheet)
            await changed(tx, "registry", "published", sheet, (call.id, offer.id))
        if offer.status is OfferStatus.REJECTED:
            await put_offer(tx, "published", offer, results_on=today)
        elif offer.id in granted:
            await put_offer(
                tx,
                "funded",
                offer,
                status=OfferStatus.FUNDED,
                granted=money(granted[offer.id]),
                points=rules.average(sheet),
                results_on=today,
            )
        else:
            await put_offer(
                tx, "unfunded", offer, status=OfferStatus.UNFUNDED, points=rules.average(sheet), results_on=today
            )
    call = next_version(
        call,
        status=CallStatus.DECIDED,
        results_on=today,
    )
    await tx.put(CALLS, call)
    await changed(tx, "registry", "decided", call, (call.organizer_id,))
    return call
