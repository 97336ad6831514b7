"""What a place is called, however somebody writes it."""

import re

from shared.contracts.addresses import SharedPlace
from shared.contracts.base import Address
from shared.polish import fold

_STREET = frozenset({"ul", "ulica", "al", "aleja", "aleje", "pl", "plac", "os", "osiedle"})
_WORD = re.compile(r"\w+")


def place_of(address: SharedPlace | Address, room: str | None) -> str:
    """One text for one place, however its name is written: "ul. Focha 19/21" is "Focha 19/21"."""
    street = [word for word in _WORD.findall(fold(address.street or "")) if word not in _STREET]
    parts = (" ".join(street), *(_plain(part) for part in (address.building, address.city, room)))
    return "|".join(parts)


def _plain(text: str | None) -> str:
    return " ".join(_WORD.findall(fold(text or "")))


def use_of(organization_id: str, address: SharedPlace | Address, room: str | None) -> str:
    """An organisation's use of a place."""
    return f"{organization_id} {place_of(address, room)}"
