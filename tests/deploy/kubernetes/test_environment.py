"""What the manifests give the programs is what the programs read, and leads where it should."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway import settings as gateway_settings
from shared.bus import connection
from shared.service import process
from shared.service import settings as service_settings
from tests.deploy.kubernetes.rendering import (
    FOLDERS,
    PROCESSES,
    REPOSITORY,
    Document,
    named,
    of_kind,
    pod_spec,
    render,
)

SERVICES = PROCESSES[:3]
READERS = {"text", "number", "port", "required", "switch"}
"""The functions of shared/environment.py."""


def given(documents: list[Document], name: str) -> dict[str, str]:
    """The environment of a process, as the kubelet puts it together; every secret is "p-secret"."""
    found: dict[str, str] = {}
    for variable in pod_spec(named(documents, "Deployment", name))["containers"][0]["env"]:
        source = variable.get("valueFrom", {})
        if "secretKeyRef" in source:
            value = "p-secret"
        elif "configMapKeyRef" in source:
            wanted = source["configMapKeyRef"]
            (data,) = (
                one["data"] for one in of_kind(documents, "ConfigMap") if one["metadata"]["name"] == wanted["name"]
            )
            value = data[wanted["key"]]
        else:
            value = re.sub(r"\$\((\w+)\)", lambda match: found[match[1]], variable["value"])
        found[variable["name"]] = value
    return found


def parts(documents: list[Document], name: str) -> set[str]:
    """Variables that only others are made of."""
    env = pod_spec(named(documents, "Deployment", name))["containers"][0]["env"]
    return {part for variable in env for part in re.findall(r"\$\((\w+)\)", variable.get("value", ""))}


@cache
def names_read(folder: Path) -> frozenset[str]:
    """What its sources ask for by name."""
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=reader), args=[ast.Constant(value=str(name)), *_]) if reader in READERS:
                    found.add(name)
    return frozenset(found)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An environment of these variables, that notes which were asked for."""

    class Noting(dict[str, str]):
        asked: set[str]

        def get(self, key: str, default: Any = None) -> Any:
            self.asked.add(key)
            return super().get(key, default)

    def put(variables: dict[str, str]) -> Noting:
        noting = Noting(variables)
        noting.asked = set()
        monkeypatch.setattr("shared.environment.os.environ", noting)
        return noting

    return put


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_with_what_it_is_given(only: Any, name: str, folder: str) -> None:
    documents = render(folder)
    only(given(documents, name))
    settings = service_settings.from_environment()
    (replica_set,) = of_kind(documents, "MongoDBCommunity")
    store = urlsplit(settings.store_url)
    assert (store.scheme, store.username, store.password, store.path) == ("mongodb", name, "p-secret", f"/{name}")
    assert store.hostname == f"{replica_set['metadata']['name']}-svc"
    assert f"replicaSet={replica_set['metadata']['name']}" in store.query.split("&")
    (user,) = (user for user in replica_set["spec"]["users"] if user["name"] == name)
    assert f"authSource={user['db']}" in store.query.split("&")
    assert user["roles"] == [{"name": "readWrite", "db": name}]
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)  # noqa: S104 - in its pod
    assert urlsplit(settings.nats_url).username == name
    assert settings.nats_replicas == named(documents, "StatefulSet", "nats")["spec"]["replicas"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_gateway_starts_with_what_it_is_given_and_finds_the_services(only: Any, folder: str) -> None:
    documents = render(folder)
    only(given(documents, "gateway"))
    settings = gateway_settings.from_environment()
    assert settings.services.keys() == set(SERVICES)
    for name, url in settings.services.items():
        service = named(documents, "Service", name)
        address = urlsplit(url)
        assert (address.scheme, address.hostname) == ("http", name)
        assert [(port["name"], port["port"]) for port in service["spec"]["ports"]] == [("http", address.port)]
    nats = urlsplit(settings.nats_url)
    assert (nats.username, nats.hostname) == ("gateway", "nats")
    assert nats.port in {port["port"] for port in named(documents, "Service", "nats")["spec"]["ports"]}
    assert settings.nats_replicas == named(documents, "StatefulSet", "nats")["spec"]["replicas"]
    assert settings.workers == 1


def test_what_comes_through_the_ingress_controller_is_counted_by_the_clients_address(only: Any) -> None:
    only(given(render("overlays/city"), "gateway"))
    assert gateway_settings.from_environment().proxies == 1


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", PROCESSES)
def test_every_variable_is_one_that_the_program_reads(only: Any, name: str, folder: str) -> None:
    documents = render(folder)
    sources = REPOSITORY / "gateway" if name == "gateway" else REPOSITORY / "services" / name
    noting = only(given(documents, name))
    (gateway_settings if name == "gateway" else service_settings).from_environment()
    known = noting.asked | names_read(sources) | names_read(REPOSITORY / "shared") | parts(documents, name)
    assert set(given(documents, name)) - known == set()


def test_a_variable_that_nobody_reads_is_noticed() -> None:
    read = names_read(REPOSITORY / "services/registry") | names_read(REPOSITORY / "shared")
    assert {"PUBLIC_URL", "STORE_URL", "PORT"} <= read
    assert "STORE_URI" not in read
    assert "PUBLIC_URL" not in names_read(REPOSITORY / "gateway")


def test_a_missing_variable_is_noticed(only: Any) -> None:
    environment = given(render("base"), "registry")
    del environment["STORE_URL"]
    only(environment)
    with pytest.raises(SystemExit, match="STORE_URL"):
        service_settings.from_environment()


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_has_time_to_end_in_order(name: str) -> None:
    documents = render("base")
    spec = pod_spec(named(documents, "Deployment", name))
    consumers_finish, relay_sends_the_rest, relay_gives_up_its_lease = 3, 3, 1
    needed = (
        int(given(documents, name)["DRAIN_SECONDS"])
        + process.DRAIN
        + (consumers_finish + relay_sends_the_rest + relay_gives_up_its_lease)
        + connection._DRAIN_PATIENCE
    )
    assert spec["terminationGracePeriodSeconds"] >= 1.5 * needed
