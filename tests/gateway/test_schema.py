from gateway.schema.root import schema


def test_nothing_private_is_in_the_schema() -> None:
    text = schema.as_str().lower()
    for private in ("submittedby", "subject:", "pesel", "traceparent"):
        assert private not in text
