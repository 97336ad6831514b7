"""Operations made by a seeded walk over the schema: valid most of the time, and bounded in what they ask for."""

import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
)

from gateway.schema.root import schema as gateway_schema
from tests.gateway.execution.town import Town

_DEPTH = 6
_SAMPLES: dict[str, tuple[str, ...]] = {
    "Int": ("0", "1", "3", "-1", "1000"),
    "String": ('""', '"a"', '"Raków"', '"after x"'),
    "Boolean": ("true", "false"),
    "Date": ('"2020-02-29"', '"2020-02-30"'),
    "DateTime": ('"2020-02-29T10:00:00Z"', '"9999-12-31T24:00:00Z"', '"yesterday"'),
}


class Walk:
    """One operation: its text and its variables."""

    def __init__(self, seed: int, town: Town) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seed, not a secret
        self._town = town
        self._schema: GraphQLSchema = gateway_schema._schema
        self._fragments: list[str] = []
        self._variables: dict[str, tuple[str, Any]] = {}
        self._aliases = 0
        root = self._schema.query_type
        assert root is not None
        body = self._selections(root, _DEPTH)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        self.text = f"query Walked{f'({declared})' if declared else ''} {body} " + " ".join(self._fragments)
        self.variables = {name: value for name, (_, value) in self._variables.items() if value is not ...}

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _selections(self, type_: GraphQLNamedType, depth: int) -> str:
        parts = []
        if isinstance(type_, GraphQLInterfaceType):
            parts.append("id")
            for possible in self._random.sample(self._schema.get_possible_types(type_), 3):
                parts.append(f"... on {possible.name} {self._selections(possible, depth - 1)}")
        elif isinstance(type_, GraphQLObjectType):
            leaves, others = self._fields(type_)
            parts += [self._field(name, type_.fields[name], depth) for name in leaves]
            if depth > 0:
                parts += [self._field(name, type_.fields[name], depth) for name in others]
        if self._chance(0.3) or not parts:
            parts.append("__typename")
        return "{ " + " ".join(self._grouped(type_, part) for part in parts) + " }"

    def _fields(self, type_: GraphQLObjectType) -> tuple[list[str], list[str]]:
        leaves = [name for name, field in type_.fields.items() if is_leaf_type(get_named_type(field.type))]
        others = [name for name in type_.fields if name not in leaves]
        shape = "nodes" in type_.fields
        some = self._random.sample(leaves, self._random.randint(0, min(len(leaves), 6)))
        return some, self._random.sample(others, min(len(others), 2 if shape else self._random.randint(1, 3)))

    def _grouped(self, type_: GraphQLNamedType, part: str) -> str:
        """Some as they are, some in a fragment, some under a condition."""
        where = self._random.random()
        if where < 0.08:
            return f"... on {type_.name} {self._condition()} {{ {part} }}"
        if where < 0.14:
            name = f"Part{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {{ {part} }}")
            return f"...{name} {self._condition()}" + (f" ...{name}" if self._chance(0.3) else "")
        if where < 0.18:
            return f"... {self._condition()} {{ {part} }}"
        return part

    def _condition(self) -> str:
        if not self._chance(0.5):
            return ""
        value = self._random.choice(("true", "false", "", ""))
        if not value:
            given = self._chance(0.5)
            value = "$" + (
                self._variable("Boolean!", self._chance(0.5)) if given else self._variable("Boolean = true", ...)
            )
        return f"@{self._random.choice(('skip', 'include'))}(if: {value})"

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type_, value)
        return name

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        self._aliases += 1
        alias = f"a{self._aliases}: " if field.args or self._chance(0.15) else ""
        arguments = [f"{arg}: {value}" for arg, value in self._arguments(field).items()]
        type_ = get_named_type(field.type)
        below = "" if is_leaf_type(type_) else self._selections(type_, depth - 1)
        condition = self._condition() if self._chance(0.1) else ""
        return f"{alias}{name}{f'({", ".join(arguments)})' if arguments else ''} {condition} {below}"

    def _arguments(self, field: GraphQLField) -> dict[str, str]:
        given = {}
        for name, argument in field.args.items():
            required = isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
            if name == "first":
                given[name] = self._first()
            elif required or self._chance(0.15):
                given[name] = self._id(get_named_type(field.type)) if name == "id" else self._needed(argument.type)
        return given

    def _first(self) -> str:
        number = self._random.choice((0, 1, 2, 3, 3, 3)) if self._chance(0.97) else 1000
        kind = self._random.random()
        if kind < 0.3:
            return "$" + self._variable("Int!", number)
        return "$" + self._variable(f"Int! = {number}", ...) if kind < 0.4 else str(number)

    def _id(self, of: GraphQLNamedType | None = None) -> str:
        """Mostly of an entity that is there, and of the kind that is asked for."""
        kinds = [kind for kind in self._town.ids if of is None or kind.name == of.name or of.name == "Node"]
        kind = self._random.choice(kinds if kinds and self._chance(0.9) else list(self._town.ids))
        id_ = self._random.choice(self._town.ids[kind]) if self._chance(0.9) else "nonsense"
        return f'"{id_}"' if self._chance(0.5) else "$" + self._variable("ID!", id_)

    def _needed(self, type_: Any) -> str:
        """Almost never null where it may not be."""
        value = self._value(type_)
        while isinstance(type_, GraphQLNonNull) and value == "null" and self._chance(0.9):
            value = self._value(type_)
        return value

    def _value(self, type_: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type)
        if self._chance(0.1):
            return "null"
        if isinstance(type_, GraphQLList):
            return f"[{', '.join(self._value(type_.of_type) for _ in range(self._random.randint(0, 2)))}]"
        if isinstance(type_, GraphQLEnumType):
            names: list[str] = list(type_.values)
            return self._random.choice(names)
        if isinstance(type_, GraphQLInputObjectType):
            some = self._random.sample(list(type_.fields), min(len(type_.fields), self._random.randint(0, 2)))
            return "{ " + ", ".join(f"{name}: {self._value(type_.fields[name].type)}" for name in some) + " }"
        if type_.name == "ID":
            return self._id()
        samples = _SAMPLES.get(type_.name, ('"x"',))
        return self._random.choice(samples)
