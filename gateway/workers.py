"""Several gateway processes on one machine and one port: started, kept alive, stopped together.

The kernel shares the connections out among those that listen (SO_REUSEPORT). Which worker a client meets makes no
difference: they share the budgets and tell each other of writes (gateway/siblings.py), and the bus tells all the rest.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp

from gateway.bounds import KEY
from gateway.settings import SHARED, WORKER
from gateway.siblings import answers, session_to
from shared.stopping import until_stopped

STOP_PATIENCE = 12.0
"""Seconds that a worker may take to end, beside those that it drains."""
DEATHS = 5
WINDOW = 60.0
"""A worker may die so many times in so many seconds; more often, and all end: something is wrong with all of them."""
LOOK = 1.0
"""Seconds between two looks whether a worker answers."""
log = logging.getLogger("gateway")


class WorkersFailed(Exception):
    """Workers die again and again."""


async def run(count: int, host: str, ports: Sequence[int], hang: float, drain: float = 0.0) -> None:
    """Until told to stop. Raises OSError when a port cannot be had, WorkersFailed."""
    with tempfile.TemporaryDirectory(prefix="jasne-gateway-") as folder, contextlib.ExitStack() as reserved:
        for port in ports:
            reserved.enter_context(_reserved(host, port))
        (Path(folder) / KEY).write_bytes(secrets.token_bytes(16))
        stopping = asyncio.create_task(until_stopped())
        keeping = [asyncio.create_task(_keep(number, folder, hang, drain)) for number in range(count)]
        try:
            done, _ = await asyncio.wait((stopping, *keeping), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (stopping, *keeping):
                task.cancel()
            # each stops its worker, and waits for it
            await asyncio.gather(stopping, *keeping, return_exceptions=True)


@contextlib.contextmanager
def _reserved(host: str, port: int) -> Iterator[None]:
    """The port is ours, whichever workers are alive: bound here, and listened to by none but them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((host, port))
        yield


async def _keep(number: int, folder: str, hang: float, drain: float) -> None:
    deaths: deque[float] = deque(maxlen=DEATHS)
    environment = os.environ | {WORKER: str(number), SHARED: folder}
    while True:
        # a worker whose parent dies sees the end of its standard input, and stops
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway",
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            # a Ctrl-C at the terminal is for us, who pass it on once: a second signal would end it at once
            start_new_session=True,
        )
        watching = asyncio.create_task(_end_when_it_hangs(worker, number, folder, hang))
        try:
            code = await worker.wait()
        except asyncio.CancelledError:
            await _stop(worker, STOP_PATIENCE + drain)
            raise
        finally:
            watching.cancel()
        moment = time.monotonic()
        if len(deaths) == DEATHS and moment - deaths[0] < WINDOW:
            raise WorkersFailed(f"worker {number} ended {DEATHS + 1} times within a minute, last with {code}")
        deaths.append(moment)
        log.error("worker %s ended with %s; starting it again", number, code)


async def _end_when_it_hangs(worker: asyncio.subprocess.Process, number: int, folder: str, hang: float) -> None:
    """One that says nothing for so many seconds, though it is there. The kernel would go on giving it clients.

    It is asked twice, in case it was this process that stood still.
    """
    waits = aiohttp.ClientTimeout(total=hang / 2)
    async with session_to(Path(folder), number, waits) as session:
        hangs = False
        while not hangs:
            await asyncio.sleep(LOOK)
            hangs = not await answers(session) and not await answers(session)
    log.error("worker %s has not answered for %s s; ending it", number, hang)
    with contextlib.suppress(ProcessLookupError):
        worker.kill()


async def _stop(worker: asyncio.subprocess.Process, patience: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.terminate()
    try:
        async with asyncio.timeout(patience):
            await worker.wait()
    except TimeoutError:
        worker.kill()
        await worker.wait()


async def until_parent_ends() -> None:
    """For a worker: returns when its parent is gone, so that it does not live on without anybody to stop it."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
