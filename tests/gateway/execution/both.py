"""One operation through the stock executor and through the plans, over the same town."""

import re
from inspect import isawaitable
from typing import Any, cast

import msgspec
from graphql import DocumentNode, OperationDefinitionNode, execute, parse, validate
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.context import Context
from gateway.errors import masked
from gateway.execution.executor import Executor
from gateway.execution.planned import Planned
from gateway.feed import Feed
from gateway.schema.root import schema
from gateway.transport import Caller

_INCIDENT = re.compile(r"\b[0-9a-f]{16}\b")


def context_in(town: Any) -> Context:
    clients: Any = town
    return Context(clients, Feed(), Caller())


def written(result: Any) -> tuple[bytes, list[str]]:
    """The data as bytes, keys in their order; the errors in the order of their paths.

    The specification leaves the order of errors open. The stock executor gives the order in which things were ready, by
    branches; a plan goes level by level. Neither is what a client could rely on.
    """
    errors = [_INCIDENT.sub("incident", msgspec.json.encode(error.formatted).decode()) for error in result.errors or ()]
    return msgspec.json.encode(result.data), sorted(errors)


async def answers(
    text: str, variables: dict[str, Any], town: Any, name: str | None = None
) -> list[tuple[bytes, list[str]]]:
    """By the stock executor, by a plan in its place, and by a plan alone, twice: new, and from memory."""
    document = parse(text)
    stock = await by_stock(document, variables, town, name)
    in_place = await _executed(document, variables, town, name, Executor)
    operation = planned(document, name)
    return [stock, in_place, *[written(await operation.answer(variables, context_in(town))) for _ in range(2)]]


def planned(document: DocumentNode, name: str | None = None) -> Planned:
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    definition = next(each for each in found if name is None or (each.name and each.name.value == name))
    return Planned(schema._schema, document, definition)


async def by_stock(
    document: DocumentNode, variables: dict[str, Any], town: Any, name: str | None = None
) -> tuple[bytes, list[str]]:
    return await _executed(document, variables, town, name, StrawberryGraphQLCoreExecutionContext)


async def _executed(
    document: DocumentNode, variables: dict[str, Any], town: Any, name: str | None, executor: type[Any]
) -> tuple[bytes, list[str]]:
    context = context_in(town)
    result: Any = execute(
        schema._schema,
        document,
        variable_values=variables,
        operation_name=name,
        context_value=context,
        executor_class=executor,
        is_awaitable=cast("Any", optimized_is_awaitable),
    )
    result = await result if isawaitable(result) else result
    if result.errors:
        result.errors = [masked(error, context.caller.language) for error in result.errors]
    return written(result)


def refusal(text: str) -> str | None:
    """What validation has to say against it."""
    return next((error.message for error in validate(schema._schema, parse(text))), None)
