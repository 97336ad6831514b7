"""One engine, one set of images and one running system for all tests of the folder; what they made goes with them."""

import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator

import docker
import pytest
from docker.errors import DockerException

from tests.deployment.running import BASES, ROOT
from tests.deployment.stack import Stack
from tests.deployment.substitute import mended

COMPOSE_SINCE = (2, 24)
"""An optional env_file needs it."""


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Skips where containers cannot be run at all. Whatever goes wrong after that is a failure."""
    if shutil.which("docker") is None:
        pytest.skip("there is no docker on the PATH")
    told = subprocess.run(["docker", "compose", "version", "--short"], capture_output=True, text=True, check=False)
    version = tuple(int(part) for part in re.findall(r"\d+", told.stdout)[:2])
    if told.returncode != 0 or version < COMPOSE_SINCE:
        pytest.skip(f"docker compose {COMPOSE_SINCE} or later is needed: {(told.stdout or told.stderr).strip()!r}")
    if (ROOT / "settings.env").exists():
        pytest.skip("the system is tested as delivered, and settings.env would change it")
    try:
        docker.from_env(timeout=5).ping()
    except DockerException as error:
        pytest.skip(f"no Docker engine answers: {error}")
    client = docker.from_env(timeout=600)
    try:
        for name in BASES.values():
            _have(client, name)
        yield client
    finally:
        client.close()


def _have(client: docker.DockerClient, name: str) -> None:
    try:
        if not client.images.list(name):
            client.images.pull(name)
    except DockerException as error:
        pytest.skip(f"the image {name} cannot be had: {error}")


@pytest.fixture(scope="session")
def images(engine: docker.DockerClient) -> Iterator[Stack]:
    """All images are built; nothing runs."""
    stack = Stack(engine, f"je2e-{secrets.token_hex(3)}")
    try:
        stack.mongo = mended(engine, BASES["MONGO_IMAGE"], stack.image("mongo"))
        stack.compose("--profile", "tools", "build", "--quiet")
        yield stack
    finally:
        stack.remove()


@pytest.fixture(scope="session")
def stack(images: Stack) -> Stack:
    """Up and healthy from nothing, with the records of the five documents."""
    images.compose("up", "--detach", "--build", "--wait")
    restarts = {one.name: one.attrs["RestartCount"] for one in images.all_containers()}
    assert not any(restarts.values()), f"it came up, but not at once: {restarts}"
    said = images.compose("run", "--rm", "-T", "seed")
    assert "errors 0" in said, said
    return images
