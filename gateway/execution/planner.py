"""Makes the plan of an operation: for each selection, how its fields are resolved."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from gateway.execution.following import Following
from gateway.execution.listing import Listing
from gateway.execution.relation import Listed, relation_of
from gateway.execution.room import room
from gateway.execution.selection import Details, Plain, Selection
from gateway.execution.shapes import NotPlain, Unplannable, nested, plain
from gateway.execution.steps import Nested, Stock

MOST_SELECTIONS = 1_000
"""A plan may not grow past this: fragments can ask for more than a plan could hold. The rest is done without one."""


class Planner:
    """The plan of one operation, for one set of conditions in its @skip and @include; it grows as data asks for it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        conditions: VariableValues,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self._conditions = conditions
        self.forget = forget
        """Called when there is no room for this plan any more."""
        self.whole: Selection | None = None
        self._selections: dict[tuple[GraphQLObjectType, int], tuple[Details, Selection]] = {}

    def root(self) -> Selection | None:
        """None where the whole operation is to be executed without a plan."""
        type_ = self.schema.get_root_type(self.operation.operation)
        if type_ is None:
            return None
        try:
            collected = collect_fields(self.schema, self.fragments, self._conditions, type_, self.operation)
            return self._selection(type_, [], collected)
        except (Unplannable, GraphQLError):
            return None

    def selection(self, type_: GraphQLObjectType, details: Details) -> Selection:
        """What `details` ask of an object of the type. Raises Unplannable."""
        key = (type_, id(details))
        if (known := self._selections.get(key)) is not None:
            return known[1]
        if len(self._selections) >= MOST_SELECTIONS:
            raise Unplannable
        try:
            collected = collect_subfields(self.schema, self.fragments, self._conditions, self.operation, type_, details)
        except GraphQLError:
            raise Unplannable from None
        selection = self._selection(type_, details, collected)
        self._selections[key] = (details, selection)
        return selection

    def of_kind(self, type_: Any, contract: type, details: Details) -> Selection:
        """What `details` ask of an interface's object that is of this contract. Raises Unplannable."""
        for possible in self.schema.get_possible_types(type_):
            if contract_of(possible) is contract:
                return self.selection(possible, details)
        raise Unplannable

    def _selection(self, type_: GraphQLObjectType, details: Details, collected: Any) -> Selection:
        contract = contract_of(type_)
        if collected.new_defer_usages or (contract is None and type_.is_type_of is not None):
            raise Unplannable
        fields = []
        for key, asked in collected.grouped_field_set.items():
            definition = self.schema.get_field(type_, asked[0].node.name.value)
            if definition is not None:
                fields.append(self._field(type_, contract, key, asked, definition))
        room.grew(self, len(fields) + 1)
        return Selection(type_, contract, details, fields)

    def _field(
        self, type_: GraphQLObjectType, contract: type | None, key: str, details: Details, definition: GraphQLField
    ) -> Any:
        name = details[0].node.name.value
        if any(each.fragment_variable_values is not None for each in details):
            raise Unplannable
        if name == "__typename":
            return Plain(key, details, None, lambda _: type_.name, None)
        field = definition.extensions.get("strawberry-definition")
        nullable = not isinstance(definition.type, GraphQLNonNull)
        if isinstance(field, StrawberryField) and not field.extensions:
            relation = relation_of(field)
            if nullable and isinstance(relation, Listed):
                return Listing(self, type_, key, details, definition, relation)
            if nullable and relation is not None and not isinstance(relation, Listed):
                return Following(self, type_, key, details, definition, relation)
            if (read := _reading(type_, field, self.schema)) is not None:
                try:
                    return self._read(type_, contract, key, details, definition, read)
                except Unplannable:
                    if not nullable:
                        raise
        if not nullable:
            # an error in it may come late and take the parent with it
            raise Unplannable
        return Stock(type_, key, details)

    def _read(
        self, type_: GraphQLObjectType, contract: type | None, key: str, details: Details, definition: Any, read: Any
    ) -> Any:
        attribute, function = read
        try:
            of_contract = contract is not None and attribute is not None
            convert = plain(self, definition.type, details, of_contract)
            return Plain(key, details, attribute, function, convert)
        except NotPlain:
            label = f"{type_.name}.{details[0].node.name.value}"
            complete = nested(self, definition.type, details, label)
            return Nested(type_, key, details, definition.type, attribute, function, complete)


def contract_of(type_: GraphQLObjectType) -> type | None:
    """The contract that the type was derived from."""
    definition: Any = type_.extensions.get("strawberry-definition")
    contract: type | None = getattr(getattr(definition, "origin", None), "contract", None)
    return contract


def _reading(type_: GraphQLObjectType, field: StrawberryField, schema: GraphQLSchema) -> Any:
    """The attribute or the function by which the field is read off its parent, where nothing else is needed."""
    if type_ is schema.subscription_type:
        return None, lambda event: event
    resolver = field.base_resolver
    if resolver is None:
        return field.python_name, None
    if resolver.is_async or resolver.arguments or len(resolver.signature.parameters) != 1:
        return None
    return (None, resolver.wrapped_func) if resolver.parent_parameter is not None else None
