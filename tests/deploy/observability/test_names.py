"""What alerts and dashboard ask for is what the processes tell."""

import json
import re
from collections.abc import AsyncIterator, Callable

import pytest

from deploy.embedded.nats import NatsServer
from gateway.transport import Reason
from shared.contracts.deadline import HEADER
from shared.contracts.people import Role
from tests.deploy.observability.expressions import OBSERVABILITY, TARGET, Expression, alerts, expressions
from tests.scraping import Scraped, scraped
from tests.system import system

SEEN_RARELY = {"jasne_memory_limit_bytes", "jasne_streams_open"}
"""The one only in a container with a limit, the other while somebody has a stream open."""


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scraped]:
    """By the gateway and all services, after a few requests that went well and a few that did not."""
    folder = tmp_path_factory.mktemp("town")
    server = NatsServer(folder / "nats")
    await server.start()
    async with system(folder, server.url) as town:
        await town.organization()
        await town.ask("{ organizations { nodes { name } } }", token=town.token(Role.RESIDENT))
        await town.call("events", "events/find", {}, **{HEADER: "0"})
        found = await scraped(town.session, town.graphql.removesuffix("/graphql"), *town.urls.values())
        found.names.add("up")
        found.labels["up"] = set()
        yield found
    await server.stop()


def each(told: Scraped, wrong: Callable[[Expression], set[str]]) -> list[str]:
    return [f"{one.place}: {sorted(found)} in {one.text}" for one in expressions() if (found := wrong(one))]


async def test_every_metric_that_is_asked_for_is_told(told: Scraped) -> None:
    asked = {name for one in expressions() for name, _ in one.metrics()}
    assert len(asked) > 30
    assert each(told, lambda one: {name for name, _ in one.metrics()} - told.names) == []
    assert asked - told.labels.keys() <= SEEN_RARELY


async def test_every_label_that_is_asked_for_is_on_its_metric(told: Scraped) -> None:
    def unknown(one: Expression) -> set[str]:
        wanted = [(name, {label for label, _, _ in matchers}) for name, matchers in one.metrics()]
        wanted += [(name, labels) for labels, names in one.grouped() for name in names]
        return {
            f"{name}.{label}"
            for name, labels in wanted
            if name not in SEEN_RARELY
            for label in labels - told.labels[name] - TARGET
        }

    assert each(told, unknown) == []


async def test_every_value_that_is_asked_for_is_one_that_is_told(told: Scraped) -> None:
    values: dict[tuple[str, str], set[str]] = {}
    for (name, labels), _ in told.samples.items():
        for label, value in labels:
            values.setdefault((name, label), set()).add(value)

    def unknown(one: Expression) -> set[str]:
        return {
            f'{name}{{{label}="{value}"}}'
            for name, matchers in one.metrics()
            for label, sign, value in matchers
            # of alternatives (=~) not all are told at any one time, nor are outcomes
            if sign == "=" and label not in TARGET | {"outcome"} and value not in values.get((name, label), set())
        }

    assert each(told, unknown) == []


def test_every_outcome_that_is_asked_for_is_one_that_there_is() -> None:
    asked = {
        value
        for one in expressions()
        for _, matchers in one.metrics()
        for label, _, values in matchers
        if label == "outcome"
        for value in values.split("|")
    }
    of_operations = {"ok", "errors", "invalid", "refused", "fault"}  # gateway/observing.py
    of_calls = {"ok", "refused", "fault", "cancelled", *Reason}
    assert asked <= of_operations | of_calls


def test_what_is_shown_of_a_result_is_still_in_it() -> None:
    """An aggregation drops all labels but those it names."""
    wrong = []
    for one in expressions():
        left = {label for labels, _ in one.grouped() for label in labels}
        used = {label for text in one.shown for label in re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", text)}
        if left and used - left:
            wrong.append(f"{one.place}: {sorted(used - left)}")
    assert wrong == []


def test_every_alert_says_how_grave_it_is_what_it_sees_and_what_to_do() -> None:
    found = alerts()
    assert len({one.alert for one in found}) == len(found) > 15
    for one in found:
        assert one.labels["severity"] in ("critical", "warning"), one.alert
        assert set(one.annotations) == {"summary", "what_to_do"}, one.alert
        assert 80 < len(one.annotations["what_to_do"]) < 600, one.alert
        sentences = len(re.findall(r"[.?](?: |$)", one.annotations["what_to_do"]))
        assert 1 <= sentences <= 6, one.alert


def test_every_panel_takes_the_chosen_datasource_and_none_lies_on_another() -> None:
    dashboard = json.loads((OBSERVABILITY / "dashboard.json").read_text())
    (variable,) = dashboard["templating"]["list"]
    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
                taken[x, y] = panel["title"]
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == panel["datasource"]["uid"] == "${datasource}"
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
