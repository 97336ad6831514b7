"""The plans of one operation: one for each set of values of its @skip and @include."""

from functools import partial
from typing import Any, Self

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from gateway.execution.conditions import chosen, condition_names
from gateway.execution.planner import Planner
from gateway.execution.room import room
from gateway.execution.selection import Selection

MOST_PLANS = 16
"""An operation that comes with more sets of conditions than this is planned anew now and then."""

_PLACE = "jasne_plans"


class Plans:
    def __init__(
        self, schema: GraphQLSchema, definition: OperationDefinitionNode, fragments: dict[str, FragmentDetails]
    ) -> None:
        self._schema = schema
        self._definition = definition
        self._fragments = fragments
        self._conditions = condition_names(definition, fragments)
        self._plans: dict[tuple[tuple[str, Any], ...], Planner] = {}

    @classmethod
    def of(
        cls, schema: GraphQLSchema, definition: OperationDefinitionNode, fragments: dict[str, FragmentDetails]
    ) -> Self:
        """Kept with the parsed operation, and gone with it: whoever parses once plans once."""
        kept: dict[str, Self] = vars(definition)
        if (plans := kept.get(_PLACE)) is None:
            plans = kept[_PLACE] = cls(schema, definition, fragments)
        return plans

    def plan(self, values: VariableValues) -> Selection | None:
        """None where the operation is to be executed without one, as a mutation is: field after field."""
        if self._definition.operation is OperationType.MUTATION:
            return None
        conditions = chosen(self._conditions, values.coerced)
        key = tuple(conditions.items())
        if (planner := self._plans.get(key)) is not None:
            room.used_now(planner)
            return planner.whole
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        conditioned = VariableValues({}, conditions)
        planner = Planner(self._schema, self._definition, self._fragments, conditioned, partial(self._forget, key))
        self._plans[key] = planner
        room.used_now(planner)
        planner.whole = planner.root()
        return planner.whole

    def _forget(self, key: tuple[tuple[str, Any], ...]) -> None:
        self._plans.pop(key, None)
