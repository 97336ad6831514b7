"""What no schema sees. A rule says what is wrong with the documents; of nothing wrong it says nothing.

test_rules.py holds every rendering to every rule, and shows of each that it notices what it is there for.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.deploy.kubernetes.rendering import (
    KUBERNETES,
    PROCESSES,
    Document,
    containers,
    of_kind,
    pod_spec,
    pods,
    ports_of,
    selected,
    title,
    workloads,
)

type Rule = Callable[[list[Document]], Iterator[str]]

RULES: dict[str, Rule] = {}
PATHS = {"/", "/graphql"}
"""What the outside may ask for."""
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def rule(function: Rule) -> Rule:
    RULES[function.__name__] = function
    return function


@rule
def every_container_is_nobody_and_can_change_nothing(documents: list[Document]) -> Iterator[str]:
    for workload, container in containers(documents):
        pod = pod_spec(workload).get("securityContext", {})
        own = container.get("securityContext", {})
        sound = {
            "runs as root": pod.get("runAsNonRoot") is True and pod.get("runAsUser", 0) >= 10_000,
            "has no seccomp profile": pod.get("seccompProfile") == {"type": "RuntimeDefault"},
            "may become root": own.get("allowPrivilegeEscalation") is False,
            "can write to its root": own.get("readOnlyRootFilesystem") is True,
            "has capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            "has an exception": not own.keys()
            - {"allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities", "runAsNonRoot"},
        }
        yield from (f"{title(workload)}: {wrong}" for wrong, holds in sound.items() if not holds)


@rule
def no_pod_reaches_into_its_node(documents: list[Document]) -> Iterator[str]:
    for workload in workloads(documents):
        spec = pod_spec(workload)
        yield from (f"{title(workload)}: {key}" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key))
        yield from (f"{title(workload)}: a hostPath" for volume in spec.get("volumes", ()) if "hostPath" in volume)
        for container in spec["containers"]:
            yield from (f"{title(workload)}: a hostPort" for port in container.get("ports", ()) if "hostPort" in port)


@rule
def every_container_says_what_it_needs_and_may_take(documents: list[Document]) -> Iterator[str]:
    for workload, container in containers(documents):
        resources = container.get("resources", {})
        for part in ("requests", "limits"):
            for what in ("cpu", "memory"):
                if what not in resources.get(part, {}):
                    yield f"{title(workload)}: no {part} of {what}"


@rule
def every_port_has_a_name(documents: list[Document]) -> Iterator[str]:
    places = [(workload, container.get("ports", [])) for workload, container in containers(documents)]
    places += [(service, service["spec"]["ports"]) for service in of_kind(documents, "Service")]
    for place, ports in places:
        names = [port.get("name") for port in ports]
        if not names or None in names or len(set(names)) < len(names):
            yield f"{title(place)}: {names}"


@rule
def every_container_is_probed_at_a_port_it_has(documents: list[Document]) -> Iterator[str]:
    for workload, container in containers(documents):
        names = {port.get("name") for port in container.get("ports", ())}
        for probe in PROBES:
            if container.get(probe, {}).get("httpGet", {}).get("port") not in names:
                yield f"{title(workload)}: {probe}"


@rule
def processes_are_probed_where_the_outside_cannot_ask(documents: list[Document]) -> Iterator[str]:
    paths = {"startupProbe": "/live", "readinessProbe": "/ready", "livenessProbe": "/live"}
    for workload, container in containers(documents):
        if workload["metadata"]["name"] in PROCESSES:
            for probe, path in paths.items():
                asked = container.get(probe, {}).get("httpGet", {})
                if (asked.get("path"), asked.get("port")) != (path, "metrics"):
                    yield f"{title(workload)}: {probe} asks {asked}"


@rule
def every_workload_has_an_account_of_its_own_and_no_token(documents: list[Document]) -> Iterator[str]:
    accounts = {account["metadata"]["name"]: account for account in of_kind(documents, "ServiceAccount")}
    for workload in workloads(documents):
        spec = pod_spec(workload)
        if spec.get("serviceAccountName") != workload["metadata"]["name"]:
            yield f"{title(workload)}: runs as {spec.get('serviceAccountName')}"
        account = accounts.get(spec.get("serviceAccountName", ""), {})
        if account.get("automountServiceAccountToken") is not False:
            yield f"{title(workload)}: its account gives a token"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{title(workload)}: takes a token"


@rule
def an_update_takes_nothing_away(documents: list[Document]) -> Iterator[str]:
    for deployment in of_kind(documents, "Deployment"):
        rolling = deployment["spec"].get("strategy", {}).get("rollingUpdate")
        if rolling != {"maxUnavailable": 0, "maxSurge": 1}:
            yield f"{title(deployment)}: {rolling}"
        startup = pod_spec(deployment)["containers"][0]["startupProbe"]
        if startup["periodSeconds"] * startup["failureThreshold"] >= deployment["spec"]["progressDeadlineSeconds"]:
            yield f"{title(deployment)}: is given up before it may have started"


@rule
def a_node_is_emptied_one_pod_at_a_time(documents: list[Document]) -> Iterator[str]:
    budgets = of_kind(documents, "PodDisruptionBudget")
    for name in pods(documents):
        covering = [one for one in budgets if name in selected(documents, one["spec"]["selector"])]
        if [one["spec"].get("maxUnavailable") for one in covering] != [1]:
            yield f"{name}: {[title(one) for one in covering]}"


@rule
def only_the_autoscaler_counts_replicas(documents: list[Document]) -> Iterator[str]:
    deployments = {deployment["metadata"]["name"]: deployment for deployment in of_kind(documents, "Deployment")}
    for scaler in of_kind(documents, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        deployment = deployments.get(target["name"])
        if target["kind"] != "Deployment" or deployment is None:
            yield f"{title(scaler)}: there is no {target['kind']} {target['name']}"
        elif "replicas" in deployment["spec"]:
            yield f"{title(deployment)}: has replicas, and {title(scaler)} too"
        if not 2 <= scaler["spec"]["minReplicas"] < scaler["spec"]["maxReplicas"]:
            yield f"{title(scaler)}: {scaler['spec']['minReplicas']} to {scaler['spec']['maxReplicas']}"


@rule
def every_selector_selects(documents: list[Document]) -> Iterator[str]:
    for document in documents:
        spec = document.get("spec", {})
        match document["kind"]:
            case "Service":
                selectors = [{"matchLabels": spec["selector"]}]
            case "PodDisruptionBudget":
                selectors = [spec["selector"]]
            case "NetworkPolicy":
                peers = [peer for _, rules in _directions(document) for one in rules for peer in _peers(one)]
                selectors = [spec["podSelector"]]
                selectors += [one["podSelector"] for one in peers if one.keys() == {"podSelector"}]
            case "Deployment" | "StatefulSet":
                selectors = [spec["selector"]]
                if selected(documents, spec["selector"]) != [document["metadata"]["name"]]:
                    yield f"{title(document)}: selects others' pods"
                constraints = pod_spec(document).get("topologySpreadConstraints", [])
                selectors += [one["labelSelector"] for one in constraints]
            case _:
                continue
        yield from (f"{title(document)}: nobody is {one}" for one in selectors if not selected(documents, one))


@rule
def every_service_leads_to_a_port_of_one_workload(documents: list[Document]) -> Iterator[str]:
    for service in of_kind(documents, "Service"):
        behind = selected(documents, {"matchLabels": service["spec"]["selector"]})
        names = ports_of(documents, behind[0]) if len(behind) == 1 else {}
        for port in service["spec"]["ports"]:
            if port.get("targetPort") not in names:
                yield f"{title(service)}: {port}"


@rule
def nothing_is_open_that_no_policy_names(documents: list[Document]) -> Iterator[str]:
    policies = of_kind(documents, "NetworkPolicy")
    closed = [one for one in policies if one["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}]
    if len(closed) != 1:
        yield "there is no policy that closes the namespace"
    for name in pods(documents):
        own = [one for one in policies if one["metadata"]["name"] == name]
        if [(selected(documents, one["spec"]["podSelector"]), one["spec"]["policyTypes"]) for one in own] != [
            ([name], ["Ingress", "Egress"])
        ]:
            yield f"{name}: has no policy of its own"
    for policy in policies:
        for direction, rules in _directions(policy):
            for one in rules:
                if not _peers(one) or not one.get("ports") or any("port" not in port for port in one["ports"]):
                    yield f"{title(policy)}: anybody, or any port: {one}"
                if direction == "ingress" and any("ipBlock" in peer for peer in _peers(one)):
                    yield f"{title(policy)}: addresses come in"


@rule
def every_reference_is_there(documents: list[Document]) -> Iterator[str]:
    maps = {one["metadata"]["name"]: set(one["data"]) for one in of_kind(documents, "ConfigMap")}
    secrets = documented_secrets()
    for workload, container in containers(documents):
        for variable in container.get("env", ()):
            source = variable.get("valueFrom", {})
            for kind, known in (("configMapKeyRef", maps), ("secretKeyRef", secrets)):
                wanted = source.get(kind)
                if wanted and wanted["key"] not in known.get(wanted["name"], ()):
                    yield f"{title(workload)}: {variable['name']} from {wanted}"
        mounted = {mount["name"] for mount in container.get("volumeMounts", ())}
        spec = pod_spec(workload)
        volumes = {volume["name"] for volume in spec.get("volumes", ())}
        volumes |= {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", ())}
        if mounted != volumes:
            yield f"{title(workload)}: mounts {mounted ^ volumes}"
        for name in _mentioned(spec.get("volumes", []), "configMap"):
            if name not in maps:
                yield f"{title(workload)}: there is no ConfigMap {name}"
    services = {one["metadata"]["name"]: one["spec"]["ports"] for one in of_kind(documents, "Service")}
    for one in of_kind(documents, "StatefulSet"):
        if one["spec"]["serviceName"] not in services:
            yield f"{title(one)}: there is no Service {one['spec']['serviceName']}"
    for resource in of_kind(documents, "MongoDBCommunity"):
        for user in resource["spec"]["users"]:
            if "password" not in secrets.get(user["passwordSecretRef"]["name"], ()):
                yield f"{title(resource)}: the password of {user['name']}"
    for ingress in of_kind(documents, "Ingress"):
        for path in _paths(ingress):
            target = path["backend"]["service"]
            if target["port"].get("name") not in {port["name"] for port in services.get(target["name"], ())}:
                yield f"{title(ingress)}: {path}"
        for certificate in ingress["spec"].get("tls", ()):
            if certificate["secretName"] not in secrets:
                yield f"{title(ingress)}: {certificate['secretName']}"


@rule
def a_variable_is_made_of_those_before_it(documents: list[Document]) -> Iterator[str]:
    for workload, container in containers(documents):
        before: set[str] = set()
        for variable in container.get("env", ()):
            missing = set(re.findall(r"\$\((\w+)\)", variable.get("value", ""))) - before
            if missing or variable["name"] in before:
                yield f"{title(workload)}: {variable['name']} of {missing}"
            before.add(variable["name"])


@rule
def secrets_are_named_and_never_here(documents: list[Document]) -> Iterator[str]:
    yield from (title(one) for one in of_kind(documents, "Secret"))
    for workload, container in containers(documents):
        for variable in container.get("env", ()):
            value = variable.get("value", "")
            if "PASSWORD" in variable["name"] and value:
                yield f"{title(workload)}: {variable['name']} is written out"
            if re.search(r"//[^/@]*:(?!\$\(\w+\)@)[^/@]*@", value):
                yield f"{title(workload)}: a password in {variable['name']}"


@rule
def the_outside_reaches_graphql_alone_and_over_tls(documents: list[Document]) -> Iterator[str]:
    for ingress in of_kind(documents, "Ingress"):
        secured = {host for certificate in ingress["spec"].get("tls", ()) for host in certificate["hosts"]}
        for one in ingress["spec"]["rules"]:
            if one.get("host") not in secured:
                yield f"{title(ingress)}: {one.get('host')} without TLS"
        for path in _paths(ingress):
            if path["path"] not in PATHS or path["pathType"] != "Exact":
                yield f"{title(ingress)}: {path['path']}"
            if path["backend"]["service"] != {"name": "gateway", "port": {"name": "http"}}:
                yield f"{title(ingress)}: {path['backend']}"
        if "defaultBackend" in ingress["spec"]:
            yield f"{title(ingress)}: a default"


@rule
def everything_is_in_one_namespace(documents: list[Document]) -> Iterator[str]:
    (namespace,) = of_kind(documents, "Namespace")
    for document in documents:
        if document is not namespace and document["metadata"].get("namespace") != namespace["metadata"]["name"]:
            yield title(document)


def documented_secrets() -> dict[str, set[str]]:
    """Keys by Secret: the table in deploy/kubernetes/README.md that an operator goes by."""
    rows = re.findall(r"^ *\| `([\w-]+)` \| (`[^|]*`) \|", (KUBERNETES / "README.md").read_text(), re.MULTILINE)
    return {name: set(re.findall(r"`([^`]+)`", keys)) for name, keys in rows}


def _directions(policy: Document) -> list[tuple[str, list[Document]]]:
    return [(direction, policy["spec"].get(direction) or []) for direction in ("ingress", "egress")]


def _peers(one: Document) -> list[Document]:
    peers: list[Document] = one.get("from") or one.get("to") or []
    return peers


def _paths(ingress: Document) -> list[Document]:
    return [path for one in ingress["spec"]["rules"] for path in one["http"]["paths"]]


def _mentioned(part: Any, kind: str) -> Iterator[str]:
    """The names of all references of this kind, however deep."""
    if isinstance(part, list):
        for one in part:
            yield from _mentioned(one, kind)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == kind:
                yield value["name"]
            else:
                yield from _mentioned(value, kind)
