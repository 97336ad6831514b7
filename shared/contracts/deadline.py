"""Deadlines: who asks says how long it waits, so that nobody goes on with what nobody waits for.

A header with the milliseconds that are left, on every hop: client to gateway, gateway to service. Milliseconds and
not a time of day, because the clocks of two machines differ.
"""

HEADER = "Jasne-Timeout"
_LONGEST = 86_400_000


def seconds_left(header: str | None) -> float | None:
    """What the header says, in seconds; None where there is none, or none that can be read."""
    # isdecimal alone would take digits of any alphabet
    if header is None or not (header.isascii() and header.isdecimal() and len(header) < 10):
        return None
    return min(int(header), _LONGEST) / 1000


def header_of(seconds: float) -> str:
    """What is left, rounded down; never below 0."""
    return str(max(0, int(seconds * 1000)))
