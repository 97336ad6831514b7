"""Replicas behind one name share the calls; one that is gone, silent or new costs nobody a failure."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from gateway import replicas
from gateway.breaker import State
from gateway.replicas import Replicas, connector
from gateway.transport import Caller, Transport
from shared import serving
from shared.contracts.organisations import Organization
from shared.contracts.reading import Page
from tests.system import free_port

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
EMPTY = b'{"items": [], "cursors": []}'


@dataclass
class Town:
    """One service with replicas on loopback addresses, behind a name that stands for `addresses`."""

    transport: Transport
    port: int
    addresses: list[str]
    calls: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)
    connections: set[object] = field(default_factory=set)
    fails: set[str] = field(default_factory=set)
    """Replicas that cut off each call."""
    runners: dict[str, serving.Runner] = field(default_factory=dict)

    async def start(self, address: str) -> None:
        async def answer(request: web.Request) -> web.Response:
            self.calls[address] += 1
            self.hosts.add(request.headers["Host"])
            self.connections.add(request.transport)
            if address in self.fails:
                assert request.transport is not None
                request.transport.abort()
            return web.Response(body=EMPTY, content_type="application/json")

        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        runner = self.runners[address] = serving.Runner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, address, self.port).start()

    async def stop(self, address: str) -> None:
        await self.runners.pop(address).cleanup()

    async def resolve(self, host: str, port: int) -> list[str]:
        assert (host, port) == ("registry", self.port)
        if not self.addresses:
            raise OSError("no such name")
        return list(self.addresses)

    async def ask(self) -> None:
        await self.transport.read("registry", "organizations/find", b"{}", Page[Organization], Caller())

    async def storm(self, calls: int, at_once: int = 8) -> None:
        async def some() -> None:
            for _ in range(calls // at_once):
                await self.ask()

        await asyncio.gather(*(some() for _ in range(at_once)))


@contextlib.asynccontextmanager
async def town(started: Sequence[str] = ADDRESSES, known: Sequence[str] | None = None) -> AsyncIterator[Town]:
    port = free_port()
    async with aiohttp.ClientSession(connector=connector()) as session:
        transport = Transport({"registry": f"http://registry:{port}"}, session)
        made = Town(transport, port, list(started if known is None else known))
        transport.replicas["registry"] = Replicas(f"http://registry:{port}", made.resolve)
        for address in started:
            await made.start(address)
        yield made
        for runner in made.runners.values():
            await runner.cleanup()


@pytest.mark.parametrize("at_once", [1, 4, 20])
async def test_replicas_share_the_calls_however_few_come_at_once(at_once: int) -> None:
    async with town() as one:
        await one.storm(300, at_once)
        total = one.calls.total()
        assert all(0.2 * total < calls < 0.45 * total for calls in one.calls.values()), one.calls
        assert len(one.calls) == 3
        assert one.hosts == {f"registry:{one.port}"}


async def test_a_replica_that_is_added_gets_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "FRESH", 0.05)
    async with town(ADDRESSES[:2]) as one:
        await one.storm(60)
        await one.start(ADDRESSES[2])
        one.addresses.append(ADDRESSES[2])
        async with asyncio.timeout(5):
            while not one.calls[ADDRESSES[2]]:
                await one.ask()
        before = one.calls.copy()
        await one.storm(300)
        got = one.calls - before
        assert 0.2 * got.total() < got[ADDRESSES[2]] < 0.45 * got.total()


@pytest.mark.parametrize("how", ["refuses", "cuts off"])
async def test_one_replica_that_is_dead_fails_nothing_and_makes_nobody_rest(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "LONGEST_REST", 1.0)
    async with town() as one:
        await one.storm(60)
        if how == "refuses":
            await one.stop(ADDRESSES[0])
        else:
            one.fails.add(ADDRESSES[0])
        before = one.calls.copy()
        await one.storm(400, 20)
        assert one.transport.breakers["registry"].state is State.CLOSED
        # it is tried now and then, by one call at a time; else left alone
        assert (one.calls - before)[ADDRESSES[0]] <= 25
        if how == "cuts off":
            one.fails.clear()
        else:
            await one.start(ADDRESSES[0])
        before = one.calls.copy()
        async with asyncio.timeout(replicas.LONGEST_REST + 5):
            while (one.calls - before)[ADDRESSES[0]] < 20:
                await one.storm(60)
                await asyncio.sleep(0.05)


@contextlib.contextmanager
def swallowing(address: str, port: int) -> Iterator[None]:
    """Takes no connection and refuses none, as the address of a machine that is gone: its queue is full."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect((address, port))
        yield


async def test_an_address_that_swallows_what_is_sent_to_it_fails_nothing() -> None:
    async with town(ADDRESSES[:2], known=ADDRESSES) as one:
        with swallowing(ADDRESSES[2], one.port):
            async with asyncio.timeout(8):
                await one.storm(400, 20)
        assert one.calls.total() == 400
        assert one.transport.breakers["registry"].state is State.CLOSED


async def test_who_knows_old_addresses_only_asks_for_new_ones() -> None:
    async with town(ADDRESSES[:1]) as one:
        await one.ask()
        await one.stop(ADDRESSES[0])
        one.addresses = [ADDRESSES[1]]
        await one.start(ADDRESSES[1])
        await one.ask()
        assert one.calls == {ADDRESSES[0]: 1, ADDRESSES[1]: 1}


async def test_a_name_service_that_is_away_takes_away_no_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "FRESH", 0.0)
    async with town() as one:
        await one.ask()
        one.addresses = []
        await one.storm(60)
        assert one.calls.total() == 1 + 56


async def test_who_comes_while_a_name_is_asked_for_the_first_time_waits_for_the_answer() -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def resolve(host: str, port: int) -> list[str]:
        asked.set()
        await answer.wait()
        return [ADDRESSES[0]]

    found = Replicas("http://registry:8080", resolve)
    first = asyncio.create_task(found.choose())
    await asked.wait()
    second = asyncio.create_task(found.choose())
    await asyncio.sleep(0)
    answer.set()
    assert await first is await second


async def test_a_host_that_cannot_be_a_name_is_away_like_one_that_nobody_knows() -> None:
    with pytest.raises(OSError, match="no name"):
        await Replicas(f"http://{'x' * 64}:80").choose()


async def test_an_address_of_ipv6_is_told_in_brackets() -> None:
    assert (await Replicas("http://[::1]:8080").choose()).host == "[::1]:8080"


async def test_several_base_urls_are_several_replicas() -> None:
    async with town() as one:
        urls = ",".join(f"http://{address}:{one.port}" for address in ADDRESSES)
        one.transport.replicas["registry"] = Replicas(urls)
        await one.storm(60)
        assert set(one.calls) == set(ADDRESSES)


async def test_a_connection_ends_with_an_answer_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "AGE", (0.05, 0.1))
    async with town(ADDRESSES[:1]) as one:
        async with asyncio.timeout(10):
            while len(one.connections) < 4:
                await one.ask()
        assert one.calls.total() > len(one.connections)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system has no such option")
def test_a_machine_that_is_gone_is_noticed_within_seconds_also_while_it_prepares_an_answer() -> None:
    with replicas._socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 1))) as made:
        told = {name: made.getsockopt(socket.IPPROTO_TCP, name) for name in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL)}
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert max(told.values()) < replicas.UNHEARD
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == replicas.UNHEARD * 1000
