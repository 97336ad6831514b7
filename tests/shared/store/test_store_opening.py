"""Which URLs name a store."""

import pytest

from shared.store.opening import open_store


@pytest.mark.parametrize(
    "url",
    ["", "things.db", "sqlite://", "sqlite://host/things.db", "mongodb://127.0.0.1", "postgres://127.0.0.1/things"],
)
async def test_what_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not the URL of a store"):
        await open_store(url, [])


async def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(ValueError) as refusal:
        await open_store("mongodb://jasne:secret@127.0.0.1/", [])
    assert "secret" not in str(refusal.value)
