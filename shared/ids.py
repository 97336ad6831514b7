"""Typed ids: three letters of the kind, then 26 signs of Crockford's base 32, time first (as in ULID)."""

import hashlib
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """An id nobody else has made; ids of one kind sort by the millisecond they were made in."""
    return f"{prefix}_{_base32((time.time_ns() // 1_000_000) << 80 | secrets.randbits(80))}"


def id_of(prefix: str, name: str) -> str:
    """The same id for the same name, for what must be found again: seed records, entries made from a change."""
    return f"{prefix}_{_base32(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16]))}"


def _base32(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
