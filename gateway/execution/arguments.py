"""The arguments of a field: what can be settled once is, and the rest is read from the variables of each run."""

from typing import Any

from graphql import FieldNode, GraphQLArgument, GraphQLField, GraphQLNonNull, GraphQLSchema, VariableNode
from graphql.execution.values import VariableValues, coerce_argument
from graphql.language import ArgumentNode, Node
from strawberry.types.field import StrawberryField

_NO_VARIABLES = VariableValues({}, {})


class Arguments:
    """By the resolver's names. Objects stay dicts with the names that clients know, as contracts are read from."""

    def __init__(
        self, schema: GraphQLSchema, definition: GraphQLField, field: StrawberryField, node: FieldNode
    ) -> None:
        converter = schema.extensions["strawberry-definition"].config.name_converter
        names = {converter.from_argument(argument): argument.python_name for argument in field.arguments}
        nodes = {argument.name.value: argument for argument in node.arguments or ()}
        self.variables = variables_in(node)
        self._parts = [
            _Part(node, name, names[name], argument, nodes.get(name)) for name, argument in definition.args.items()
        ]

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Raises GraphQLError, in the words of graphql-core."""
        values: dict[str, Any] = {}
        for part in self._parts:
            part.put(values, variables)
        return values


class _Part:
    def __init__(
        self, node: FieldNode, name: str, python_name: str, argument: GraphQLArgument, given: ArgumentNode | None
    ) -> None:
        self._node = node
        self._name = name
        self._python_name = python_name
        self._argument = argument
        self._given = given
        value = given.value if given is not None else None
        self._variable = value.name.value if isinstance(value, VariableNode) else None
        self._is_settled = self._variable is None and not (given is not None and variables_in(given))
        self._settled: dict[str, Any] | None = None
        self._nullable = not isinstance(argument.type, GraphQLNonNull)

    def put(self, values: dict[str, Any], variables: VariableValues) -> None:
        if self._settled is not None:
            values.update(self._settled)
            return
        if self._variable is not None:
            value = variables.coerced.get(self._variable)
            if value is not None or (self._nullable and self._variable in variables.coerced):
                values[self._python_name] = value
                return
        coerced = self._by_stock(_NO_VARIABLES if self._is_settled else variables)
        if self._is_settled:
            self._settled = coerced
        values.update(coerced)

    def _by_stock(self, variables: VariableValues) -> dict[str, Any]:
        """One value, or none where there is neither a given one nor a default."""
        coerced: dict[str, Any] = {}
        coerce_argument(coerced, self._node, self._name, self._argument, self._given, variables, None)
        return dict(zip((self._python_name,), coerced.values(), strict=False))


def variables_in(node: Node) -> tuple[str, ...]:
    """The names of the variables in a field's arguments or in one of them, however deep."""
    names: dict[str, None] = {}
    stack: list[object] = list(getattr(node, "arguments", None) or (getattr(node, "value", None),))
    while stack:
        part = stack.pop()
        if isinstance(part, VariableNode):
            names[part.name.value] = None
        elif isinstance(part, Node):
            stack.extend(getattr(part, "fields", ()))
            stack.extend(getattr(part, "values", ()))
            stack.append(getattr(part, "value", None))
    return tuple(names)
