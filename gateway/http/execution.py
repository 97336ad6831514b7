"""Execution: an operation that is known to be valid, run by strawberry with its extensions."""

from collections.abc import AsyncGenerator
from typing import Any, cast

from strawberry.types import ExecutionResult

from gateway.context import Context
from gateway.http.parameters import Parameters
from gateway.operations import Operation
from gateway.schema.root import schema


async def executed(operation: Operation, parameters: Parameters, context: Context) -> ExecutionResult:
    """Of a query or a mutation; every error in it is fit to leave."""
    return await schema.execute(
        operation.text,
        variable_values=parameters.variables,
        context_value=context,
        operation_name=operation.name,
        operation_extensions=parameters.extensions,
    )


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
