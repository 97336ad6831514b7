"""What a resolver can reach: who asks, the clients, the loaders of its operation, the feed of changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from gateway.bounds import Bounds
from gateway.cache.entities import Entities
from gateway.cache.recording import Recording
from gateway.clients import Clients
from gateway.feed import Feed
from gateway.loaders import Loaders
from gateway.observing import NAME, Observer
from gateway.operations import SEVERAL, InvalidOperation, Operations, Parsed
from gateway.transport import Caller
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused


@dataclass
class Context:
    clients: Clients
    feed: Feed
    caller: Caller = field(default_factory=Caller)
    viewer: Viewer | None = None
    client: str = "unknown"
    """Whose budget it is: an address, or a key from which nobody is known."""
    traceparent: str | None = None
    """What the client's request says of its trace: for a WebSocket, whose operations are traced one by one."""
    connection_params: dict[str, Any] | None = None
    """What a WebSocket client said in connection_init."""
    operations: Operations | None = None
    bounds: Bounds | None = None
    observer: Observer | None = None
    """Of a WebSocket, whose operations nobody else sees end."""
    entities: Entities | None = None
    """What is shared with other operations; None where nothing is."""
    recording: Recording = field(init=False)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Load anew from here on: a new operation, or after a write."""
        self.recording = Recording() if self.entities is None else self.entities.begin()
        self.loaders = Loaders(self.clients, self.caller, self.entities, self.recording)

    @property
    def extensions(self) -> dict[str, Any]:
        """Of the answer: what came from memory because its service is away says so, with its age in seconds."""
        ages = self.recording.ages
        return {"stale": {service: round(age) for service, age in ages.items()}} if ages else {}


class FreshLoaders(SchemaExtension):
    """Operations on one WebSocket share its context, but nothing that was loaded."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.context.forget()
        yield

    def get_results(self) -> dict[str, Any]:
        extensions: dict[str, Any] = self.execution_context.context.extensions
        return extensions


class KnownOperations(SchemaExtension):
    """Strawberry takes the parsed and validated operation from where it is kept, and does neither itself."""

    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        if (operations := execution.context.operations) is not None and execution.query:
            try:
                _pay_for_parsing(execution.context, operations, execution.query)
                parsed = operations.parsed(execution.query)
            except Refused as refused:
                # not on the allow-list, or nothing left to pay with: as good as not valid
                execution.graphql_document = _stand_in(execution.operation_name)
                execution.pre_execution_errors = [GraphQLError(refused.code, original_error=refused)]
            else:
                # strawberry would parse again what has no document, and without our limits
                execution.graphql_document = parsed.document or _stand_in(execution.operation_name)
                execution.pre_execution_errors = (
                    list(parsed.errors) or _unnamed(execution, parsed) or _beyond_bounds(execution, parsed)
                )
        yield


def _unnamed(execution: ExecutionContext, parsed: Parsed) -> list[GraphQLError]:
    """Strawberry would take the first of several operations; the specification wants one to be named."""
    if len(parsed.operations) > 1 and execution._provided_operation_name is None:  # noqa: SLF001
        return [SEVERAL]
    return []


def _stand_in(name: str | None) -> DocumentNode | None:
    """For what cannot be parsed, so that strawberry gets as far as telling why: it has the operation's name only."""
    return parse(f"query {name or ''} {{ __typename }}") if name is None or NAME.fullmatch(name) else None


def _pay_for_parsing(context: Context, operations: Operations, text: str) -> None:
    """Over WebSocket; over HTTP it is paid for already. Raises TooMany."""
    if context.bounds is not None and context.observer is not None and (price := operations.price(text)):
        context.bounds.spend(context.client, price)


def _beyond_bounds(execution: ExecutionContext, parsed: Parsed) -> list[GraphQLError]:
    """Over WebSocket; an operation over HTTP was admitted before strawberry had it."""
    context: Context = execution.context
    operation = parsed.operations.get(execution.operation_name)
    if context.bounds is None or context.observer is None or operation is None:
        return []
    try:
        context.bounds.admit(operation, execution.variables, context.client, anonymous=context.viewer is None)
    except InvalidOperation as invalid:
        return list(invalid.errors)
    except Refused as refused:
        return [GraphQLError(refused.code, original_error=refused)]
    return []


Info = strawberry.Info[Context, None]
