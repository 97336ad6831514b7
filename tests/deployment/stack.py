"""The whole system in containers, as `docker compose up` starts it: under a name of its own, and gone afterwards."""

import asyncio
import json
import os
import subprocess
from dataclasses import dataclass, field
from typing import Any

import docker
from docker.models.containers import Container

from tests.deployment.running import BASES, FIRST, PATIENCE, ROOT
from tests.system import free_port


@dataclass
class Stack:
    engine: docker.DockerClient
    name: str
    """Of the compose project, and what all its images begin with."""
    version: str = FIRST
    port: int = 0
    mongo: str = BASES["MONGO_IMAGE"]
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def graphql(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "COMPOSE_PROJECT_NAME": self.name,
            "IMAGES": self.name,
            "VERSION": self.version,
            "MONGO_IMAGE": self.mongo,
            "PUBLISH": f"127.0.0.1:{self.port}",
            # nothing of what a developer has set for a system of his own
            "COMPOSE_FILE": str(ROOT / "docker-compose.yml"),
            "COMPOSE_DISABLE_ENV_FILE": "1",
            "COMPOSE_PROFILES": "",
        }
        return os.environ | own

    def compose(self, *words: str) -> str:
        """What it says to standard output. Fails the test if it fails, with what it and the containers say."""
        ended = subprocess.run(
            ["docker", "compose", "--progress", "quiet", *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
            check=False,
        )
        assert ended.returncode == 0, f"docker compose {' '.join(words)}\n{ended.stderr[-4000:]}\n{self.state()}"
        return ended.stdout

    def state(self) -> str:
        """Of all containers, and the last that each said."""
        return "\n".join(
            f"-- {one.name} {one.attrs['State']['Status']} {health_of(one)}, restarts: {one.attrs['RestartCount']}\n"
            + one.logs(tail=20, timestamps=True).decode(errors="replace")
            for one in self.all_containers()
        )

    def image(self, service: str, version: str = FIRST) -> str:
        return f"{self.name}/{service}:{version}"

    def containers(self, service: str) -> list[Container]:
        """Those that run, are about to, or were ended, oldest first."""
        labels = [f"com.docker.compose.project={self.name}", f"com.docker.compose.service={service}"]
        found: list[Container] = self.engine.containers.list(all=True, filters={"label": labels})
        return sorted(found, key=lambda one: str(one.attrs["Created"]))

    def container(self, service: str) -> Container:
        (only,) = self.containers(service)
        return only

    def all_containers(self) -> list[Container]:
        """Of the project, those included that were to end and did."""
        label = f"com.docker.compose.project={self.name}"
        found: list[Container] = self.engine.containers.list(all=True, filters={"label": label})
        return found

    def token(self, *roles: str) -> str:
        known = self.tokens.get(" ".join(roles))
        if known is None:
            words = [word for role in roles for word in ("--role", role)]
            known = self.compose("run", "--rm", "-T", "token", *words).strip()
            self.tokens[" ".join(roles)] = known
        return known

    def kill(self, container: Container) -> None:
        """Its main process, by SIGKILL. `docker kill` would count as wanted: nothing would start it again."""
        container.reload()
        pid = container.attrs["State"]["Pid"]
        # wherever the engine runs; and never a process of anybody else's
        program = f"import os; assert '{container.id}' in open('/proc/{pid}/cgroup').read(); os.kill({pid}, 9)"
        self.engine.containers.run(
            self.image("tools"), ["python", "-c", program], remove=True, user="0", pid_mode="host", network_mode="none"
        )

    async def until_healthy_again(self, container: Container) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await asyncio.to_thread(container.reload)
                if container.attrs["RestartCount"] and health_of(container) == "healthy":
                    return
                await asyncio.sleep(0.3)

    def remove(self) -> None:
        """All of it, whatever state it is in."""
        self.compose("--profile", "tools", "down", "--volumes", "--remove-orphans", "--timeout", "1")
        for image in self.engine.images.list():
            for tag in image.tags:
                if tag.startswith(f"{self.name}/"):
                    self.engine.images.remove(tag, force=True)


def health_of(container: Container) -> str:
    told: str = container.attrs["State"].get("Health", {}).get("Status", "none")
    return told


def said(container: Container, program: str, *words: str) -> Any:
    """What a program in Python, run inside of a container, prints as JSON."""
    code, told = done(container, "python", "-c", program, *words)
    assert code == 0, told
    return json.loads(told)


def done(container: Container, *command: str, user: str = "") -> tuple[int, str]:
    """The exit code of a command inside of a container, and what it said."""
    code, output = container.exec_run(list(command), user=user)
    assert isinstance(output, bytes)
    return code or 0, output.decode()


async def roll(stack: Stack, *services: str) -> tuple[int, str]:
    """Its exit code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        str(ROOT / "deploy" / "roll.sh"),
        *services,
        env=stack.environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode is not None
    return process.returncode, out.decode()
