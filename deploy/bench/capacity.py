"""`make capacity`: how much of each process a request takes, for the sizing in docs/operations.md.

Milliseconds of CPU for each request, by process, so that cores can be counted: a core has a thousand of them a second.
What MongoDB itself takes cannot be seen from here (with --store it is not among the processes that are watched).
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

from deploy.bench import operations as o
from deploy.bench.load import ask_all, cpu, measure, memory
from deploy.bench.servers import Servers, servers
from deploy.embedded.children import Child
from deploy.seed.generate import generate
from deploy.seed.load import load
from deploy.seed.records import line_of
from shared.clock import today

CHANGES = 3_000
type Row = dict[str, float]


async def run(seconds: float, port: int, store: str | None) -> dict[str, Row]:
    """By workload: CPU ms for each request by process, and `requests/s` as one client program got them."""
    with tempfile.TemporaryDirectory(prefix="jasne-capacity-") as folder:
        async with servers(Path(folder), port, store) as at:
            await ask_all(at.url(at.gateway), o.other_nested(at.ids), len(at.ids) // 2)
            found = {
                "page of 20 organisations, answer kept": await _one(at, at.gateway, o.same_nested(at.ids), seconds),
                "the same, other each time, records kept": await _one(at, at.gateway, o.other_nested(at.ids), seconds),
                "the same, nothing kept": await _one(at, at.uncached, o.other_nested(at.ids), seconds),
                "one organisation, nothing kept": await _one(at, at.uncached, o.other_small(at.ids), seconds),
                "mutation, with its change": await _one(at, at.gateway, o.submissions(), seconds, at.token),
            }
            found["changes that waited, carried to NATS"] = await _relayed(at)
            found["memory, MiB"] = {name: memory(pid) for name, pid in _watched(at, at.gateway).items()}
            return found


async def _one(
    at: Servers, gateway: Child, bodies: Iterator[dict[str, Any]], seconds: float, token: str | None = None
) -> Row:
    before: Row = {}

    def pids() -> list[int]:
        # asked when the measured part begins, and again at its end
        watched = _watched(at, gateway)
        if not before:
            before.update({name: cpu(pid) for name, pid in watched.items()})
        return list(watched.values())

    figures = await measure(at.url(gateway), bodies, pids, seconds, token)
    spent = {name: cpu(pid) - before[name] for name, pid in _watched(at, gateway).items()}
    return {name: one * 1000 / figures.requests for name, one in spent.items()} | {"requests/s": figures.rate}


async def _relayed(at: Servers) -> Row:
    """How fast one replica of the registry empties its outbox, alone: per change, and how many a second."""
    registry = _watched(at, at.gateway)["registry"]
    url = at.services["registry"]
    await at.nats.stop()
    lines = [line_of(collection, entity) for collection, entity in generate(total=CHANGES, seed=2, on=today())]
    own = [line for line in lines if b'"collection":"organizations"' in line]
    await load({"registry": url}, at.token, own, lambda _: None)
    await at.nats.start()
    began, before = time.perf_counter(), cpu(registry)
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{url}/ready") as answer:
                state = await answer.json()
            if state["bus"] == "ok" and not state["outbox"]:
                break
            await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    return {"registry": (cpu(registry) - before) * 1000 / len(own), "requests/s": len(own) / took}


def _watched(at: Servers, gateway: Child) -> dict[str, int]:
    found = {"gateway": gateway.pid, **{name: pid() for name, pid in at.behind.items()}}
    return {name: pid for name, pid in found.items() if pid is not None}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make capacity", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="of load for each measurement")
    parser.add_argument("--port", type=int, default=8900, help="the first of nine ports on loopback")
    parser.add_argument("--store", help="STORE_URL of each service with its name at {service}; SQLite without it")
    given = parser.parse_args()
    found = asyncio.run(run(given.seconds, given.port, given.store))
    names = list(next(iter(found.values())))
    lines = [f"{'CPU ms a request':42}" + "".join(f"{name:>15}" for name in names)]
    for workload, row in found.items():
        lines.append(f"{workload:42}" + "".join(f"{row[name]:15.3f}" if name in row else "" for name in names))
    sys.stdout.write("\n".join([*lines, ""]))


main()
