"""Every rendering keeps every rule, and every rule notices what it is there for."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy.kubernetes.rendering import FOLDERS, OVERLAYS, Document, containers, named, pod_spec, render, title
from tests.deploy.kubernetes.rules import RULES

type Break = Callable[[list[Document]], Any]


def deployment(documents: list[Document]) -> Document:
    return named(documents, "Deployment", "registry")


def process(documents: list[Document]) -> Document:
    container: Document = pod_spec(deployment(documents))["containers"][0]
    return container


def policy(documents: list[Document], name: str = "registry") -> Document:
    spec: Document = named(documents, "NetworkPolicy", name)["spec"]
    return spec


def scaler(documents: list[Document]) -> Document:
    spec: Document = named(documents, "HorizontalPodAutoscaler", "registry")["spec"]
    return spec


def path(documents: list[Document]) -> Document:
    first: Document = named(documents, "Ingress", "gateway")["spec"]["rules"][0]["http"]["paths"][0]
    return first


def without(kind: str, name: str) -> Break:
    return lambda documents: documents.remove(named(documents, kind, name))


def variable(**variable: Any) -> Break:
    return lambda documents: process(documents)["env"].insert(0, variable)


BREAKS: dict[str, dict[str, Break]] = {
    "every_container_is_nobody_and_can_change_nothing": {
        "root": lambda d: pod_spec(deployment(d))["securityContext"].update(runAsUser=0),
        "not said to be nobody": lambda d: pod_spec(deployment(d))["securityContext"].pop("runAsNonRoot"),
        "no seccomp": lambda d: pod_spec(deployment(d))["securityContext"].pop("seccompProfile"),
        "escalation": lambda d: process(d)["securityContext"].pop("allowPrivilegeEscalation"),
        "writable root": lambda d: process(d)["securityContext"].update(readOnlyRootFilesystem=False),
        "a capability": lambda d: process(d)["securityContext"].update(
            capabilities={"drop": ["ALL"], "add": ["NET_RAW"]}
        ),
        "privileged": lambda d: process(d)["securityContext"].update(privileged=True),
        "root in one container": lambda d: process(d)["securityContext"].update(runAsUser=0),
        "an init container": lambda d: pod_spec(deployment(d)).update(initContainers=[{"name": "first"}]),
    },
    "no_pod_reaches_into_its_node": {
        "its network": lambda d: pod_spec(deployment(d)).update(hostNetwork=True),
        "its files": lambda d: pod_spec(deployment(d))["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
        "its ports": lambda d: process(d)["ports"][0].update(hostPort=80),
    },
    "every_container_says_what_it_needs_and_may_take": {
        "no limit of memory": lambda d: process(d)["resources"]["limits"].pop("memory"),
        "no request": lambda d: process(d)["resources"].pop("requests"),
    },
    "every_port_has_a_name": {
        "of a container": lambda d: process(d)["ports"][0].pop("name"),
        "twice the same": lambda d: process(d)["ports"][0].update(name="metrics"),
        "of a service": lambda d: named(d, "Service", "registry")["spec"]["ports"][0].pop("name"),
    },
    "every_container_is_probed_at_a_port_it_has": {
        "not at all": lambda d: process(d).pop("livenessProbe"),
        "elsewhere": lambda d: process(d)["readinessProbe"]["httpGet"].update(port="probes"),
        "by number": lambda d: process(d)["startupProbe"]["httpGet"].update(port=9100),
    },
    "processes_are_probed_where_the_outside_cannot_ask": {
        "where requests come": lambda d: process(d)["readinessProbe"]["httpGet"].update(port="http"),
        "alive only when ready": lambda d: process(d)["livenessProbe"]["httpGet"].update(path="/ready"),
    },
    "every_workload_has_an_account_of_its_own_and_no_token": {
        "another's": lambda d: pod_spec(deployment(d)).update(serviceAccountName="gateway"),
        "none": without("ServiceAccount", "registry"),
        "a token": lambda d: pod_spec(deployment(d)).pop("automountServiceAccountToken"),
    },
    "an_update_takes_nothing_away": {
        "one less": lambda d: deployment(d)["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1),
        "all at once": lambda d: deployment(d)["spec"].update(strategy={"type": "Recreate"}),
        "given up too soon": lambda d: deployment(d)["spec"].update(progressDeadlineSeconds=600),
    },
    "a_node_is_emptied_one_pod_at_a_time": {
        "no budget": without("PodDisruptionBudget", "mongodb"),
        "all": lambda d: named(d, "PodDisruptionBudget", "nats")["spec"].update(maxUnavailable=3),
    },
    "only_the_autoscaler_counts_replicas": {
        "both": lambda d: deployment(d)["spec"].update(replicas=3),
        "of nobody": lambda d: scaler(d)["scaleTargetRef"].update(name="register"),
        "one is enough": lambda d: scaler(d).update(minReplicas=1),
        "no room": lambda d: scaler(d).update(maxReplicas=2),
    },
    "every_selector_selects": {
        "a service": lambda d: named(d, "Service", "registry")["spec"]["selector"].update(version="2"),
        "a budget": lambda d: named(d, "PodDisruptionBudget", "registry")["spec"]["selector"].update(
            matchLabels={"app": "registry"}
        ),
        "a policy": lambda d: policy(d)["podSelector"]["matchLabels"].update(app="registry"),
        "a peer": lambda d: policy(d)["egress"][0]["to"][0].update(podSelector={"matchLabels": {"app": "mongo"}}),
        "a constraint": lambda d: pod_spec(deployment(d))["topologySpreadConstraints"][0].update(
            labelSelector={"matchLabels": {"app": "registry"}}
        ),
        "others' pods": lambda d: deployment(d)["spec"].update(
            selector={"matchLabels": {"app.kubernetes.io/component": "process"}}
        ),
    },
    "every_service_leads_to_a_port_of_one_workload": {
        "no such port": lambda d: named(d, "Service", "registry")["spec"]["ports"][0].update(targetPort="web"),
        "several": lambda d: named(d, "Service", "registry")["spec"].update(
            selector={"app.kubernetes.io/component": "process"}
        ),
    },
    "nothing_is_open_that_no_policy_names": {
        "nothing closed": without("NetworkPolicy", "nothing-else"),
        "closed in one direction": lambda d: policy(d, "nothing-else").update(policyTypes=["Ingress"]),
        "no own policy": without("NetworkPolicy", "mongodb"),
        "own policy of one direction": lambda d: policy(d).update(policyTypes=["Ingress"]),
        "from anybody": lambda d: policy(d)["ingress"][0].pop("from"),
        "to any port": lambda d: policy(d)["egress"][0].pop("ports"),
        "to any port of a kind": lambda d: policy(d)["egress"][0].update(ports=[{"protocol": "TCP"}]),
        "from addresses": lambda d: policy(d)["ingress"][0].update({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}),
    },
    "every_reference_is_there": {
        "a secret": variable(name="A", valueFrom={"secretKeyRef": {"name": "registry", "key": "password"}}),
        "a key": variable(name="A", valueFrom={"secretKeyRef": {"name": "nats", "key": "admin"}}),
        "a setting": variable(name="A", valueFrom={"configMapKeyRef": {"name": "identity", "key": "JWKS_URL"}}),
        "a volume": lambda d: process(d)["volumeMounts"].append({"name": "data", "mountPath": "/data"}),
        "an unused volume": lambda d: process(d).pop("volumeMounts"),
        "a configuration": lambda d: d.remove(named(d, "ConfigMap", "nats-users")),
        "a service of a set": without("Service", "nats-peers"),
        "a user's password": lambda d: named(d, "MongoDBCommunity", "mongodb")["spec"]["users"][0].update(
            passwordSecretRef={"name": "registry"}
        ),
        "behind the ingress": lambda d: path(d)["backend"]["service"].update(name="web"),
        "a certificate": lambda d: named(d, "Ingress", "gateway")["spec"]["tls"][0].update(secretName="tls"),
    },
    "a_variable_is_made_of_those_before_it": {
        "too early": variable(name="A", value="$(NATS_PASSWORD)"),
        "twice": variable(name="NATS_URL", value="nats://nats:4222"),
    },
    "secrets_are_named_and_never_here": {
        "a secret": lambda d: d.append({"kind": "Secret", "metadata": {"name": "nats"}}),
        "a password": variable(name="A_PASSWORD", value="secret"),
        "in an address": variable(name="A_URL", value="nats://registry:secret@nats:4222"),
    },
    "the_outside_reaches_graphql_alone_and_over_tls": {
        "metrics": lambda d: path(d).update(path="/metrics"),
        "everything": lambda d: path(d).update(path="/", pathType="Prefix"),
        "a service": lambda d: path(d)["backend"]["service"].update(name="registry"),
        "its metrics": lambda d: path(d)["backend"]["service"].update(port={"name": "metrics"}),
        "by default": lambda d: named(d, "Ingress", "gateway")["spec"].update(defaultBackend={}),
        "in the clear": lambda d: named(d, "Ingress", "gateway")["spec"].pop("tls"),
    },
    "everything_is_in_one_namespace": {
        "elsewhere": lambda d: deployment(d)["metadata"].update(namespace="default"),
    },
}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", RULES)
def test_every_rendering_keeps_the_rule(name: str, folder: str) -> None:
    assert list(RULES[name](render(folder))) == []


@pytest.mark.parametrize(("name", "how"), [(name, how) for name, breaks in BREAKS.items() for how in breaks])
def test_the_rule_notices(name: str, how: str) -> None:
    documents = render("base")
    BREAKS[name][how](documents)
    assert list(RULES[name](documents))


def test_every_rule_can_fail() -> None:
    assert BREAKS.keys() == RULES.keys()


@pytest.mark.parametrize("folder", OVERLAYS)
def test_every_image_says_its_version(folder: str) -> None:
    """Not in the base: it does not know from where images come."""
    for workload, container in containers(render(folder)):
        version = container["image"].rpartition("/")[2].partition(":")[2]
        assert version, title(workload)
        assert version != "latest", title(workload)
