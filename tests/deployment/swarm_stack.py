"""A Swarm of one node, and a stack on it as deploy/swarm/deploy.sh deploys it: under a name of its own, and gone
afterwards."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container
from docker.models.services import Service

from tests.deployment.running import BASES, FIRST, PATIENCE, PROCESSES, ROOT
from tests.deployment.substitute import mended
from tests.system import free_port

FOLDER = ROOT / "deploy" / "swarm"
BUILT = ("secrets", *PROCESSES, "gateway-door")
IMAGES = ("tools", *PROCESSES)
"""What a new version replaces; the door stays."""
OURS = "je2e-"
"""So the containers of the other tests of this folder begin, which are over by then."""
TOO_OLD_FOR_JOBS = 41
"""Docker's API, 1.x, in which a job of Swarm is new."""


@contextlib.contextmanager
def manager() -> Iterator[docker.DockerClient]:
    """The engine, as the only node of a Swarm. Skips where there can be none. A Swarm that is there is used, and
    stays."""
    if os.environ.get("SWARM_TESTS") != "on":
        pytest.skip("they make the engine a Swarm and leave it, which cuts off whoever else uses it: SWARM_TESTS=on")
    if shutil.which("docker") is None:
        pytest.skip("there is no docker on the PATH")
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no docker compose, which builds the images")
    if (settings := FOLDER / "settings.env").exists() and settings.read_text().strip():
        pytest.skip(f"the stack is tested as delivered, and {settings} would change it")
    try:
        docker.from_env(timeout=5).ping()
    except DockerException as error:
        pytest.skip(f"no Docker engine answers: {error}")
    engine = docker.from_env(timeout=300)
    if int(str(engine.version()["ApiVersion"]).partition(".")[2]) < TOO_OLD_FOR_JOBS:
        pytest.skip("this Docker engine is older than 20.10, and knows no jobs")
    for image in BASES.values():
        try:
            if not engine.images.list(image):
                engine.images.pull(image)
        except DockerException as error:
            pytest.skip(f"the image {image} cannot be had: {error}")
    swarm = engine.info()["Swarm"]
    joined = swarm["LocalNodeState"] == "inactive"
    if joined:
        # an engine that leaves a Swarm forgets the names of containers, everybody's
        if others := [one.name for one in engine.containers.list() if not str(one.name).startswith(OURS)]:
            pytest.skip(f"containers of others run on this engine, and leaving a Swarm cuts them off: {others[0]}")
        try:
            engine.swarm.init(advertise_addr="127.0.0.1", listen_addr="127.0.0.1:2377")
        except APIError as error:
            pytest.skip(f"this engine may not become a Swarm's manager: {error}")
    elif not swarm["ControlAvailable"]:
        pytest.skip("this engine is in a Swarm, and not its manager")
    elif swarm["Nodes"] != 1:
        pytest.skip("this Swarm has other nodes, which do not have the images that are built here")
    (node,) = engine.nodes.list()
    before = node.attrs["Spec"]
    try:
        yield engine
    finally:
        if joined:
            engine.swarm.leave(force=True)
        else:
            node.reload()
            # without the labels that deploy.sh gave it
            node.update(before)
        engine.close()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One at a time on this machine: two systems of containers at once would be a test of the machine."""
    with (Path(tempfile.gettempdir()) / "jasne-tests-deployment.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass
class Swarm:
    engine: docker.DockerClient
    name: str = field(default_factory=lambda: f"jsw{secrets.token_hex(3)}")
    """Of the stack, and what all its images begin with."""
    port: int = 0
    mongo: str = BASES["MONGO_IMAGE"]
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def graphql(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def environment(self, version: str) -> dict[str, str]:
        own = {
            "STACK": self.name,
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_FILE": str(ROOT / "docker-compose.yml"),
            "IMAGES": self.name,
            "VERSION": version,
            "MONGO_IMAGE": self.mongo,
            "PUBLISH": str(self.port),
            # the images are on this machine alone
            "RESOLVE": "never",
            "PATIENCE": str(int(PATIENCE)),
            "MONITOR": "5s",
            # all start on two cores, and one after the other is sooner
            "REGISTRY_REPLICAS": "1",
            "CONSULTATIONS_REPLICAS": "1",
            "EVENTS_REPLICAS": "1",
        }
        return os.environ | own

    def build(self) -> None:
        self.mongo = mended(self.engine, self.mongo, self.image("mongo"))
        words = ["docker", "compose", "build", "--quiet", *BUILT]
        ended = subprocess.run(
            words, env=self.environment(FIRST), cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr[-4000:]

    async def deploy(self, version: str, **settings: str) -> str:
        """What deploy.sh says. Fails the test if it fails."""
        process = await asyncio.create_subprocess_exec(
            str(FOLDER / "deploy.sh"),
            env=self.environment(version) | settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0, f"{out.decode()[-4000:]}\n{self.state()}"
        return out.decode()

    def image(self, service: str, version: str = FIRST) -> str:
        return f"{self.name}/{service}:{version}"

    def update(self, service: str, *words: str) -> None:
        """As an operator asks for it by hand; does not wait for what comes of it."""
        command = ["docker", "service", "update", "--detach", "--quiet", "--no-resolve-image", *words]
        subprocess.run([*command, f"{self.name}_{service}"], check=True, capture_output=True)

    def inspect(self, service: str) -> dict[str, Any]:
        attrs: dict[str, Any] = self._service(service).attrs
        return attrs

    def update_state(self, service: str) -> str:
        return str(self.inspect(service).get("UpdateStatus", {}).get("State", ""))

    def tasks(self, service: str) -> list[dict[str, Any]]:
        """All that Swarm remembers."""
        found: list[dict[str, Any]] = self._service(service).tasks()  # type: ignore[no-untyped-call]
        return found

    def running(self, service: str) -> dict[str, str]:
        """The images of the tasks that run, and are to, by id of their container."""
        return {
            task["Status"]["ContainerStatus"]["ContainerID"]: image_of(task)
            for task in self.tasks(service)
            if task["DesiredState"] == task["Status"]["State"] == "running"
        }

    def seed(self) -> str:
        """The records of the five documents. What it says."""
        return self.tool(["python", "-m", "deploy.setup.seed"], f"{self.name}_inner")

    def token(self, *roles: str) -> str:
        known = self.tokens.get(" ".join(roles))
        if known is None:
            words = [word for role in roles for word in ("--role", role)]
            known = self.tool(["python", "-m", "deploy.embedded.token", *words], "none").strip()
            self.tokens[" ".join(roles)] = known
        return known

    def tool(self, command: list[str], network: str) -> str:
        """As README.md says."""
        said: bytes = self.engine.containers.run(
            self.image("tools"),
            command,
            environment={"DATA_DIR": "/vault"},
            volumes={f"{self.name}_vault": {"bind": "/vault", "mode": "ro"}},
            user="0",
            network=network,
            remove=True,
        )
        return said.decode()

    def containers(self) -> list[Container]:
        label = f"com.docker.stack.namespace={self.name}"
        found: list[Container] = self.engine.containers.list(all=True, filters={"label": label})
        return found

    def state(self) -> str:
        """Of all containers, and the last that each said."""
        told = []
        for one in self.containers():
            with contextlib.suppress(NotFound):
                last = one.logs(tail=8, timestamps=True).decode(errors="replace")
                told.append(f"-- {one.name} {one.attrs['State']['Status']}\n{last}")
        return "\n".join(told)

    def remove(self) -> None:
        """All of it, whatever state it is in."""
        subprocess.run(["docker", "stack", "rm", self.name], check=False, capture_output=True)
        subprocess.run(["docker", "service", "rm", f"{self.name}_volume"], check=False, capture_output=True)
        end = time.monotonic() + PATIENCE
        while (left := self.containers()) and time.monotonic() < end:
            for container in left:
                # nobody waits for their last words
                with contextlib.suppress(APIError):
                    container.remove(force=True, v=True)
            time.sleep(0.2)
        for volume in self.engine.volumes.list():
            if volume.name.startswith(f"{self.name}_"):
                volume.remove(force=True)
        label = {"label": f"jasne.stack={self.name}"}
        for secret in self.engine.secrets.list(filters=label):
            secret.remove()
        for config in self.engine.configs.list(filters=label):
            config.remove()
        for image in self.engine.images.list():
            for tag in image.tags:
                if tag.startswith(f"{self.name}/"):
                    self.engine.images.remove(tag, force=True)

    def _service(self, service: str) -> Service:
        found: Service = self.engine.services.get(f"{self.name}_{service}")  # type: ignore[no-untyped-call]
        return found


def image_of(task: dict[str, Any]) -> str:
    image: str = task["Spec"]["ContainerSpec"]["Image"]
    return image
