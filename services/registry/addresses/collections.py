"""Agreements on addresses, and by which keys they are found."""

from services.registry.addresses.names import use_of
from services.registry.spans import marks
from shared.contracts.addresses import AddressAgreement
from shared.contracts.base import Entity
from shared.store.port import Collection, Key


class PlaceUse(Entity, frozen=True, kw_only=True):
    """Written by every agreement of one organisation on one place, so that of two at once one comes second.

    Its id is a hash of both.
    """


PLACE_USES: Collection[PlaceUse] = Collection("placeuses", PlaceUse, "plu")

ADDRESS_AGREEMENTS = Collection(
    "addressagreements",
    AddressAgreement,
    "adr",
    keys={
        "starts_on": Key(lambda a: a.starts_on),
        "organization_id": Key(lambda a: a.organization_id),
        "use": Key(lambda a: use_of(a.organization_id, a.address, a.room), edition=1),
        "host_id": Key(lambda a: a.host_id),
        "days": Key(lambda a: tuple(marks("", a.starts_on, a.last_day)), multi=True),
    },
    orders=("-starts_on",),
)
