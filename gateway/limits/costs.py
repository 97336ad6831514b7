"""The cost of an operation, told before it runs from what the schema declares and the page sizes it asks for.

Everything below a list is counted once for each element there may be; what @skip and @include would leave out counts.
The cost of a fragment is worked out once for each type it meets, so that fragments which spread one another take no
time that doubles with each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

from gateway.limits.declared import Declarations, Declared
from gateway.limits.refusal import beyond
from gateway.limits.settings import Limits

_INTROSPECTION = {"__schema": "__Schema", "__type": "__Type"}


class Measured(NamedTuple):
    """For one parent: points, the ids that its hungriest field asks for, and the largest page."""

    cost: float = 0
    fan_out: int = 0
    page: int = 0

    def beside(self, other: "Measured") -> "Measured":
        return Measured(self.cost + other.cost, max(self.fan_out, other.fan_out), max(self.page, other.page))


@dataclass
class Costs:
    """Of one document; keep it with the parsed operation and ask it for each set of variables."""

    schema: GraphQLSchema
    declared: Declarations
    document: DocumentNode

    def of(self, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None) -> Measured:
        """`variables` as the client sent them; one that is missing counts with its default."""
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            return Measured()
        given = {
            one.variable.name.value: value_from_ast_untyped(one.default_value)
            for one in operation.variable_definitions or ()
            if one.default_value is not None
        } | dict(variables or {})
        walk = _Walk(self, given)
        measured = walk.selections(operation.selection_set, root.name, {})
        # even what is free is read, checked and answered
        return measured._replace(cost=1 + ceil(measured.cost))


def cost_errors(measured: Measured, limits: Limits) -> list[GraphQLError]:
    errors = []
    if measured.page > limits.page:
        errors.append(
            beyond(
                "PAGE_TOO_LARGE",
                "PAGE_MAX",
                limits.page,
                measured.page,
                pl="Za duża strona („first” albo liczba identyfikatorów)",
                en="Too large a page (`first`, or the number of ids)",
            )
        )
    if measured.fan_out > limits.fan_out:
        errors.append(
            beyond(
                "FAN_OUT_TOO_WIDE",
                "FAN_OUT_MAX",
                limits.fan_out,
                measured.fan_out,
                pl="Jedno pole pytałoby o zbyt wiele rekordów; zmniejsz strony nad nim. Tyle ich może być",
                en="One field would ask for too many records; make the pages above it smaller. There may be so many",
            )
        )
    if measured.cost > limits.cost:
        errors.append(
            beyond(
                "TOO_COSTLY",
                "COST_MAX",
                limits.cost,
                ceil(measured.cost),
                pl="Zapytanie jest zbyt kosztowne; zmniejsz strony albo podziel je. Punktów",
                en="The operation is too costly; make its pages smaller or divide it. Points",
            )
        )
    return errors


class _Walk:
    def __init__(self, costs: Costs, variables: dict[str, Any]) -> None:
        self._schema = costs.schema
        self._declared = costs.declared
        self._variables = variables
        self._fragments = {
            one.name.value: one for one in costs.document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, int], Measured] = {}

    def selections(self, selection_set: SelectionSetNode, parent: str, sizes: Mapping[str, int]) -> Measured:
        """Of one parent object. `sizes` are those that the connection around it gives to its fields."""
        total = Measured()
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    total = total.beside(self._field(selection, parent, sizes))
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = condition.name.value if condition else parent
                    total = total.beside(self.selections(selection.selection_set, inner, sizes))
                case FragmentSpreadNode():
                    total = total.beside(self._fragment(selection.name.value, sizes))
        return total

    def _fragment(self, name: str, sizes: Mapping[str, int]) -> Measured:
        # a connection's sizes are all one number
        key = (name, next(iter(sizes.values()), 1))
        if key not in self._known:
            fragment = self._fragments[name]
            self._known[key] = self.selections(fragment.selection_set, fragment.type_condition.name.value, sizes)
        return self._known[key]

    def _field(self, node: FieldNode, parent: str, sizes: Mapping[str, int]) -> Measured:
        name = node.name.value
        declared = self._declared.get(parent, {}).get(name)
        if declared is None:
            # what every type has, or the schema's description of itself
            described = _INTROSPECTION.get(name)
            below = self.selections(node.selection_set, described, {}) if described and node.selection_set else None
            return below or Measured()
        page = self._page(node, declared) if declared.by else 0
        listed = bool(declared.by) and not declared.sized
        times = page if listed else sizes.get(name, declared.size)
        below = Measured()
        if node.selection_set:
            field: Any = self._schema.type_map[parent]
            child = get_named_type(field.fields[name].type).name
            below = self.selections(node.selection_set, child, dict.fromkeys(declared.sized, page))
        # an element of a page is an entity, and costs what a service takes to read and send it
        own = declared.weight + (times if listed or name in sizes else 0)
        return Measured(own + times * below.cost, max(int(declared.asks), times * below.fan_out), max(page, below.page))

    def _page(self, node: FieldNode, declared: Declared) -> int:
        """As GraphQL will read it: one value for a list is a list of one, and 100.0 is 100."""
        for argument in node.arguments or ():
            if argument.name.value == declared.by:
                given = value_from_ast_untyped(argument.value, self._variables)
                if not declared.sized:
                    return len(given) if isinstance(given, list) else int(given is not None)
                if isinstance(given, int | float) and not isinstance(given, bool) and given == given // 1:
                    return max(int(given), 0)
        return declared.page
