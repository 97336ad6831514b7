"""What a place is called, however somebody writes it."""

import re

from shared.contracts.addresses import SharedPlace
from shared.contracts.base import Address
from shared.polish import fold

_STREET = frozenset({"ul", "ulica"})
"""What goes without saying. The other kinds are part of the name: plac Wolności is not ulica Wolności."""
_KINDS = {"aleja": "al", "aleje": "al", "alei": "al", "plac": "pl", "placu": "pl", "osiedle": "os", "osiedlu": "os"}
_WORD = re.compile(r"\w+")


def place_of(address: SharedPlace | Address, room: str | None) -> str:
    """One text for one place, however its name is written: "ul. Focha 19/21" is "Focha 19/21"."""
    parts = (_street(address.street), *(_plain(part) for part in (address.building, address.city, room)))
    return "|".join(parts)


def _street(name: str | None) -> str:
    words = _WORD.findall(fold(name or ""))
    while len(words) > 1 and words[0] in _STREET:
        words = words[1:]
    return " ".join([_KINDS.get(word, word) for word in words[:1]] + words[1:])


def _plain(text: str | None) -> str:
    return " ".join(_WORD.findall(fold(text or "")))


def use_of(organization_id: str, address: SharedPlace | Address, room: str | None) -> str:
    """An organisation's use of a place."""
    return f"{organization_id} {place_of(address, room)}"
