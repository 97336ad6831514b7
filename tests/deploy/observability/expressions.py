"""The expressions of alerts and dashboard, and what they speak of."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

OBSERVABILITY = Path(__file__).parents[3] / "deploy" / "observability"
TARGET = {"job", "instance"}
"""Labels that Prometheus adds to whatever it scrapes."""
_METRIC = re.compile(r"\b((?:jasne|process)_\w+|up)\b(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_GROUPED = re.compile(r"\bby\s*\(([^)]*)\)\s*\(")


class Alert(msgspec.Struct, forbid_unknown_fields=True):
    alert: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]
    for_: str = msgspec.field(default="0m", name="for")


class Group(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    rules: list[Alert]


class Rules(msgspec.Struct, forbid_unknown_fields=True):
    groups: list[Group]


@dataclass(frozen=True)
class Expression:
    place: str
    text: str
    shown: tuple[str, ...]
    """Texts with {{labels}} of its result."""

    def metrics(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Each metric with its matchers: label, sign, value."""
        return [(name, _MATCHER.findall(matchers)) for name, matchers in _METRIC.findall(self.text)]

    def grouped(self) -> list[tuple[set[str], set[str]]]:
        """For each `by (labels) (...)`: the labels, and the metrics within."""
        found = []
        for match in _GROUPED.finditer(self.text):
            inside = _balanced(self.text[match.end() - 1 :])
            labels = {label.strip() for label in match[1].split(",")}
            found.append((labels, {name for name, _ in _METRIC.findall(inside)}))
        return found


def alerts() -> list[Alert]:
    rules = msgspec.yaml.decode((OBSERVABILITY / "alerts.yml").read_bytes(), type=Rules)
    return [rule for group in rules.groups for rule in group.rules]


def expressions() -> list[Expression]:
    """Of alerts and panels, as Prometheus gets them."""
    found = [Expression(one.alert, one.expr, tuple(one.annotations.values())) for one in alerts()]
    dashboard = json.loads((OBSERVABILITY / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            text = target["expr"].replace("$__rate_interval", "5m")
            found.append(Expression(panel["title"], text, (target["legendFormat"],)))
    return found


def _balanced(text: str) -> str:
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[: position + 1]
    raise ValueError(f"a parenthesis is not closed: {text}")
