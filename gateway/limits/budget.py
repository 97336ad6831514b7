"""What one client may spend in a time: the generic cell rate algorithm (ITU-T I.371), one number per client.

The numbers stand in a table of fixed size, which the workers of one machine share. It bounds what one client costs;
it is no fence against an attack from many addresses, which belongs before the gateway.
"""

import hashlib
import mmap
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_address
from pathlib import Path

SLOTS = 1 << 16
"""Clients that fall into one slot share a budget: one in so many is the chance to meet a given other."""


class OverBudget(Exception):
    """`wait` is after how many seconds as much as was asked for is there."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"wait {wait:.1f} s")
        self.wait = wait


def table(file: Path | None = None) -> "memoryview[float]":
    """Of times, all zero; of everybody who opens the file, or of this process alone.

    Two workers may write one number at the same moment, and one of the two be lost: then a client has a little more.
    """
    size = SLOTS * 8
    if file is None:
        return memoryview(mmap.mmap(-1, size)).cast("d")
    with file.open("a+b") as opened:
        opened.truncate(size)
        return memoryview(mmap.mmap(opened.fileno(), size)).cast("d")


class Budget:
    """`per_minute` points come back in a minute, `burst` can be spent at once. The clock is the machine's, as the
    table is. `key` keeps secret who shares a slot with whom."""

    def __init__(
        self,
        per_minute: int,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        times: "memoryview[float] | None" = None,
        key: bytes = b"",
    ) -> None:
        self._seconds = 60 / per_minute
        self._ahead = burst * self._seconds
        self._burst = burst
        self._clock = clock
        self._until = table() if times is None else times
        self._key = key
        """Up to when each client has spent what comes back."""

    def spend(self, client: str, points: int) -> None:
        """Raises OverBudget, and takes nothing, when the client has not that many left.

        What costs more than can ever be there counts as all there can be: a limit of one operation is not this one's
        to set.
        """
        slot = int.from_bytes(hashlib.blake2b(client.encode(), digest_size=2, key=self._key).digest())
        now = self._clock()
        spent = max(self._until[slot], now) + min(points, self._burst) * self._seconds
        if (wait := spent - now - self._ahead) > 1e-9:
            raise OverBudget(wait)
        self._until[slot] = spent


def person(subject: str) -> str:
    """A key for the bearer of a token that does not name them; the same in every worker, and in no log."""
    return hashlib.blake2b(subject.encode(), digest_size=12).hexdigest()


def address(remote: str | None, forwarded: Sequence[str], proxies: int) -> str:
    """A key for a visitor: the address, which behind `proxies` reverse proxies is what the outermost of them saw.

    `forwarded` are all headers X-Forwarded-For, in their order: a proxy may add one of its own behind the client's.
    Anybody can send them, so only as many entries are believed as there are proxies of our own. A whole IPv6 network
    of 64 bits is one client: its holder has all of its addresses.
    """
    given = remote or ""
    if proxies:
        seen = [part.strip() for part in ",".join(forwarded).split(",") if part.strip()]
        given = seen[-proxies] if len(seen) >= proxies else given
    try:
        parsed = ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped.compressed if parsed.ipv4_mapped else f"{int(parsed) >> 64:x}::"
    return parsed.compressed
