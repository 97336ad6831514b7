"""Who reaches whom: the policies of both ends together, as a cluster with a network plugin that keeps them would."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.deploy.kubernetes.rendering import (
    FOLDERS,
    PROCESSES,
    Document,
    named,
    of_kind,
    pods,
    ports_of,
    render,
    selected,
    selects,
)

type Flow = tuple[str, str, int | str]
"""From whom, to whom, by which port."""

SERVICES = PROCESSES[:3]
EVERYBODY = (*PROCESSES, "nats", "mongodb")

INSIDE: set[Flow] = {
    *(("gateway", service, 8080) for service in SERVICES),
    *((process, "nats", 4222) for process in PROCESSES),
    *((service, "mongodb", 27017) for service in SERVICES),
    ("nats", "nats", 6222),
    ("mongodb", "mongodb", 27017),
}
COMING_IN: set[Flow] = {
    ("ingress", "gateway", 8080),
    *(("monitoring", process, 9100) for process in PROCESSES),
}
GOING_OUT: set[Flow] = {
    *((pod, "kube-system", 53) for pod in EVERYBODY),
    *((process, "0.0.0.0/0", 443) for process in PROCESSES),
    *(("mongodb", "0.0.0.0/0", port) for port in (443, 6443)),
}


def _ends(documents: list[Document], peers: list[Document]) -> Iterator[str]:
    for peer in peers:
        if "ipBlock" in peer:
            yield peer["ipBlock"]["cidr"]
        elif "namespaceSelector" in peer:
            yield peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        else:
            yield from selected(documents, peer["podSelector"])


def _number(documents: list[Document], pod: str, port: int | str) -> int:
    return port if isinstance(port, int) else ports_of(documents, pod)[port]


def _let_in(documents: list[Document]) -> set[Flow]:
    return {
        (source, pod, _number(documents, pod, port["port"]))
        for policy in of_kind(documents, "NetworkPolicy")
        for pod in selected(documents, policy["spec"]["podSelector"])
        for one in policy["spec"].get("ingress", ())
        for source in _ends(documents, one["from"])
        for port in one["ports"]
    }


def _let_out(documents: list[Document]) -> set[Flow]:
    return {
        (pod, target, port["port"])
        for policy in of_kind(documents, "NetworkPolicy")
        for pod in selected(documents, policy["spec"]["podSelector"])
        for one in policy["spec"].get("egress", ())
        for target in _ends(documents, one["to"])
        for port in one["ports"]
    }


def _within(documents: list[Document], flows: set[Flow]) -> set[Flow]:
    own = pods(documents)
    return {flow for flow in flows if flow[0] in own and flow[1] in own}


@pytest.mark.parametrize("folder", FOLDERS)
def test_both_ends_allow_exactly_what_is_needed(folder: str) -> None:
    documents = render(folder)
    assert set(pods(documents)) == set(EVERYBODY)
    assert _within(documents, _let_in(documents)) == INSIDE
    assert _within(documents, _let_out(documents)) == INSIDE


@pytest.mark.parametrize(("folder", "controller"), [("base", "ingress"), ("overlays/city", "haproxy-controller")])
def test_only_the_ingress_controller_and_prometheus_come_in(folder: str, controller: str) -> None:
    documents = render(folder)
    expected = {(controller if source == "ingress" else source, pod, port) for source, pod, port in COMING_IN}
    assert _let_in(documents) - _within(documents, _let_in(documents)) == expected


@pytest.mark.parametrize("folder", FOLDERS)
def test_only_names_the_identity_provider_and_the_api_are_asked_outside(folder: str) -> None:
    documents = render(folder)
    assert _let_out(documents) - _within(documents, _let_out(documents)) == GOING_OUT


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_machine_credentials_of_a_cloud_are_reached(folder: str) -> None:
    for policy in of_kind(render(folder), "NetworkPolicy"):
        for one in policy["spec"].get("egress", ()):
            for peer in one["to"]:
                assert "169.254.0.0/16" in peer.get("ipBlock", {}).get("except", ["169.254.0.0/16"])


def _gateway_reads_the_database(documents: list[Document]) -> None:
    rule: Any = named(documents, "NetworkPolicy", "mongodb")["spec"]["ingress"][0]
    rule["from"][0]["podSelector"]["matchExpressions"][0]["values"].append("gateway")


def _all_reach_the_routes(documents: list[Document]) -> None:
    named(documents, "NetworkPolicy", "nats")["spec"]["ingress"][0]["ports"].append({"port": "cluster"})


def _a_service_is_forgotten(documents: list[Document]) -> None:
    rule: Any = named(documents, "NetworkPolicy", "gateway")["spec"]["egress"][0]
    rule["to"][0]["podSelector"]["matchExpressions"][0]["values"].remove("events")


@pytest.mark.parametrize("harm", [_gateway_reads_the_database, _all_reach_the_routes, _a_service_is_forgotten])
def test_one_flow_more_or_less_is_noticed(harm: Any) -> None:
    documents = render("base")
    harm(documents)
    assert (_within(documents, _let_in(documents)), _within(documents, _let_out(documents))) != (INSIDE, INSIDE)


def test_a_selector_is_read_as_kubernetes_reads_it() -> None:
    labels = {"app": "a", "tier": "b"}
    assert selects({}, labels)
    assert selects({"matchLabels": {"app": "a"}}, labels)
    assert not selects({"matchLabels": {"app": "a", "tier": "c"}}, labels)
    assert selects({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["b", "c"]}]}, labels)
    assert not selects({"matchExpressions": [{"key": "other", "operator": "In", "values": ["b"]}]}, labels)
