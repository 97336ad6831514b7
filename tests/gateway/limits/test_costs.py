"""What operations cost before they run, on the real schema."""

from typing import Any

import pytest
from graphql import (
    GraphQLObjectType,
    OperationDefinitionNode,
    get_introspection_query,
    get_operation_ast,
    parse,
    validate,
)

from gateway.limits.costs import Costs, Measured, cost_errors
from gateway.limits.declared import declarations
from gateway.limits.settings import Limits
from gateway.schema.root import schema

CORE = schema._schema
DECLARED = declarations(CORE)


def measured(source: str, variables: dict[str, Any] | None = None) -> Measured:
    document = parse(source)
    assert not validate(CORE, document)
    operation = get_operation_ast(document, None)
    assert isinstance(operation, OperationDefinitionNode)
    return Costs(CORE, DECLARED, document).of(operation, variables)


def codes(found: Measured, **limits: int) -> list[str]:
    return [(error.extensions or {})["code"] for error in cost_errors(found, Limits(**limits))]


def test_a_page_costs_its_call_and_its_entities() -> None:
    # the operation itself, the call, twenty entities
    assert measured("{ organizations { nodes { id name address { city } } } }").cost == 1 + 1 + 20


def test_pages_multiply_what_is_below_them() -> None:
    found = measured("{ organizations(first: 10) { nodes { events(first: 3) { nodes { title } } } } }")
    assert found == Measured(cost=1 + 1 + 10 + 10 * (1 + 3), fan_out=10, page=10)


def test_variables_and_their_defaults_count() -> None:
    source = "query ($n: Int! = 7) { organizations(first: $n) { nodes { id } } }"
    assert measured(source, {"n": 50}).cost == 1 + 1 + 50
    assert measured(source).cost == 1 + 1 + 7
    assert measured(source, {"n": "many"}).cost == 1 + 1 + 20


def test_a_list_of_ids_counts_as_long_as_it_is() -> None:
    source = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { events(first: 2) { nodes { id } } } } }"
    assert measured(source, {"ids": ["a"] * 30}) == Measured(cost=1 + 1 + 30 + 30 * (1 + 2), fan_out=30, page=30)
    assert measured('{ nodes(ids: ["a", "b"]) { id } }').cost == 1 + 1 + 2


def test_what_graphql_reads_as_a_list_or_a_number_is_counted_as_that() -> None:
    below = "{ ... on District { organizations(first: 100) { nodes { districts { name } } } } }"
    listed = measured(f'{{ nodes(ids: ["a"]) {below} }}')
    assert measured(f'{{ nodes(ids: "a") {below} }}') == listed
    assert measured(f"query ($i: [ID!]!) {{ nodes(ids: $i) {below} }}", {"i": "a"}) == listed
    assert measured(f'query ($i: [ID!]! = ["a"]) {{ nodes(ids: $i) {below} }}') == listed
    assert measured(f'query ($i: ID!) {{ nodes(ids: [$i, "b"]) {below} }}', {"i": "a"}).page == 100
    assert measured('query ($i: [ID!]! = ["a", "b", "c"]) { nodes(ids: $i) { id } }').page == 3
    pages = "query ($n: Int!) { organizations(first: $n) { nodes { id } } }"
    assert measured(pages, {"n": 90.0}) == measured(pages, {"n": 90})


def test_introspection_costs_by_what_it_tells() -> None:
    once = measured(get_introspection_query(input_value_deprecation=True))
    assert codes(once) == []
    assert once.cost > 300
    fragment = "fragment F on __Schema { types { name fields { name args { name type { name ofType { name } } } } } }"
    aliases = " ".join(f"a{n}: __schema {{ ...F }}" for n in range(50))
    assert codes(measured(f"{{ {aliases} }} {fragment}")) == ["TOO_COSTLY"]


def test_edges_count_like_nodes_and_fragments_like_what_they_hold() -> None:
    plain = measured("{ organizations(first: 9) { edges { node { events(first: 2) { nodes { id } } } } } }")
    spread = measured(
        "{ organizations(first: 9) { ...C } } fragment C on OrganizationConnection { edges { node { ...O } } }"
        " fragment O on Organization { ... on Node { id } events(first: 2) { nodes { id } } }"
    )
    assert plain == spread


def test_lists_without_a_declared_size_are_assumed() -> None:
    found = measured(
        "{ node(id: 1) { ... on Document { sections { paragraphs { remarks(first: 1) { nodes { id } } } } } } }"
    )
    assert found.fan_out == 100
    assert found.cost == 1 + 1 + 100 * (1 + 1)


def test_fragments_that_spread_one_another_take_no_time_that_doubles() -> None:
    levels = 200
    fragments = " ".join(
        f"fragment F{n} on Organization {{ parent {{ ...F{n + 1} }} operator {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    source = f"{{ organization(id: 1) {{ ...F0 }} }} {fragments} fragment F{levels} on Organization {{ id }}"
    document = parse(source)
    operation = get_operation_ast(document, None)
    assert operation
    # two to the power of two hundred points, and yet told at once
    assert Costs(CORE, DECLARED, document).of(operation, None).cost > 2**levels


def test_what_fans_out_to_thousands_of_ids_is_refused() -> None:
    wide = "{ organizations(first: 100) { nodes { events(first: 20) { nodes { consultation { title } } } } } }"
    found = measured(wide)
    assert found.fan_out == 2_000
    assert codes(found) == ["FAN_OUT_TOO_WIDE"]
    assert codes(found, fan_out=2_000) == []


def test_what_is_too_costly_and_too_large_is_refused() -> None:
    found = measured("{ organizations(first: 100) { nodes { id } } }")
    assert codes(found) == []
    assert codes(found, cost=101, page=99) == ["PAGE_TOO_LARGE", "TOO_COSTLY"]


def test_the_operation_of_everyday_use_is_far_from_the_limit() -> None:
    found = measured(
        """{ organizations(first: 20) { totalCount facets { name } nodes {
        name consultations(first: 3) { nodes { title } } events(first: 3) { nodes { title } } } } }"""
    )
    assert found.cost * 20 < Limits().cost


@pytest.mark.parametrize("type_", ["Query", "Mutation"])
def test_every_field_that_asks_a_service_declares_what_it_costs(type_: str) -> None:
    free = [name for name, declared in DECLARED[type_].items() if declared.weight == 0]
    assert free == []


def test_every_relation_to_another_entity_declares_what_it_costs() -> None:
    objects = {name: type_ for name, type_ in CORE.type_map.items() if isinstance(type_, GraphQLObjectType)}
    entities = {name for name, type_ in objects.items() if any(one.name == "Node" for one in type_.interfaces)}
    free = [
        f"{name}.{field_name}"
        for name in entities
        for field_name, field in objects[name].fields.items()
        if str(field.type).strip("[]!").removesuffix("Connection") in entities and not DECLARED[name][field_name].asks
    ]
    assert free == []
