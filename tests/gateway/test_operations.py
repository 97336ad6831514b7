"""Operations are parsed and validated once."""

from typing import Any

import pytest
from graphql import NoSchemaIntrospectionCustomRule, OperationType
from strawberry import Schema
from strawberry.extensions import AddValidationRules

from gateway import operations as module
from gateway.operations import InvalidOperation, Operations
from gateway.schema.root import Query, schema


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is parsed from here on."""
    parsed: list[str] = []
    parse: Any = vars(module)["parse"]

    def counting(text: str, **options: int) -> Any:
        parsed.append(text)
        return parse(text, **options)

    monkeypatch.setattr(module, "parse", counting)
    return parsed


def test_a_known_operation_costs_no_parse_and_no_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = counted(monkeypatch)
    operations = Operations(schema)
    text = "query A { __typename } mutation B { __typename }"
    first = operations.get(text, "A")
    # a text that is equal, but not the same object, as the next request has it
    assert operations.get("".join(list(text)), "A") is first
    assert operations.get(text, "B").type is OperationType.MUTATION
    for _ in range(2):
        with pytest.raises(InvalidOperation):
            operations.get("{ nope }")
    assert parsed == [text, "{ nope }"]


def test_those_asked_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = counted(monkeypatch)
    operations = Operations(schema, kept=2)
    for text in ("{ a: __typename }", "{ b: __typename }", "{ a: __typename }", "{ c: __typename }"):
        operations.get(text)
    operations.get("{ a: __typename }")
    assert len(parsed) == 3
    operations.get("{ b: __typename }")
    assert len(parsed) == 4


def test_the_texts_kept_are_bounded_in_length() -> None:
    operations = Operations(schema, kept_bytes=1_000)
    for n in range(50):
        operations.get("query Q%d { %s }" % (n, " ".join(f"a{m}: __typename" for m in range(10))))  # noqa: UP031
    assert sum(len(text) for text in operations._kept) == operations._bytes <= 1_000
    long = "{ __typename }" + " " * module.KEPT_TEXT_MAX
    operations.get(long)
    assert long not in operations._kept


@pytest.mark.parametrize(
    ("text", "name", "chosen"),
    [
        ("query A { __typename }", None, "A"),
        ("query A { __typename }", "A", "A"),
        ("{ __typename }", None, None),
        ("query A { __typename } query B { __typename }", "B", "B"),
    ],
)
def test_the_operation_is_the_named_one_or_the_only_one(text: str, name: str | None, chosen: str | None) -> None:
    assert Operations(schema).get(text, name).name == chosen


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("query A { __typename }", "B"),
        ("{ __typename }", "B"),
        ("query A { __typename } query B { __typename }", None),
        ("fragment F on Query { __typename }", None),
        ("{ nope }", None),
        ("{", None),
        ("", None),
    ],
)
def test_anything_else_is_told_as_an_error_of_graphql(text: str, name: str | None) -> None:
    with pytest.raises(InvalidOperation) as invalid:
        Operations(schema).get(text, name)
    assert all(len(error.message) > 5 for error in invalid.value.errors)


def test_the_rules_of_strawberry_and_of_the_schemas_extensions_are_kept() -> None:
    extended = Schema(Query, extensions=[lambda: AddValidationRules([NoSchemaIntrospectionCustomRule])])
    with pytest.raises(InvalidOperation, match="introspection"):
        Operations(extended).get("{ __schema { types { name } } }")
    with pytest.raises(InvalidOperation, match="introspection"):
        Operations(schema, introspection=False).get("{ __schema { types { name } } }")
    assert Operations(schema).get("{ __schema { types { name } } }")
    # two rules that graphql-core has not
    assert len(Operations(schema)._rules) >= 28


def test_an_error_that_is_kept_keeps_nothing_of_the_stack() -> None:
    operations = Operations(schema)
    with pytest.raises(InvalidOperation):
        operations.get("{")
    assert operations.parsed("{").errors[0].__traceback__ is None


def test_what_is_wrong_many_times_is_told_a_few_times_and_briefly() -> None:
    operations = Operations(schema)
    fields = " ".join(f"z{n}:1" for n in range(1_300))
    errors = operations.parsed("{ organizations(filter: {" + fields + "}) { nodes { id } } }").errors
    # the last says that there are more
    assert len(errors) == module.MOST_ERRORS + 1
    assert all(len(error.message) <= module.MESSAGE_MAX for error in errors)
    literal = operations.parsed('{ organizations(first: "' + "x" * 9_000 + '") { nodes { id } } }').errors
    assert [len(error.message) for error in literal] == [module.MESSAGE_MAX]
    assert operations._bytes == sum(
        len(text) + sum(len(error.message) for error in parsed.errors) for text, parsed in operations._kept.items()
    )


def test_only_what_has_to_be_parsed_has_a_price() -> None:
    operations = Operations(schema)
    text = "{ nope } #" + "x" * 990
    assert operations.price(text) == 1_000 // module.CHARACTERS_PER_POINT
    operations.parsed(text)
    assert operations.price(text) == 0
    operations.allow_only(["{ __typename }"])
    assert (operations.price("{ other }"), operations.price("{ __typename }")) == (0, 1)
