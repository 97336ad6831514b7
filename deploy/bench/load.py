"""Load on one server from this process, and what it cost the server: its processes' CPU time, by the kernel's count."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

CLIENTS = 8
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """Of one workload on one server; times in milliseconds, memory in MiB at the end."""

    requests: int
    cpu: float
    """CPU of the server for each request."""
    p50: float
    p99: float
    rate: float
    memory: float
    bytes: int
    """Of one answer."""


async def measure(
    url: str,
    bodies: Iterator[dict[str, Any]],
    pids: Callable[[], Sequence[int]],
    seconds: float,
    token: str | None = None,
) -> Figures:
    """Eight clients, each asking again as soon as it is answered. Raises RuntimeError for an answer with an error."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    async with aiohttp.ClientSession(headers=headers) as session:

        async def ask() -> bytes:
            body = msgspec.json.encode(next(bodies))
            async with session.post(url, data=body) as answer:
                content = await answer.read()
                if answer.status != 200 or b'"errors":[{' in content:
                    raise RuntimeError(f"{url}: {answer.status} {content[:500]!r}")
                return content

        async def client(until: float) -> list[float]:
            took = []
            while (began := time.perf_counter()) < until:
                await ask()
                took.append((time.perf_counter() - began) * 1000)
            return took

        size = len(await ask())
        warm = time.perf_counter() + seconds / 4
        await asyncio.gather(*(client(warm) for _ in range(CLIENTS)))
        began, before = time.perf_counter(), sum(map(cpu, pids()))
        rounds = await asyncio.gather(*(client(began + seconds) for _ in range(CLIENTS)))
        spent, took = sum(map(cpu, pids())) - before, time.perf_counter() - began
    times = sorted(one for each in rounds for one in each)
    return Figures(
        requests=len(times),
        cpu=spent * 1000 / len(times),
        p50=times[len(times) // 2],
        p99=times[int(len(times) * 0.99)],
        rate=len(times) / took,
        memory=max(map(memory, pids())),
        bytes=size,
    )


async def ask_all(url: str, bodies: Iterator[dict[str, Any]], count: int) -> None:
    """Once each, so that what they ask for is warm."""
    async with aiohttp.ClientSession() as session:
        for body in islice(bodies, count):
            async with session.post(url, json=body) as answer:
                await answer.read()


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used so far (proc(5), utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int) -> float:
    """Resident MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
