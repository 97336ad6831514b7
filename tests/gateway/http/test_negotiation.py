"""Which media type the answer has."""

import pytest

from gateway.http.negotiation import JSON, RESPONSE, STREAM, accepted
from gateway.http.origins import is_json
from shared.contracts.refusals import Refused

ONE_RESULT: list[tuple[str | None, str]] = [
    (None, JSON),
    ("", JSON),
    ("*/*", JSON),
    ("application/*", JSON),
    ("application/json", JSON),
    ("APPLICATION/JSON; charset=utf-8", JSON),
    (RESPONSE, RESPONSE),
    (f"{RESPONSE}, {JSON}", RESPONSE),
    (f"{JSON}, {RESPONSE}", RESPONSE),
    (f"{JSON}, {RESPONSE};q=0.9", JSON),
    (f"{RESPONSE};q=0.5, {JSON};q=0.4", RESPONSE),
    (f"{RESPONSE}, */*;q=0.1", RESPONSE),
    (f"{JSON};q=0, */*", RESPONSE),
    (f"text/html, {RESPONSE};q=0.1", RESPONSE),
    # what urql and Relay send with everything
    (f"{RESPONSE}, application/graphql+json, {JSON}, {STREAM}, multipart/mixed", RESPONSE),
    (STREAM, STREAM),
    (f"{STREAM}, {JSON};q=0.5", STREAM),
    (f"{STREAM};q=0.5, {JSON}", JSON),
]


@pytest.mark.parametrize(("header", "media"), ONE_RESULT)
def test_the_best_type_that_the_client_reads(header: str | None, media: str) -> None:
    assert accepted(header).for_one_result() == media


@pytest.mark.parametrize("header", ["text/plain", "image/*", f"{JSON};q=0", f"{JSON};q=nonsense", f"{JSON};q=-1", "x"])
def test_a_client_that_reads_none_of_them_is_told(header: str) -> None:
    with pytest.raises(Refused) as refused:
        accepted(header).for_one_result()
    assert refused.value.status == 406


@pytest.mark.parametrize(
    ("header", "stream"), [("*/*", False), (JSON, False), (STREAM, True), (f"{STREAM};q=0", False)]
)
def test_a_stream_is_only_for_who_names_it(header: str, stream: bool) -> None:
    assert accepted(header).stream is stream


@pytest.mark.parametrize(
    ("header", "good"),
    [
        ("application/json", True),
        ("application/JSON ; Charset=UTF-8", True),
        ('application/json; charset="utf-8"', True),
        ("application/json; charset=iso-8859-2", False),
        ("text/plain; application/json", False),
        ("text/plain, application/json", False),
        ("application/jsonp", False),
        ("multipart/form-data; boundary=application/json", False),
        ("", False),
        (None, False),
    ],
)
def test_a_body_is_json_only_if_its_type_says_exactly_that(header: str | None, good: bool) -> None:
    assert is_json(header) is good
