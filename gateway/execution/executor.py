"""The executor that strawberry is given: by plan where there is one, and graphql-core's own way for the rest."""

from typing import Any, cast

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.execution.plans import Plans
from gateway.execution.run import Run
from gateway.execution.selection import Selection


class Executor(StrawberryGraphQLCoreExecutionContext):
    """The executor of one operation, of which every event of a subscription gets a copy."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        if (plan := self._plan()) is None:
            return super().execute_operation(serially)
        run = Run(lambda: self, self.context_value, self.variable_values, ready=False)
        return run.begin(plan, self.root_value)

    def execute_as_stock(self) -> Any:
        return super().execute_operation()

    def build_per_event_executor(self, payload: Any) -> "Executor":
        """graphql-core's copies share one memory of sub-fields, by the identity of lists that are new for each event:
        it finds nothing and keeps everything for as long as the subscription lives. Each event gets its own."""
        executor = cast("Executor", super().build_per_event_executor(payload))
        executor._relevant_sub_fields = {}  # noqa: SLF001 - it is our own class, by inheritance
        return executor

    def _plan(self) -> Selection | None:
        middleware = self.middleware_manager
        if not self.error_propagation or (middleware is not None and middleware.middlewares):
            return None
        if any(fragment.variable_signatures for fragment in self.fragments.values()):
            return None
        return Plans.of(self.schema, self.operation, self.fragments).plan(self.variable_values)
