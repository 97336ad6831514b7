"""One operation that reads everything: each list of the schema, and from each record every relation."""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
)

from gateway import kinds
from gateway.schema.root import schema

_SCHEMA = schema._schema
_MORE = """
  asOf: partnerships(asOf: "2027-06-01") { totalCount nodes { id version memberIds memberships { id leftOn } } }
  centresAsOf: centres(asOf: "2027-06-01") { nodes { id version operators { name organization { id version } } } }
  statistics { total publicBenefit byLegalForm { value count } byDistrict { value count } }
  suspended: organizations(filter: { status: SUSPENDED }) { totalCount nodes { id version } }
  open: calls(filter: { openOn: "2027-03-10" }) { totalCount nodes { id } }
"""


def everything() -> str:
    query = _SCHEMA.query_type
    assert query is not None
    lists = [f"{name}{_page(field, 40)}" for name, field in query.fields.items() if _is_connection(field)]
    return "{" + "\n".join(lists) + _MORE + "}"


def nodes(ids: list[str]) -> str:
    """Each record by its id."""
    return "{" + "\n".join(f'n{place}: node(id: "{id_}") {_versioned(id_)}' for place, id_ in enumerate(ids)) + "}"


def _page(field: GraphQLField, first: int, relations: bool = True) -> str:
    connection = get_named_type(field.type)
    assert isinstance(connection, GraphQLObjectType)
    needed = ", ".join(
        f"{name}: 2024" for name, argument in field.args.items() if str(argument.type) == "Int!" and name != "first"
    )
    node = get_named_type(connection.fields["nodes"].type)
    assert isinstance(node, GraphQLObjectType)
    shown = _selection(node) if relations else "id version"
    facets = "facets { name values { value count } }" if relations else ""
    return f"(first: {first} {needed}) {{ totalCount {facets} nodes {{ {shown} }} }}"


def _selection(type_: GraphQLObjectType) -> str:
    parts = ["id version"] if "version" in type_.fields else []
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if _is_connection(field):
            parts.append(f"{name}{_page(field, 5, relations=False)}")
        elif isinstance(inner, GraphQLInterfaceType):
            parts.append(f"{name} {{ id }}")
        elif isinstance(inner, GraphQLObjectType):
            below = "id version" if "version" in inner.fields else _selection(inner)
            if below:
                parts.append(f"{name} {{ {below} }}")
    return " ".join(parts)


def _is_connection(field: GraphQLField) -> bool:
    inner = get_named_type(field.type)
    return is_composite_type(inner) and inner.name.endswith("Connection")


def _versioned(id_: str) -> str:
    return f"{{ id ... on {kinds.BY_PREFIX[id_[:3]].name} {{ version }} }}"


def versions(answer: Any) -> dict[str, int]:
    """The version of each record in an answer."""
    if isinstance(answer, dict):
        own = {answer["id"]: answer["version"]} if {"id", "version"} <= answer.keys() else {}
        for value in answer.values():
            own |= versions(value)
        return own
    if isinstance(answer, list | tuple):
        return {id_: version for one in answer for id_, version in versions(one).items()}
    return {}
