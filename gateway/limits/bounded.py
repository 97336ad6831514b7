"""The limits as a plugin of strawberry, for what does not come through our own HTTP handler: WebSockets."""

from collections.abc import Iterator

from graphql import get_operation_ast
from strawberry.extensions import SchemaExtension

from gateway.limits.costs import Costs, cost_errors
from gateway.limits.declared import Declarations, declarations
from gateway.limits.settings import Limits
from gateway.limits.shape import shape_errors


class Bounded(SchemaExtension):
    """Refuses an operation before it runs; `limits` are those of the context."""

    _declared: Declarations | None = None

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = self._limits.tokens
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if (document := context.graphql_document) is None:
            # what could not be parsed says so itself
            yield
            return
        # set before the validation, it is not done at all
        context.pre_execution_errors = shape_errors(document, self._limits) or None
        yield
        operation = get_operation_ast(document, context.operation_name)
        if not context.pre_execution_errors and operation is not None:
            schema = context.schema._schema  # noqa: SLF001 - strawberry has no other way to it
            if Bounded._declared is None:
                Bounded._declared = declarations(schema)
            measured = Costs(schema, Bounded._declared, document).of(operation, context.variables)
            context.pre_execution_errors = cost_errors(measured, self._limits) or None

    @property
    def _limits(self) -> Limits:
        limits: Limits = self.execution_context.context.limits
        return limits
