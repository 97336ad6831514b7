"""What a resolver can reach: who asks, the clients, the loaders of its operation, the feed of changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension

from gateway.cache.entities import Entities
from gateway.cache.recording import Recording
from gateway.clients import Caller, Clients
from gateway.feed import Feed
from gateway.loaders import Loaders
from shared.contracts.people import Viewer


@dataclass
class Context:
    clients: Clients
    feed: Feed
    caller: Caller = field(default_factory=Caller)
    viewer: Viewer | None = None
    connection_params: dict[str, Any] | None = None
    """What a WebSocket client said in connection_init."""
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


class FreshLoaders(SchemaExtension):
    """Operations on one WebSocket share its context, but nothing that was loaded."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.context.forget()
        yield


Info = strawberry.Info[Context, None]
