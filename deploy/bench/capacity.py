"""`make capacity`: how much of each process a request takes, for the sizing in docs/operations.md.

Milliseconds of CPU for each request, by process, so that cores can be counted: a core has a thousand of them a second.
What MongoDB itself takes cannot be seen from here (with --store it is not among the processes that are watched).
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.bench import operations as o
from deploy.bench.load import ask_all, cpu, measure, memory
from deploy.bench.servers import Servers, servers
from deploy.embedded.children import Child

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
