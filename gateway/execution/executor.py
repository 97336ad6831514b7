"""The executor that strawberry is given: plans where it can, and graphql-core's own way for the rest."""

from typing import Any, cast

from graphql import OperationType
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.execution.conditions import chosen, condition_names
from gateway.execution.planner import Planner
from gateway.execution.run import Run
from gateway.execution.selection import Selection


class Executor(StrawberryGraphQLCoreExecutionContext):
    """The executor of one operation, of which every event of a subscription gets a copy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # shared with the copies: one plan for all events
        self._plans: list[Selection | None] = []

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
        if not self._plans:
            self._plans.append(self._made_plan())
        return self._plans[0]

    def _made_plan(self) -> Selection | None:
        middleware = self.middleware_manager
        if self.operation.operation is OperationType.MUTATION or not self.error_propagation:
            return None
        if middleware is not None and middleware.middlewares:
            return None
        names = condition_names(self.operation, self.fragments)
        conditions = VariableValues({}, chosen(names, self.variable_values.coerced))
        return Planner(self.schema, self.operation, self.fragments, conditions).root()
