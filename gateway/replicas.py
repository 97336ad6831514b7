"""The replicas of a service: to which of them the next call goes.

A base URL's name may stand for several addresses (Docker's DNS, a headless Service of Kubernetes), and a service may
have several base URLs, with commas between. A call goes where the fewest are under way, in turn among equals, so that
replicas share the load, whichever connections are open. One that fails is left alone for a moment while there are
others; then one call tries it.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Self

import aiohttp
from yarl import URL

FRESH = 2.0
"""Seconds for which the addresses of a name are believed; a new replica gets its part that soon."""
RENEWING = 0.5
REST, LONGEST_REST = 0.5, 4.0
"""Seconds that one that failed is left alone, at first and at most: each failure doubles it."""
UNHEARD = 3
"""Seconds that a machine may not acknowledge what was sent; then it is gone, and its connections with it."""

type Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, as literals. Raises OSError."""


@dataclass(eq=False)
class Replica:
    base: str
    """Its base URL, with an address for a name."""
    host: str
    """Its name and port, as the header Host tells them."""
    calls: int = 0
    failures: int = 0
    rests_until: float = 0.0

    @property
    def certified(self) -> str | None:
        """The name that its certificate must bear."""
        return self.host.rpartition(":")[0].strip("[]") if self.base.startswith("https:") else None

    @contextmanager
    def called(self) -> Iterator[Self]:
        self.calls += 1
        if self.failures:
            # nobody else tries it until this one knows
            self.rests_until = monotonic() + REST
        try:
            yield self
        finally:
            self.calls -= 1

    def answered(self) -> None:
        self.failures = 0
        self.rests_until = 0.0

    def failed(self) -> None:
        self.rests_until = monotonic() + min(REST * 2**self.failures, LONGEST_REST)
        self.failures = min(self.failures + 1, 10)


class Replicas:
    """`urls` is one base URL or several, with commas between."""

    def __init__(self, urls: str, resolve: Resolve | None = None) -> None:
        self._urls = [URL(url) for url in urls.split(",")]
        self._resolve = resolve or _resolved
        self._known: list[Replica] = []
        self._asked_at = -FRESH
        self._asking: asyncio.Task[None] | None = None
        self._turn = 0

    async def choose(self, tried: Collection[Replica] = ()) -> Replica:
        """One that was not `tried`, if there is one. Raises OSError when the name is unknown."""
        if not self._known:
            # also whoever comes while another waits for the first answer
            await asyncio.shield(self._ask())
        elif monotonic() - self._asked_at >= FRESH:
            self._ask()
        moment = monotonic()
        self._turn += 1
        first = self._turn % len(self._known)
        in_turn = self._known[first:] + self._known[:first]
        # of those that rest, too, the one that is next to be tried again
        return min(in_turn, key=lambda one: (one in tried, max(one.rests_until - moment, 0.0), one.calls))

    def others(self, tried: Collection[Replica]) -> bool:
        """Whether there is one that was not tried, and that may well answer."""
        moment = monotonic()
        return any(one not in tried and one.rests_until <= moment for one in self._known)

    async def renew(self) -> None:
        """Ask for the addresses now, for those that are known do not answer. A name service that is slow is not waited
        for."""
        await asyncio.wait([self._ask()], timeout=RENEWING)

    def _ask(self) -> asyncio.Task[None]:
        # one question at a time, whoever wants to know; its task outlives a caller that gives up
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._find())
            self._asking.add_done_callback(_seen)
        return self._asking

    async def _find(self) -> None:
        self._asked_at = monotonic()
        try:
            found = [one for url in self._urls for one in await self._of(url)]
        except OSError:
            # what was known stays: the name service may be what is away
            if not self._known:
                raise
            return
        before = {one.base: one for one in self._known}
        self._known = [before.get(one.base, one) for one in found]

    async def _of(self, url: URL) -> list[Replica]:
        host, port = url.host or "", url.port or 80
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if host.replace(".", "").isdigit() or ":" in host:
            return [Replica(str(url).rstrip("/"), name)]
        addresses = await self._resolve(host, port)
        if not addresses:
            raise OSError(f"{host} has no address")
        return [Replica(str(url.with_host(one)).rstrip("/"), name) for one in dict.fromkeys(addresses)]


def connector() -> aiohttp.TCPConnector:
    """For connections to replicas. They are counted per replica: one that hangs must not use up those to the others."""
    return aiohttp.TCPConnector(limit=0, limit_per_host=100, socket_factory=_socket)


def _socket(address: aiohttp.connector.AddrInfoType) -> socket.socket:
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # else a replica whose machine is gone would be waited for until the caller's time is over: what was sent to it
        # has to be acknowledged, and while it prepares an answer it is asked each second whether it is there
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD * 1000)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    return made


async def _resolved(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError(f"{host} is no name of a host") from None
    return [str(address[0]) for *_, address in found]


def _seen(task: asyncio.Task[None]) -> None:
    # who waited has the exception; where nobody did, it is of no interest
    if not task.cancelled():
        task.exception()
