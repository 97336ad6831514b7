"""The gateway's settings come from the environment; a wrong one stops the start with one clear line."""

from dataclasses import replace

import pytest

from gateway.app import application
from gateway.settings import Http, Settings, from_environment

NEEDED = dict.fromkeys(
    ("REGISTRY_URL", "CONSULTATIONS_URL", "EVENTS_URL", "NATS_URL", "JWKS_URL", "TOKEN_ISSUER"), "http://127.0.0.1:1"
)


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in (NEEDED | given).items():
        monkeypatch.setenv(name, value)
    return from_environment()


def test_what_is_not_set_is_as_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).http == Http()


def test_everything_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given = read(
        monkeypatch,
        ALLOWED_ORIGINS="https://a.example, https://b.example",
        INTROSPECTION="off",
        GRAPHIQL="OFF",
        BATCH_MAX="2",
        OPERATIONS_ALLOWED="/some/folder",
    ).http
    assert given.allowed_origins == ("https://a.example", "https://b.example")
    assert (given.introspection, given.graphiql, given.batch_max) == (False, False, 2)
    assert given.allow_list == "/some/folder"


@pytest.mark.parametrize(("name", "value"), [("INTROSPECTION", "maybe"), ("BATCH_MAX", "many")])
def test_a_value_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=name):
        read(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ALLOWED_ORIGINS", Http(allowed_origins=("nonsense",))),
        ("ALLOWED_ORIGINS", Http(allowed_origins=("*",), allow_credentials=True)),
        ("OPERATIONS_ALLOWED", Http(allow_list="/there/is/none")),
    ],
)
async def test_settings_that_cannot_be_meant_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: Http
) -> None:
    with pytest.raises(SystemExit, match=name):
        await application(replace(read(monkeypatch), http=wrong))
