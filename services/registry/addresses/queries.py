"""How agreements on addresses are read, now and as of any day; all of it is public."""

from services.registry.addresses.collections import ADDRESS_AGREEMENTS
from services.registry.spans import holding
from shared.contracts.addresses import AddressAgreement, AddressAgreementFilter
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, equal


def _agreements(asked: AddressAgreementFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where: list[Condition] = [*equal(organization_id=asked.organization_id, host_id=asked.host_id)]
    if asked.as_of is not None:
        where.append(In("days", holding("", asked.as_of)))
    return tuple(where)


LISTINGS = (Listing(ADDRESS_AGREEMENTS, AddressAgreement, AddressAgreementFilter, _agreements),)
