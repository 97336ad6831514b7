"""How operations are executed: strawberry's way, but for what would grow without end."""

from typing import Any, cast

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Executor(StrawberryGraphQLCoreExecutionContext):
    """The executor of one operation, of which every event of a subscription gets a copy."""

    def build_per_event_executor(self, payload: Any) -> "Executor":
        """graphql-core's copies share one memory of sub-fields, by the identity of lists that are new for each event:
        it finds nothing and keeps everything for as long as the subscription lives. Each event gets its own."""
        executor = cast("Executor", super().build_per_event_executor(payload))
        executor._relevant_sub_fields = {}  # noqa: SLF001 - it is our own class, by inheritance
        return executor
