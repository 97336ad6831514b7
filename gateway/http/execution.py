"""Execution: an operation that is known to be valid, run by its plan; a stream by strawberry with its extensions."""

from collections.abc import AsyncGenerator
from typing import Any, cast

from strawberry.types import ExecutionResult

from gateway.context import Context
from gateway.execution.planned import Planned
from gateway.http.parameters import Parameters
from gateway.operations import Operation
from gateway.schema.root import schema


async def executed(operation: Operation, parameters: Parameters, context: Context) -> ExecutionResult:
    """Of a query or a mutation; every error in it is fit to leave. Parts of the data may be JSON already."""
    planned: Planned | None = operation.notes.get(Planned)
    if planned is None:
        # kept with the operation, as long as it is kept
        planned = operation.notes[Planned] = Planned(
            schema._schema,  # noqa: SLF001 - graphql-core's, which strawberry keeps to itself
            operation.document,
            operation.definition,
        )
    result = await planned.answer(parameters.variables, context)
    return ExecutionResult(data=result.data, errors=result.errors, extensions=context.extensions)


async def streamed(operation: Operation, parameters: Parameters, context: Context) -> AsyncGenerator[ExecutionResult]:
    """Every result of a subscription, or the one of a query or mutation; to be closed by who takes it."""
    stream: Any = await schema.stream(
        operation.text,
        variable_values=parameters.variables,
        context_value=context,
        operation_name=operation.name,
        operation_extensions=parameters.extensions,
    )
    return cast("AsyncGenerator[ExecutionResult]", stream)
