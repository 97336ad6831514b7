"""Each image holds its own room, `shared` and what its lock file says; no more, and it is small."""

import json
import re
from pathlib import PurePosixPath
from typing import Any

import pytest
from docker.errors import ContainerError

from tests.deployment.running import BASES, PROCESSES, ROOT, SERVICES
from tests.deployment.stack import Stack

SIZE_MAX = 90_000_000
"""Bytes that an image may add to the one it is made from."""

LOOK = """
import importlib.metadata, json, os
def files(top):
    return [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]
found = list(importlib.metadata.distributions(path=["/jasne/lib/python3.13/site-packages"]))
print(json.dumps({
    "app": [os.path.relpath(path, "/app") for path in files("/app")],
    "installed": {one.metadata["Name"]: one.version for one in found},
    "elsewhere": [path for top in ("/etc", "/root", "/home", "/tmp", "/jasne", "/run") for path in files(top)],
}))
"""
WRITE = """
import json, os, tempfile
def refused(folder):
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return True
    return False
folders = [folder for folder, _, _ in os.walk("/") if not folder.startswith(("/proc", "/sys"))]
print(json.dumps([folder for folder in folders if not refused(folder)]))
"""


@pytest.fixture(scope="module", params=(*PROCESSES, "tools"))
def image(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def contents(images: Stack, image: str) -> dict[str, Any]:
    """Of the image, as root sees it."""
    found: dict[str, Any] = _printed(images, image, LOOK, user="0")
    return found


def _printed(images: Stack, image: str, program: str, **how: Any) -> Any:
    try:
        told = images.engine.containers.run(
            images.image(image), ["python", "-c", program], remove=True, network_mode="none", **how
        )
    except ContainerError as error:
        pytest.fail(str(error.stderr))
    return json.loads(told)


def test_an_image_holds_its_own_room_and_shared(image: str, contents: dict[str, Any]) -> None:
    code = [PurePosixPath(path).parts for path in contents["app"]]
    rooms = {parts[:2] if parts[0] == "services" else parts[:1] for parts in code}
    if image in SERVICES:
        assert rooms == {("shared",), ("services", "__init__.py"), ("services", image)}
    elif image == "gateway":
        assert rooms == {("shared",), ("gateway",)}
    else:
        assert {parts[0] for parts in rooms} == {"shared", "services", "deploy"}


def test_an_image_holds_no_tests_no_installer_and_no_word_of_how_to_reach_a_package_index(
    images: Stack, contents: dict[str, Any]
) -> None:
    assert [path for path in contents["app"] if "test" in path.split("/")[0] or path.startswith("requirements")] == []
    of_the_base = images.engine.containers.run(
        BASES["PYTHON_IMAGE"], ["sh", "-c", "ls /etc/pip.conf || :"], remove=True
    )
    configured = {path for path in contents["elsewhere"] if path.endswith(("pip.conf", "/.netrc", "/.pypirc"))}
    assert configured <= set(of_the_base.decode().split())
    assert [path for path in contents["elsewhere"] if path.startswith("/jasne/bin/pip")] == []


def test_what_is_installed_is_what_the_lock_file_says(image: str, contents: dict[str, Any]) -> None:
    lock = ROOT / "requirements" / ("gateway.txt" if image == "gateway" else "service.txt")
    locked = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", lock.read_text(), re.M | re.I))
    installed = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in contents["installed"].items()}
    assert installed == {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in locked.items()}
    assert len(installed) > 10


def test_an_image_runs_as_a_user_that_can_change_nothing_in_it(images: Stack, image: str) -> None:
    assert images.engine.images.get(images.image(image)).attrs["Config"]["User"] == "10001:10001"
    # even where the file system is not made read-only: nothing but what is for everybody
    assert set(_printed(images, image, WRITE)) <= {"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/dev"}  # noqa: S108


def test_an_image_adds_little_to_the_one_it_is_made_from(images: Stack, image: str) -> None:
    base = images.engine.images.get(BASES["PYTHON_IMAGE"]).attrs["Size"]
    assert images.engine.images.get(images.image(image)).attrs["Size"] - base < SIZE_MAX


def test_the_door_is_small_and_runs_as_nobody_in_particular(images: Stack) -> None:
    base = images.engine.images.get(BASES["PYTHON_IMAGE"]).attrs["Size"]
    door = images.engine.images.get(images.image("door")).attrs
    assert door["Size"] - base < SIZE_MAX
    assert door["Config"]["User"] == "10003:10003"
