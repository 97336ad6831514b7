"""Real NATS servers, run from the configuration that is deployed: as it stands, but for folders and ports."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from deploy.embedded.nats import die_with_parent

REPOSITORY = Path(__file__).parents[3]
USERS = REPOSITORY / "deploy/nats/users.conf"
CLUSTER = REPOSITORY / "deploy/kubernetes/base/nats"
NAMES = ("registry", "consultations", "events", "gateway", "operator")
PASSWORDS = {name: f"p{number}e4-{name}" for number, name in enumerate(NAMES)}
"""With what a number may hold, too: the server must take them as texts."""
PATIENCE = 20.0


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as probes:
        taken = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in taken:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in taken]


@dataclass
class Server:
    """`arguments` override the ports of the configuration."""

    folder: Path
    config: Path
    port: int
    monitor: int
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None

    def url(self, user: str) -> str:
        return f"nats://{user}:{PASSWORDS[user]}@127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns at once; `healthy` waits."""
        binary = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
        assert binary is not None
        passwords = {f"{name.upper()}_PASSWORD": password for name, password in PASSWORDS.items()}
        self._process = await asyncio.create_subprocess_exec(
            binary,
            *("--config", str(self.config), "--addr", "127.0.0.1", "--port", str(self.port)),
            *("--http_port", str(self.monitor), "--pid", str(self.folder / "nats.pid")),
            *("--log", str(self.folder / "nats.log"), *self.arguments),
            env=os.environ | passwords | self.environment,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )

    async def healthy(self, query: str = "") -> None:
        """As the probes of the StatefulSet ask."""
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while not await self._says_ok(session, query):
                if self._process is not None and self._process.returncode is not None:
                    raise RuntimeError((self.folder / "nats.log").read_text()[-2000:])
                await asyncio.sleep(0.05)

    async def _says_ok(self, session: aiohttp.ClientSession, query: str) -> bool:
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(f"http://127.0.0.1:{self.monitor}/healthz{query}") as answer:
                return answer.status == 200
        return False

    async def end(self, how: int = signal.SIGKILL) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            await self._process.wait()
            self._process = None


def single(folder: Path) -> Server:
    """One server with the users of every deployment."""
    folder.mkdir(parents=True)
    shutil.copy(USERS, folder)
    config = folder / "nats.conf"
    config.write_text(f'jetstream {{ store_dir: "{folder}/data" }}\ninclude "./users.conf"\n')
    port, monitor = free_ports(2)
    return Server(folder, config, port, monitor)


def three(folder: Path) -> list[Server]:
    """The cluster of deploy/kubernetes/base/nats, on ports of this machine."""
    ports = free_ports(9)
    routes = {f"ROUTE_{place}": f"nats://route:p1e4-route@127.0.0.1:{port}" for place, port in enumerate(ports[6:])}
    return [_member(folder / f"nats-{place}", place, ports, routes) for place in range(3)]


def _member(folder: Path, place: int, ports: list[int], routes: dict[str, str]) -> Server:
    folder.mkdir(parents=True)
    shutil.copy(USERS, folder)
    shutil.copy(CLUSTER / "cluster.conf", folder)
    written = (CLUSTER / "nats.conf").read_text()
    assert "store_dir: /data" in written
    config = folder / "nats.conf"
    config.write_text(written.replace("store_dir: /data", f'store_dir: "{folder}/data"'))
    listen = ["--cluster_listen", f"nats://127.0.0.1:{ports[6 + place]}"]
    environment = routes | {"ROUTE_PASSWORD": "p1e4-route", "POD_NAME": folder.name}
    return Server(folder, config, ports[place], ports[3 + place], listen, environment)
