"""What a field costs, declared in the schema by the directives of IBM's GraphQL Cost Directives specification.

@cost(weight) is what asking the field costs once; a field without it is free, for it is read off what is there.
@listSize says how many there may be: by an argument (`slicingArguments`), which counts for the sub-fields named in
`sizedFields`, or by assumption (`assumedSize`). A list without it counts as ASSUMED.
"""

from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from strawberry import UNSET
from strawberry.schema_directive import Location

ASSUMED = 10
_DESCRIBED = 1 / 40
"""Points of an object that tells of the schema."""


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="cost")
class Cost:
    weight: str


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="listSize")
class ListSize:
    assumed_size: int | None = UNSET
    slicing_arguments: list[str] | None = UNSET
    sized_fields: list[str] | None = UNSET


CALL = Cost(weight="1")
"""Of a field for which a service may have to be asked."""
PAGED = (CALL, ListSize(slicing_arguments=["first"], sized_fields=["nodes", "edges"]))
"""Of a connection."""
SOME = (Cost(weight="5"), ListSize(assumed_size=5))
"""Of a list of entities whose ids stand in the parent."""
LISTED = (CALL, ListSize(slicing_arguments=["ids"]))
"""Of a list that is as long as the list of ids that is given."""
COUNTED = Cost(weight="5")
"""Of what is counted among everything a filter leaves, however small the page."""
WRITE = Cost(weight="10")


@dataclass(frozen=True)
class Declared:
    weight: float = 0
    asks: bool = False
    """Whether its parents' ids go to a service: such a field fans out."""
    size: int = 1
    by: str | None = None
    """The argument that gives the size, for `sized` below it."""
    sized: frozenset[str] = frozenset()
    """None of them: it is the field itself that has the size."""
    page: int = 0
    """The size where that argument is not given."""


type Declarations = dict[str, dict[str, Declared]]


def declarations(schema: GraphQLSchema) -> Declarations:
    """By type and field."""
    return {
        name: {
            field_name: _of_introspection(schema, field_name, field) if name.startswith("__") else _declared(field)
            for field_name, field in type_.fields.items()
        }
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    }


def _of_introspection(schema: GraphQLSchema, name: str, field: Any) -> Declared:
    """The schema is read off memory, but there is a lot of it: so many objects cost a point."""
    sizes = {"types": len(schema.type_map), "fields": 12, "inputFields": 8, "enumValues": 8, "args": 3}
    is_list = is_list_type(get_nullable_type(field.type))
    weight = 0 if is_leaf_type(get_named_type(field.type)) else _DESCRIBED
    return Declared(weight, size=sizes.get(name, 5) if is_list else 1)


def _declared(field: Any) -> Declared:
    definition = field.extensions.get("strawberry-definition")
    weight, size = 0, ASSUMED if is_list_type(get_nullable_type(field.type)) else 1
    by, sized = None, frozenset[str]()
    for directive in getattr(definition, "directives", None) or ():
        if isinstance(directive, Cost):
            weight = int(directive.weight)
        elif isinstance(directive, ListSize):
            size = directive.assumed_size or size
            by = directive.slicing_arguments[0] if directive.slicing_arguments else None
            sized = frozenset(directive.sized_fields or ())
    default = field.args[by].default_value if by else 0
    return Declared(weight, weight > 0, size, by, sized, default if isinstance(default, int) else 0)
