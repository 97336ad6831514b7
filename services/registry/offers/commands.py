"""Making, changing and withdrawing offers in open calls: load, decide, put, tell."""

from datetime import datetime

import msgspec

from services.registry.calls.collections import CALLS
from services.registry.calls.rules import is_registered, takes_offers
from services.registry.calls.rules import unknown as unknown_call
from services.registry.offers import confirming, content, rules
from services.registry.offers.collections import OFFERERS, OFFERS, Offerer
from services.registry.organisations.collections import ORGANIZATIONS
from shared import clock
from shared.contracts.calls import Call, ChangeOffer, ConfirmOffer, Offer, OfferStatus, SubmitOffer, WithdrawOffer
from shared.contracts.people import Viewer
from shared.contracts.tasks import OfferContent
from shared.ids import id_of, new_id
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Contains, Eq, Query, Transaction

OFFERS_MAX = 10_000
"""More than one organisation makes in one call."""


async def submit_offer(tx: Transaction, viewer: Viewer, command: SubmitOffer) -> Offer:
    rules.may_offer(viewer, command.organization_ids)
    rules.named_once(command.organization_ids)
    moment = clock.now()
    received = rules.receipt(viewer, command.received_at, moment)
    call = await tx.get(CALLS, command.call_id)
    if call is None:
        raise unknown_call("callId")
    rules.in_time(call, received)
    _is_sound(call, command.task_id, command.organization_ids, command.content)
    known = {one.id: one for one in await tx.get_many(ORGANIZATIONS, command.organization_ids)}
    for place, id_ in enumerate(command.organization_ids):
        is_registered(known.get(id_), f"organizationIds.{place}")
        rules.may_receive(known[id_], place)
    if call.offers_per_organization is not None:
        await _count_offers(tx, call, command)
    await _hold_results(tx, call, moment)
    offer = Offer(
        **(msgspec.structs.asdict(command) | {"received_at": clock.local(received)}),
        id=new_id("ofr"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=OfferStatus.SUBMITTED,
        confirmed_ids=confirming.with_the_offer(viewer, command.organization_ids),
    )
    await tx.put(OFFERS, offer)
    await tell(tx, "submitted", offer)
    return offer


async def change_offer(tx: Transaction, viewer: Viewer, command: ChangeOffer) -> Offer:
    """A corrected offer goes back to the formal evaluation. What partners confirmed was the offer as it stood."""
    offer = await tx.get(OFFERS, command.id)
    rules.may_offer(viewer, offer.organization_ids if offer else ())
    offer, call = await with_call(tx, offer, "id")
    moment = clock.now()
    rules.can_be_changed(offer, call, command.expected_version, moment, clock.local(moment).date())
    _is_sound(call, offer.task_id, offer.organization_ids, command.content)
    return await put_offer(
        tx,
        "changed",
        offer,
        content=command.content,
        status=OfferStatus.SUBMITTED,
        confirmed_ids=confirming.with_the_offer(viewer, offer.organization_ids),
    )


async def confirm_offer(tx: Transaction, viewer: Viewer, command: ConfirmOffer) -> Offer:
    confirming.may_confirm(viewer, command.organization_id)
    offer = await tx.get(OFFERS, command.id)
    if offer is None or not rules.may_see(offer, viewer):
        raise rules.unknown("id")
    rules.can_be_confirmed(offer, command.expected_version)
    confirming.is_asked(command.organization_id, offer.organization_ids, offer.confirmed_ids)
    return await put_offer(tx, "confirmed", offer, confirmed_ids=(*offer.confirmed_ids, command.organization_id))


async def withdraw_offer(tx: Transaction, viewer: Viewer, command: WithdrawOffer) -> Offer:
    offer = await tx.get(OFFERS, command.id)
    rules.may_offer(viewer, offer.organization_ids if offer else ())
    if offer is None:
        raise rules.unknown("id")
    rules.can_be_withdrawn(offer, command.expected_version)
    return await put_offer(tx, "withdrawn", offer, status=OfferStatus.WITHDRAWN)


async def with_call(tx: Transaction, offer: Offer | None, field: str) -> tuple[Offer, Call]:
    call = await tx.get(CALLS, offer.call_id) if offer else None
    if offer is None or call is None:
        raise rules.unknown(field)
    return offer, call


async def put_offer(tx: Transaction, verb: str, offer: Offer, **new: object) -> Offer:
    offer = next_version(offer, **new)
    await tx.put(OFFERS, offer)
    await tell(tx, verb, offer)
    return offer


async def tell(tx: Transaction, verb: str, offer: Offer) -> None:
    """Changes are public: who made an offer is in them only once the results are."""
    named = offer.organization_ids if offer.results_on is not None else ()
    await changed(tx, "registry", verb, offer, (offer.call_id, *named))


def _is_sound(call: Call, task_id: str, organization_ids: tuple[str, ...], said: OfferContent) -> None:
    content.is_sound(said, rules.task_of(call, task_id), organization_ids)


async def _count_offers(tx: Transaction, call: Call, command: SubmitOffer) -> None:
    for place, organization_id in enumerate(command.organization_ids):
        of_organization = (Eq("call_id", call.id), Contains("organization_ids", organization_id))
        made = await tx.find(Query(OFFERS, of_organization, limit=OFFERS_MAX))
        rules.stays_within_number(call, command.task_id, made, place)
        moment = clock.now()
        id_ = id_of("ofc", f"{call.id} {organization_id}")
        earlier = await tx.get(OFFERERS, id_)
        offerer = Offerer(
            id=id_,
            version=earlier.version + 1 if earlier else 1,
            created_at=earlier.created_at if earlier else moment,
            updated_at=clock.after(earlier.updated_at) if earlier else moment,
            call_id=call.id,
            organization_id=organization_id,
        )
        await tx.put(OFFERERS, offerer)


async def _hold_results(tx: Transaction, call: Call, moment: datetime) -> None:
    """An offer on paper may be entered after the term. Then it writes the call, as the results do: of two at the same
    moment one comes first, and no offer is left behind undecided."""
    if not takes_offers(call, moment):
        held = next_version(call)
        await tx.put(CALLS, held)
        await changed(tx, "registry", "changed", held)
