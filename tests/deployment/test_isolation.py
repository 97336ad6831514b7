"""Who breaks into one container has what that one needs, and nothing of the others."""

import itertools
import json
from typing import Any

import pytest
from docker.models.containers import Container

from tests.deployment.running import PROCESSES, SERVICES
from tests.deployment.stack import Stack, done, said

SECRETS = """
import json, pathlib
kept = pathlib.Path("/run/secrets")
print(json.dumps({path.name: path.read_text() for path in kept.iterdir() if not path.name.startswith(".")}))
"""
NATS = """
import json, socket, sys
lines, told = json.loads(sys.argv[1]), b""
with socket.create_connection(("nats", 4222), 10) as server:
    server.settimeout(10)
    server.sendall("".join(line + "\\r\\n" for line in [*lines, "PING"]).encode())
    while b"-ERR" not in told and b"PONG" not in told:
        if not (part := server.recv(4096)):
            break
        told += part
print(json.dumps([line for line in told.decode().splitlines() if not line.startswith("INFO")]))
"""
MONGO = """
import json, sys
from pymongo import MongoClient
from pymongo.errors import OperationFailure
url, database = sys.argv[1:]
with MongoClient(url, directConnection=True, serverSelectionTimeoutMS=10_000) as client:
    told = {}
    for name, work in (("read", lambda kept: kept.find_one()), ("write", lambda kept: kept.insert_one({}))):
        try:
            work(client[database]["intruders"])
            told[name] = "done"
        except OperationFailure as error:
            told[name] = str(error)
print(json.dumps(told))
"""
KEEPS_USERS = """
import json, sys
from pymongo import MongoClient
from pymongo.errors import OperationFailure
with MongoClient(sys.argv[1], directConnection=True, serverSelectionTimeoutMS=10_000) as client:
    try:
        client.get_default_database().command("usersInfo", 1)
        print("true")
    except OperationFailure as error:
        # a MongoDB knows the command, and perhaps says that it is not for us
        print(json.dumps(error.code == 13))
"""
NOBODY = "mongodb://mongo:27017/"


def secrets_of(container: Container) -> dict[str, str]:
    told: dict[str, str] = said(container, SECRETS)
    return told


@pytest.fixture(scope="module")
def secrets(stack: Stack) -> dict[str, dict[str, str]]:
    """By process, and by the file each is in."""
    return {process: secrets_of(stack.container(process)) for process in PROCESSES}


def passwords(urls: dict[str, str]) -> set[str]:
    return {url.split("@")[0].rpartition(":")[2] for url in urls.values()}


def test_nothing_but_the_door_is_published(stack: Stack) -> None:
    published = {
        container.labels["com.docker.compose.service"]
        for container in stack.all_containers()
        if any(container.ports.values())
    }
    assert published == {"gateway-door"}


def test_what_keeps_data_has_no_way_out(stack: Stack) -> None:
    inner = stack.engine.networks.get(f"{stack.name}_inner")
    assert inner.attrs["Internal"]
    for service in ("mongo", "nats"):
        assert set(stack.container(service).attrs["NetworkSettings"]["Networks"]) == {inner.name}


def test_no_process_runs_as_root_or_can_write_to_its_root_file_system(stack: Stack) -> None:
    for service in (*PROCESSES, "gateway-door", "mongo", "nats"):
        container = stack.container(service)
        host = container.attrs["HostConfig"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"]
        assert "no-new-privileges:true" in host["SecurityOpt"]
        code, uid = done(container, "id", "-u")
        assert (code, uid.strip() != "0") == (0, True), (service, uid)
        code, told = done(container, "touch", "/written", user="0")
        assert (code, "Read-only file system" in told) == (1, True), (service, told)


def test_a_process_has_its_own_secrets_only(stack: Stack, secrets: dict[str, dict[str, str]]) -> None:
    assert {name: set(kept) for name, kept in secrets.items()} == {
        **{service: {"store_url", "nats_url"} for service in SERVICES},
        "gateway": {"nats_url"},
    }
    mounted = {
        process: {mount["Name"] for mount in stack.container(process).attrs["Mounts"] if "Name" in mount}
        for process in PROCESSES
    }
    for one, another in itertools.combinations(PROCESSES, 2):
        # the public keys of whoever makes tokens are for all
        assert mounted[one] & mounted[another] == {f"{stack.name}_jwks"}
        assert secrets[one]["nats_url"] != secrets[another]["nats_url"]


def test_no_secret_is_in_what_inspect_shows_or_in_a_log(stack: Stack, secrets: dict[str, dict[str, str]]) -> None:
    words = set[str]().union(*(passwords(kept) for kept in secrets.values()))
    assert len(words) > len(PROCESSES)
    for container in stack.all_containers():
        shown = json.dumps(container.attrs) + container.logs().decode()
        assert [word for word in words if word in shown] == [], container.name


def test_nats_answers_nobody_without_credentials(stack: Stack) -> None:
    inside = stack.container("registry")
    for who in ({}, {"user": "registry", "pass": "registry"}, {"user": "operator", "pass": ""}):
        assert said(inside, NATS, json.dumps([f"CONNECT {json.dumps(who)}"])) == ["-ERR 'Authorization Violation'"]


def test_a_service_cannot_publish_changes_of_another(stack: Stack, secrets: dict[str, dict[str, str]]) -> None:
    for own, others in (("registry", "events"), ("events", "consultations"), ("gateway", "registry")):
        user, password = secrets[own]["nats_url"].removeprefix("nats://").split("@")[0].split(":")
        connect = f"CONNECT {json.dumps({'user': user, 'pass': password, 'verbose': False})}"
        publish = f"PUB changes.{others}.thing.done 2\r\n{{}}"
        told = said(stack.container(own), NATS, json.dumps([connect, publish]))
        assert "Permissions Violation for Publish" in told[0], (own, told)
        # the very same user is let in for what is its own
        assert said(stack.container(own), NATS, json.dumps([connect])) == ["PONG"]


def test_the_database_answers_nobody_without_credentials(stack: Stack) -> None:
    inside = stack.container("registry")
    for service in SERVICES:
        told = said(inside, MONGO, NOBODY, service)
        assert "uthentication" in told["read"], told
        assert "uthentication" in told["write"], told


@pytest.mark.parametrize("service", SERVICES)
def test_the_user_of_a_service_reaches_its_own_database_only(
    stack: Stack, secrets: dict[str, dict[str, str]], service: str
) -> None:
    inside, url = stack.container(service), secrets[service]["store_url"]
    if not said(inside, KEEPS_USERS, url):
        pytest.skip("what stands under the name of MongoDB here keeps no users: every MongoDB does")
    for other in (*SERVICES, "admin", "local", "config"):
        told: dict[str, Any] = said(inside, MONGO, url, other)
        if other == service:
            assert told == {"read": "done", "write": "done"}
        else:
            assert "not authorized" in told["read"], (other, told)
            assert "not authorized" in told["write"], (other, told)
