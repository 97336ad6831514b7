"""Which URLs name a store; and that none is shown, for there may be a password in it."""

import pytest

from shared.environment import BadUrl
from shared.store.opening import open_store
from shared.store.port import StoreUnavailable
from tests.system import free_port


@pytest.mark.parametrize(
    "url",
    ["", "things.db", "sqlite://", "sqlite://host/things.db", "mongodb://127.0.0.1", "postgres://127.0.0.1/things"],
)
async def test_what_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(BadUrl, match="not the URL of a store"):
        await open_store(url, [])


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://jasne:tajne@127.0.0.1/",
        "jasne:tajne@127.0.0.1/registry",
        "//jasne:tajne@127.0.0.1/registry",
        "tajne",
        "mongodb://jasne:ta@jne@127.0.0.1/registry",
        "mongodb://jasne:/tajne@127.0.0.1/registry",
        "mongodb://jasne@127.0.0.1:tajne/registry",
        "mongodb://jasne:tajne@127.0.0.1:1/registry?replicaSet=a&replicaSet",
        "mongodb://jasne:tajne@[::1/registry",
    ],
)
async def test_a_refusal_does_not_repeat_the_password(url: str) -> None:
    with pytest.raises(BadUrl) as refusal:
        await open_store(url, [])
    shown = [str(refusal.value), *(str(one) for one in (refusal.value.__cause__,) if one)]
    assert not [one for one in shown if "ta" in one.replace("database", "").replace("start", "")], shown


async def test_a_store_that_is_away_is_told_without_the_password() -> None:
    with pytest.raises(StoreUnavailable) as away:
        await open_store(f"mongodb://jasne:tajne-haslo@127.0.0.1:{free_port()}/registry", [])
    assert "tajne-haslo" not in str(away.value)
