"""Documents of every bad shape are refused before they are validated."""

from graphql import parse

from gateway.limits.settings import Limits
from gateway.limits.shape import shape_errors


def codes(source: str, **limits: int) -> list[str]:
    return [(error.extensions or {})["code"] for error in shape_errors(parse(source), Limits(**limits))]


def nested(levels: int) -> str:
    return "{ a " * levels + "}" * levels


def test_depth_counts_fields_through_fragments() -> None:
    assert codes(nested(15)) == []
    assert codes(nested(16)) == ["TOO_DEEP"]
    assert codes("{ a { ...F } } fragment F on T { b { ... on T { c } } }", depth=3) == []
    assert codes("{ a { ...F } } fragment F on T { b { ... on T { c } } }", depth=2) == ["TOO_DEEP"]


def test_a_fragment_that_spreads_itself_does_no_harm() -> None:
    assert codes("{ ...F } fragment F on T { a { ...G } } fragment G on T { b { ...F } }") == []


def test_introspection_is_left_to_its_own_rule() -> None:
    assert codes(f"{{ __schema {nested(14)} }}", depth=2) == []


def test_aliases_and_repeated_fields_count_alike() -> None:
    assert codes("{ a b: a c: a }", aliases=2) == []
    assert codes("{ a b: a c: a d: a }", aliases=2) == ["TOO_MANY_ALIASES"]
    assert codes("{ a a a a }", aliases=2) == ["TOO_MANY_ALIASES"]
    assert codes("{ a { a { a { a } } } }", aliases=2) == []
    assert codes("{ ... { a } ... { a } ... { a } ... { a } }", aliases=2) == ["TOO_MANY_ALIASES"]
    # the same field of other types is no repetition
    assert codes("{ ... on A { a } ... on B { a } ... on C { a } ... on D { a } }", aliases=2) == []


def test_fragments_and_their_spreads_count() -> None:
    spread = "{ ...F ...F } fragment F on T { a }"
    assert codes(spread, fragments=3) == []
    assert codes(spread, fragments=2) == ["TOO_MANY_FRAGMENTS"]
