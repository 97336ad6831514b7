"""Leaf values as graphql-core's own serialisation gives them, without asking it where the contract settles the answer.

A function here may raise anything for a value it does not know: the field is then completed the stock way.
"""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLBoolean, GraphQLEnumType, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString
from graphql.execution import Executor
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.schema.schema_converter import CustomGraphQLEnumType

type Convert = Callable[[Any], Any]

_AS_THEY_ARE = (GraphQLString, GraphQLID, GraphQLBoolean)


def leaf(type_: GraphQLLeafType, of_contract: bool) -> Convert | None:
    """None where the value goes out as it is. What a contract object holds was checked when it was decoded."""
    if not of_contract:
        return lambda value: Executor.complete_leaf_value(type_, value)
    if type_ in _AS_THEY_ARE:
        return None
    if type_ is GraphQLInt:
        return _int
    if isinstance(type_, CustomGraphQLEnumType):
        return _names(type_).__getitem__
    serialize: Convert = type_.coerce_output_value
    return serialize


def _int(value: int) -> int:
    # a contract's number may be more than 32 bits, which GraphQL refuses to show
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return value
    raise ValueError


def _names(type_: GraphQLEnumType) -> dict[Any, str]:
    return {member: type_.coerce_output_value(member) for member in type_.wrapped_cls}  # type: ignore[attr-defined]
