"""`make bench`: prints what each operation costs, as ratios to plain strawberry and to a bare handler; writes JSON."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from deploy.bench import operations as o
from deploy.bench.fanout import Fanout, fan_out
from deploy.bench.load import Figures, ask_all, measure
from deploy.bench.servers import Servers, servers
from deploy.embedded.children import Child

type Bodies = Callable[[list[str]], Iterator[dict[str, Any]]]


async def run(seconds: float, port: int) -> dict[str, dict[str, Figures | Fanout]]:
    """Figures by workload and server."""
    with tempfile.TemporaryDirectory(prefix="jasne-bench-") as folder:
        async with servers(Path(folder), port) as at:
            return await _all(at, seconds)


async def _all(at: Servers, seconds: float) -> dict[str, dict[str, Figures | Fanout]]:
    async def of(child: Child, bodies: Iterator[dict[str, Any]], token: str | None = None) -> Figures:
        return await measure(at.url(child), bodies, lambda: _family(child.pid), seconds, token)

    found: dict[str, dict[str, Figures | Fanout]] = {}
    for name, same, other in (("nested", o.same_nested, o.other_nested), ("small", o.same_small, o.other_small)):
        await _ready_bytes(at, same(at.ids))
        # every entity once, so that what varies below is the combination alone
        await ask_all(at.url(at.gateway), other(at.ids), len(at.ids) // 2 if name == "nested" else 1)
        found[f"{name}, same"] = {
            "jasne": await of(at.gateway, same(at.ids)),
            "bare": await of(at.bare, same(at.ids)),
            "plain": await of(at.plain, same(at.ids)),
        }
        found[f"{name}, other variables, warm"] = {
            "jasne": await of(at.gateway, other(at.ids)),
            "plain": await of(at.plain, other(at.ids)),
        }
        found[f"{name}, cold"] = {
            "jasne": await of(at.uncached, other(at.ids)),
            "plain": await of(at.plain, other(at.ids)),
        }
    found["mutation"] = {
        "jasne": await of(at.gateway, o.submissions(), at.token),
        "plain": await of(at.plain, o.submissions(), at.token),
    }
    found["subscription"] = {
        name: await fan_out(at.url(child), at.url(at.gateway), lambda: _family(child.pid), at.token)  # noqa: B023
        for name, child in (("jasne", at.gateway), ("plain", at.plain))
    }
    return found


async def _ready_bytes(at: Servers, bodies: Iterator[dict[str, Any]]) -> None:
    """The bare handler sends what our gateway answered."""
    async with aiohttp.ClientSession() as session:
        async with session.post(at.url(at.gateway), json=next(bodies)) as answer:
            content = await answer.read()
        async with session.put(at.url(at.bare), data=content):
            pass


def _family(pid: int | None) -> list[int]:
    """A process and its children: a gateway of several workers is several processes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid or 0, *(one for child in children for one in _family(int(child)))]


def _table(found: dict[str, dict[str, Figures | Fanout]]) -> Iterator[str]:
    yield f"{'':32}{'CPU ms':>9}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'MiB':>7}"
    for workload, by_server in found.items():
        ours = by_server["jasne"]
        yield workload
        for server, figures in by_server.items():
            ratio = "" if server == "jasne" else f"{figures.cpu / ours.cpu:7.2f}x"
            yield (
                f"  {server:30}{figures.cpu:9.3f}{ratio:>8}{figures.p50:9.2f}{figures.p99:9.2f}{figures.memory:7.0f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="of load for each measurement")
    parser.add_argument("--port", type=int, default=8900, help="the first of nine ports on loopback")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    given = parser.parse_args()
    found = asyncio.run(run(given.seconds, given.port))
    given.output.write_bytes(
        msgspec.json.format(
            msgspec.json.encode({name: {k: asdict(v) for k, v in by.items()} for name, by in found.items()})
        )
        + b"\n"
    )
    sys.stdout.write("\n".join([*_table(found), f"written to {given.output}", ""]))


main()
