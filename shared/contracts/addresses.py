"""Sharing an address: a public body or an organisation lets another have its seat at its place."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Address, Command, Entity, Id, Line, Source, Text

type PostalCode = Annotated[str, Meta(pattern=r"^[0-9]{2}-[0-9]{3}$(?!\n)")]


class AddressAgreement(Entity, frozen=True, kw_only=True):
    """An agreement by which an organisation uses an address, on its terms, from the first day to the last."""

    host_id: Annotated[Id, Meta(description="Whose place it is")]
    organization_id: Annotated[Id, Meta(description="Who uses the address")]
    address: Address
    room: Line | None = None
    terms: Text
    starts_on: date
    ends_on: Annotated[date | None, Meta(description="The last day; none where it is for no set time")] = None
    ended_on: Annotated[date | None, Meta(description="The last day of one that was ended before its time")] = None
    source: Source | None = None

    @property
    def last_day(self) -> date | None:
        return self.ended_on or self.ends_on


class SharedPlace(Command, frozen=True, kw_only=True):
    """Where: a street address in a town."""

    street: Line
    building: Line
    city: Line
    postal_code: PostalCode | None = None


class ShareAddress(Command, frozen=True, kw_only=True):
    """Enter an agreement on the use of an address."""

    host_id: Id
    organization_id: Id
    address: SharedPlace
    room: Line | None = None
    terms: Text
    starts_on: date
    ends_on: date | None = None


class EndAddressSharing(Command, frozen=True, kw_only=True):
    """End an agreement before its time; `endedOn` is its last day."""

    id: Id
    expected_version: Annotated[int, Meta(ge=1)]
    ended_on: date


class AddressAgreementFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    organization_id: Id | None = None
    host_id: Id | None = None
    as_of: Annotated[date | None, Meta(description="In force that day")] = None
