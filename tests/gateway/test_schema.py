from pathlib import Path

from gateway.schema.root import schema


def test_the_committed_schema_is_the_schema() -> None:
    """What becomes public is seen in review: run `make schema` and look at the difference."""
    committed = Path(__file__).parents[2] / "schema.graphql"
    assert committed.read_text() == schema.as_str() + "\n"


def test_nothing_private_is_in_the_schema() -> None:
    text = schema.as_str().lower()
    for private in ("submittedby", "subject:", "pesel", "traceparent"):
        assert private not in text
