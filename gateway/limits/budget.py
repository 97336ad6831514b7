"""What one client may spend in a time: the generic cell rate algorithm (ITU-T I.371), one number per client.

A budget is each process's own: with several gateways a client has as much more. It bounds what one client costs; it
is no fence against an attack from many addresses, which belongs before the gateway.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address

CLIENTS = 100_000
"""Clients remembered; whoever asked longest ago is forgotten first, and by then has long had everything back."""


class OverBudget(Exception):
    """`wait` is after how many seconds as much as was asked for is there."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"wait {wait:.1f} s")
        self.wait = wait


class Budget:
    """`per_minute` points come back in a minute, `burst` can be spent at once."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = 60 / per_minute
        self._ahead = burst * self._seconds
        self._burst = burst
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()
        """Up to when each client has spent what comes back."""

    def spend(self, client: str, points: int) -> None:
        """Raises OverBudget, and takes nothing, when the client has not that many left.

        What costs more than can ever be there counts as all there can be: a limit of one operation is not this one's
        to set.
        """
        now = self._clock()
        spent = max(self._until.get(client, now), now) + min(points, self._burst) * self._seconds
        if (wait := spent - now - self._ahead) > 1e-9:
            raise OverBudget(wait)
        self._until[client] = spent
        self._until.move_to_end(client)
        if len(self._until) > CLIENTS:
            self._until.popitem(last=False)


_SALT = secrets.token_bytes(16)


def person(subject: str) -> str:
    """A key for the bearer of a token, from which nobody can tell who it is."""
    return hashlib.blake2b(subject.encode(), key=_SALT, digest_size=12).hexdigest()


def address(remote: str | None, headers: Mapping[str, str], proxies: int) -> str:
    """A key for a visitor: the address, which behind `proxies` reverse proxies is what the outermost of them saw.

    Anybody can send X-Forwarded-For, so only as many entries are believed as there are proxies of our own. A whole
    IPv6 network of 64 bits is one client: its holder has all of its addresses.
    """
    given = remote or ""
    if proxies:
        seen = [part.strip() for part in headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        given = seen[-proxies] if len(seen) >= proxies else given
    try:
        parsed = ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped.compressed if parsed.ipv4_mapped else f"{int(parsed) >> 64:x}::"
    return parsed.compressed
