"""An operation that is parsed and validated, with its plans: ready to be run as often as it is asked for."""

from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution import default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable

from gateway.context import Context
from gateway.errors import masked
from gateway.execution.executor import Executor
from gateway.execution.plans import Plans
from gateway.execution.run import Run
from gateway.execution.variables import Variables


class Planned:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definition = definition
        self._variables = Variables(schema, definition)
        self._definitions = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._fragments = {name: FragmentDetails(each) for name, each in self._definitions.items()}
        # fragments with arguments are an experiment of graphql-core's
        is_planned = not any(each.variable_definitions for each in self._definitions.values())
        self._plans = Plans.of(schema, definition, self._fragments) if is_planned else None

    async def answer(self, variables: dict[str, Any] | None, context: Context) -> ExecutionResult:
        """The answer to a query or mutation, for msgspec to write: parts of it may be JSON already.

        What is in its errors is fit to leave. Without data and paths where nothing was executed: because of variables.
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
        values = self._variables.values(variables)
        if isinstance(values, list):
            return ExecutionResult(None, values)
        if self._plans is not None and (plan := self._plans.plan(values)) is not None:
            result = Run(lambda: self._executor(values, context), context, values, ready=True).begin(plan, None)
        else:
            result = self._executor(values, context).execute_as_stock()
        return result if isinstance(result, ExecutionResult) else await result

    def _executor(self, values: VariableValues, context: Context) -> Executor:
        return Executor(
            self._schema,
            self._definitions,
            self._fragments,
            None,
            context,
            self._definition,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,
        )
