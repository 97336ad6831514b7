"""The embedded run as a person starts it: a process of its own, on free ports, with its data in a fresh folder."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from deploy.embedded.keys import Keys
from deploy.embedded.layout import Layout
from shared.contracts.people import Role


def free_ports() -> int:
    """The first of five free ports in a row."""
    while True:
        with contextlib.ExitStack() as probes:
            first = probes.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for next_port in range(port + 1, port + 5):
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", next_port))
            except OSError:
                continue
            return port


class EmbeddedRun:
    def __init__(self, port: int, data: Path) -> None:
        self.layout = Layout(port, data)
        self.said: list[str] = []
        self.process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._heard = asyncio.Condition()

    async def begin(self) -> None:
        environment = os.environ | {"PORT": str(self.layout.port), "DATA_DIR": str(self.layout.data)}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "deploy.embedded",
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self.process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            async with self._heard:
                self.said.append(line.decode().rstrip())
                self._heard.notify_all()

    async def until_said(self, text: str, seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds), self._heard:
            await self._heard.wait_for(lambda: any(text in line for line in self.said))

    async def end(self, sign: signal.Signals = signal.SIGINT) -> int:
        """As Ctrl-C does; the exit code."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(sign)
        return await self.over()

    async def over(self) -> int:
        assert self.process is not None
        assert self._reading is not None
        async with asyncio.timeout(30):
            code = await self.process.wait()
            await self._reading
        return code

    def pid_of(self, name: str) -> int:
        """Of a child process of this very run, by its module or program."""
        assert self.process is not None
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if parent == self.process.pid and any(part.endswith(name.encode()) for part in command[:3]):
                    return int(entry.name)
        raise LookupError(name)

    def token(self, *roles: Role, **more: Any) -> str:
        return Keys(self.layout.keys).token([role.value for role in roles], **more)

    async def ask(
        self, session: aiohttp.ClientSession, query: str, variables: Any = None, token: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{self.layout.port}/graphql"
        async with session.post(url, json={"query": query, "variables": variables}, headers=headers) as answer:
            body: dict[str, Any] = await answer.json()
            return body


@contextlib.asynccontextmanager
async def embedded_run(data: Path, port: int | None = None) -> AsyncIterator[EmbeddedRun]:
    """Up and seeded; ended with the block if it is not over by then."""
    run = EmbeddedRun(port or free_ports(), data)
    await run.begin()
    try:
        await run.until_said("Jasne answers at")
        yield run
    finally:
        assert run.process is not None
        if run.process.returncode is None:
            await run.end()
