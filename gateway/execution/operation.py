"""A parsed and validated operation, ready to be run as often as it is asked for."""

from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution import default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from gateway.context import Context
from gateway.errors import masked
from gateway.execution.conditions import chosen, condition_names
from gateway.execution.executor import Executor
from gateway.execution.planner import Planner
from gateway.execution.run import Run
from gateway.execution.selection import Selection

MOST_PLANS = 16
"""An operation has a plan for each set of its conditions; one with so many is not worth remembering."""

MOST_ERRORS = 50
"""Of variables, as graphql-core has it."""


class Operation:
    """Raises GraphQLError where the document has no such operation."""

    def __init__(self, schema: Schema, document: DocumentNode, name: str | None = None) -> None:
        self.schema = schema._schema  # noqa: SLF001 - graphql-core's, which strawberry keeps to itself
        self.definition = _operation(document, name)
        self.definitions = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.fragments = {name: FragmentDetails(each) for name, each in self.definitions.items()}
        # a mutation's fields are executed one after the other, and fragments with arguments are an experiment
        self._is_planned = self.type is not OperationType.MUTATION and not any(
            each.variable_definitions for each in self.definitions.values()
        )
        self._conditions = condition_names(self.definition, self.fragments)
        self._plans: dict[tuple[tuple[str, Any], ...], Selection | None] = {}

    @property
    def type(self) -> OperationType:
        return self.definition.operation

    async def answer(self, variables: dict[str, Any] | None, context: Context) -> ExecutionResult:
        """The answer to a query or mutation, for msgspec to write; what a client may see of its errors.

        Without data where it was not executed: because of its variables.
        """
        context.forget()
        try:
            result = await self._executed(variables or {}, context)
        except Exception as error:
            cause = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            result = ExecutionResult(None, [cause])
        if result.errors:
            result.errors = [masked(error, context.caller.language) for error in result.errors]
        return result

    async def _executed(self, variables: dict[str, Any], context: Context) -> ExecutionResult:
        values = get_variable_values(
            self.schema, self.definition.variable_definitions or (), variables, max_errors=MOST_ERRORS
        )
        if isinstance(values, list):
            return ExecutionResult(None, values)

        def executor() -> Executor:
            return self._executor(values, context)

        if (plan := self._plan(values)) is not None:
            result = Run(executor, context, values, ready=True).begin(plan, None)
        else:
            result = executor().execute_as_stock()
        return result if isinstance(result, ExecutionResult) else await result

    def _plan(self, values: VariableValues) -> Selection | None:
        if not self._is_planned:
            return None
        conditions = chosen(self._conditions, values.coerced)
        key = tuple(conditions.items())
        if key not in self._plans:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            planner = Planner(self.schema, self.definition, self.fragments, VariableValues({}, conditions))
            self._plans[key] = planner.root()
        return self._plans[key]

    def _executor(self, values: VariableValues, context: Context) -> Executor:
        return Executor(
            self.schema,
            self.definitions,
            self.fragments,
            None,
            context,
            self.definition,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,
        )


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """In the words of graphql-core."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        for operation in operations:
            if operation.name and operation.name.value == name:
                return operation
        raise GraphQLError(f"Unknown operation named '{name}'.")
    if not operations:
        raise GraphQLError("Must provide an operation.")
    if len(operations) > 1:
        raise GraphQLError("Must provide operation name if query contains multiple operations.")
    return operations[0]
