"""Agreements on the use of an address: load, decide, put, tell."""

import msgspec

from services.registry.addresses import rules
from services.registry.addresses.collections import ADDRESS_AGREEMENTS, PLACE_USES
from services.registry.addresses.names import use_of
from services.registry.days import has_come, runs_forward
from services.registry.references import are_published, stored
from shared.clock import now, today
from shared.contracts.addresses import AddressAgreement, EndAddressSharing, ShareAddress
from shared.contracts.base import Address
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.replacing import come_in_turn, next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Eq, Query, Transaction

_OF_ONE_MAX = 500
"""Agreements of one organisation on one place, the latest: none of them overlap, so there are few."""


async def share_address(tx: Transaction, viewer: Viewer, command: ShareAddress) -> AddressAgreement:
    rules.may_keep(viewer)
    rules.is_another(command)
    runs_forward(command.starts_on, command.ends_on, "endsOn")
    await are_published(tx, (command.host_id, command.organization_id), ("hostId", "organizationId"))
    use = use_of(command.organization_id, command.address, command.room)
    await come_in_turn(tx, PLACE_USES, use)
    others = await tx.find(Query(ADDRESS_AGREEMENTS, (Eq("use", use),), "-starts_on", limit=_OF_ONE_MAX))
    rules.is_the_only_one(others, command)
    moment = now()
    agreement = AddressAgreement(
        id=new_id("adr"),
        version=1,
        created_at=moment,
        updated_at=moment,
        host_id=command.host_id,
        organization_id=command.organization_id,
        address=Address(**msgspec.structs.asdict(command.address)),
        room=command.room,
        terms=command.terms,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    return await _kept(tx, "agreed", agreement)


async def end_address_sharing(tx: Transaction, viewer: Viewer, command: EndAddressSharing) -> AddressAgreement:
    rules.may_keep(viewer)
    agreement = await stored(tx, ADDRESS_AGREEMENTS, command.id)
    version_is_current(agreement.version, command.expected_version)
    rules.ends_before_its_time(agreement, command.ended_on)
    has_come(command.ended_on, today(), "endedOn")
    runs_forward(agreement.starts_on, command.ended_on, "endedOn")
    ended = next_version(
        agreement,
        ended_on=command.ended_on,
    )
    return await _kept(tx, "ended", ended)


async def _kept(tx: Transaction, verb: str, agreement: AddressAgreement) -> AddressAgreement:
    await tx.put(ADDRESS_AGREEMENTS, agreement)
    await changed(tx, "registry", verb, agreement, (agreement.host_id, agreement.organization_id))
    return agreement
