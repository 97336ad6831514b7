"""The variables of an operation: their types are read once, their values for each run."""

from typing import Any

from graphql import GraphQLError, GraphQLNonNull, GraphQLSchema, OperationDefinitionNode, Undefined, is_leaf_type
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_variable_values,
    input_is_nested_too_deeply,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

MOST_ERRORS = 50
"""As graphql-core has it."""


class _Unclear(Exception):
    """Something is wrong, or may be: graphql-core finds out what, and tells it in its own words."""


class Variables:
    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._nodes = definition.variable_definitions or ()
        signatures = [get_variable_signature(schema, node) for node in self._nodes]
        self._signatures = [each for each in signatures if isinstance(each, GraphQLVariableSignature)]
        self._are_known = len(self._signatures) == len(signatures)

    def values(self, given: dict[str, Any]) -> VariableValues | list[GraphQLError]:
        if self._are_known:
            try:
                return self._values(given)
            except Exception:  # noqa: S110 - of a scalar that could not be read
                pass
        return get_variable_values(self._schema, self._nodes, given, max_errors=MOST_ERRORS)

    def _values(self, given: dict[str, Any]) -> VariableValues:
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature in self._signatures:
            name = signature.name
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is not Undefined:
                coerced[name] = _coerced(value, signature.type)
            elif signature.default is not None:
                coerced[name] = coerce_default_value(signature)
            elif isinstance(signature.type, GraphQLNonNull):
                raise _Unclear
        return VariableValues(sources, coerced)


def _coerced(value: Any, type_: Any) -> Any:
    plain = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if is_leaf_type(plain) and value is not None:
        coerced = plain.coerce_input_value(value)
    elif input_is_nested_too_deeply(value, type_):
        raise _Unclear
    else:
        coerced = coerce_input_value(value, type_)
    if coerced is Undefined:
        raise _Unclear
    return coerced
