"""The limits at work: what an operation costs is told before it runs, and taken from its client's budget."""

import secrets
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError, OperationType
from prometheus_client import Counter

from gateway.limits.budget import Budget, OverBudget, table
from gateway.limits.costs import Costs, cost_errors
from gateway.limits.declared import WRITE, declarations
from gateway.limits.opened import Opened
from gateway.limits.refusal import beyond
from gateway.limits.settings import Limits
from gateway.operations import InvalidOperation, Operation
from shared.contracts.refusals import Refused

KEY = "key"
"""In the folder that workers share: the secret of their budgets."""


class TooMany(Refused):
    """A client has used up its budget; `wait` is after how many whole seconds it can go on (Retry-After)."""

    def __init__(self, wait: int, setting: str) -> None:
        super().__init__(
            "BUDGET_SPENT",
            pl=f"Za dużo zapytań naraz; spróbuj ponownie za {wait} s ({setting}).",
            en=f"Too many requests at once; try again in {wait} s ({setting}).",
            status=429,
        )
        self.wait = wait


class Bounds:
    """`shared` is the folder of the workers of one machine, whose budgets are one."""

    def __init__(self, schema: strawberry.Schema, limits: Limits, shared: Path | None = None) -> None:
        self._schema = schema._schema  # noqa: SLF001 - strawberry has no other way to it
        self._limits = limits
        self._declared = declarations(self._schema)
        key = (shared / KEY).read_bytes() if shared else secrets.token_bytes(16)
        self._budget = Budget(limits.budget, limits.burst, times=table(shared and shared / "budget"), key=key)
        self.refusals = Counter(
            "jasne_budget_refusals",
            "Requests that their client could not pay for, by budget",
            ("budget",),
            registry=None,
        )
        self._unpaid = {name: self.refusals.labels(name) for name in ("points", "anonymous_writes")}
        self._anonymous_writes = Budget(
            limits.anonymous_writes,
            limits.anonymous_writes,
            times=table(shared and shared / "anonymous-writes"),
            key=key,
        )

        self.subscriptions = Opened(
            limits.subscriptions, "SUBSCRIPTIONS_MAX", pl="Za dużo subskrypcji", en="Too many subscriptions"
        )
        self.sockets = Opened(limits.sockets, "SOCKETS_MAX", pl="Za dużo WebSocketów", en="Too many WebSockets")

    def cost(self, operation: Operation, variables: Mapping[str, Any] | None) -> int:
        """In points. Raises InvalidOperation when the operation asks for too much."""
        if (costs := operation.notes.get(Costs)) is None:
            costs = operation.notes[Costs] = Costs(self._schema, self._declared, operation.document)
        measured = costs.of(operation.definition, variables)
        if errors := cost_errors(measured, self._limits):
            raise InvalidOperation(*errors)
        return int(measured.cost)

    def spend(self, client: str, points: int) -> None:
        """Raises TooMany, and takes nothing."""
        try:
            self._budget.spend(client, points)
        except OverBudget as over:
            self._unpaid["points"].inc()
            raise TooMany(ceil(over.wait), "BUDGET_PER_MINUTE, BUDGET_BURST") from None

    def admit(self, operation: Operation, variables: Mapping[str, Any] | None, client: str, *, anonymous: bool) -> None:
        """What an operation must pass before it runs. Raises InvalidOperation and TooMany."""
        points = self.cost(operation, variables)
        if anonymous and operation.type is OperationType.MUTATION:
            # the forms that are open to everybody are open to machines as well
            writes = max(1, points // int(WRITE.weight))
            if writes > self._limits.anonymous_writes:
                raise InvalidOperation(_too_many_writes(self._limits.anonymous_writes, writes))
            try:
                self._anonymous_writes.spend(client, writes)
            except OverBudget as over:
                self._unpaid["anonymous_writes"].inc()
                raise TooMany(ceil(over.wait), "ANONYMOUS_WRITES_PER_MINUTE") from None
        self.spend(client, points)


def _too_many_writes(limit: int, found: int) -> GraphQLError:
    return beyond(
        "TOO_MANY_WRITES",
        "ANONYMOUS_WRITES_PER_MINUTE",
        limit,
        found,
        pl="Za dużo mutacji naraz bez zalogowania; podziel je",
        en="Too many mutations at once without a token; divide them",
    )
