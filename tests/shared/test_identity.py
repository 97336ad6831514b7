import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.embedded.keys import ISSUER, Keys
from shared import identity
from shared.contracts.people import Role
from shared.contracts.refusals import Language, Refused
from shared.identity import BELIEVED, KEYS_MAX, REFETCH, Verifier
from tests.system import free_port


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    keys = Keys(tmp_path)
    keys.ensure()
    return keys


@pytest.fixture
def verifier(keys: Keys) -> Verifier:
    return Verifier(keys.jwks_url, ISSUER)


async def refusal(verifier: Verifier, authorization: str) -> str:
    with pytest.raises(Refused) as refused:
        await verifier.viewer(authorization)
    assert refused.value.status == 401
    return refused.value.item(Language.EN).message


async def test_no_header_is_a_visitor(verifier: Verifier) -> None:
    assert await verifier.viewer(None) is None


async def test_a_token_says_who_and_in_which_roles(keys: Keys, verifier: Verifier) -> None:
    viewer = await verifier.viewer("Bearer " + keys.token(["official", "no-such-role"], subject="u1"))
    assert viewer is not None
    assert (viewer.subject, viewer.roles) == ("u1", frozenset({Role.OFFICIAL}))


async def test_an_expired_token_is_refused(keys: Keys, verifier: Verifier) -> None:
    assert "expired" in await refusal(verifier, "Bearer " + keys.token(["official"], seconds=-3600))


async def test_a_token_for_another_audience_is_refused(keys: Keys, verifier: Verifier) -> None:
    assert "audience" in await refusal(verifier, "Bearer " + keys.token(["official"], audience="other"))


async def test_a_token_of_another_issuer_is_refused(keys: Keys) -> None:
    verifier = Verifier(keys.jwks_url, "https://elsewhere.invalid")
    assert "issuer" in await refusal(verifier, "Bearer " + keys.token(["official"]))


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer " + "x" * 5000, ""])
async def test_what_is_no_token_is_refused(verifier: Verifier, header: str) -> None:
    await refusal(verifier, header)


def claims(**more: Any) -> dict[str, Any]:
    return {"iss": ISSUER, "aud": "jasne", "sub": "u", "exp": int(time.time()) + 60, "roles": ["official"]} | more


def _unsigned() -> str:
    return jwt.encode(claims(), None, algorithm="none", headers={"kid": "embedded"})  # type: ignore[arg-type]


def _by_another_key() -> str:
    return jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": "embedded"})


def _by_shared_secret() -> str:
    return jwt.encode(claims(), "x" * 64, algorithm="HS256", headers={"kid": "embedded"})


@pytest.mark.parametrize("forged", [_unsigned, _by_another_key, _by_shared_secret])
async def test_a_forged_token_is_refused(verifier: Verifier, forged: Callable[[], str]) -> None:
    assert "not valid" in await refusal(verifier, "Bearer " + forged())


@pytest.mark.parametrize("roles", [5, "official", [["official"]], [{"a": 1}], None])
async def test_roles_of_a_wrong_shape_give_no_role(keys: Keys, verifier: Verifier, roles: Any) -> None:
    key = keys._key()
    token = jwt.encode(claims(roles=roles), key, algorithm="EdDSA", headers={"kid": "embedded"})
    try:
        viewer = await verifier.viewer("Bearer " + token)
    except Refused as refused:
        assert refused.status == 401
    else:
        assert viewer is not None
        assert viewer.roles == frozenset()


async def test_keys_are_fetched_from_a_provider_over_http(keys: Keys, tmp_path: Path) -> None:
    asked = 0

    async def jwks(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.json_response(json.loads((tmp_path / "jwks.json").read_text()))

    app = web.Application()
    app.add_routes([web.get("/jwks", jwks)])
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    verifier = Verifier(f"http://127.0.0.1:{port}/jwks", ISSUER)
    for _ in range(3):
        assert await verifier.viewer("Bearer " + keys.token(["resident"])) is not None
        await refusal(verifier, "Bearer " + jwt.encode(claims(), keys._key(), algorithm="EdDSA", headers={"kid": "no"}))
    await runner.cleanup()
    assert asked == 1, "an unknown key id must not make us ask the provider each time"


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def withdraw(keys: Keys, folder: Path) -> None:
    """The provider has another key from now on, and no longer the one it had."""
    other = Keys(folder / "other")
    other.ensure()
    jwks = json.loads((other.folder / "jwks.json").read_text())
    jwks["keys"][0]["kid"] = "another"
    (keys.folder / "jwks.json").write_text(json.dumps(jwks))


async def test_a_key_that_was_withdrawn_counts_ten_minutes_at_most(keys: Keys, tmp_path: Path) -> None:
    clock = Clock()
    verifier = Verifier(keys.jwks_url, ISSUER, clock=clock)
    token = "Bearer " + keys.token(["official"])
    assert await verifier.viewer(token) is not None
    withdraw(keys, tmp_path)

    clock.seconds = BELIEVED - 1
    assert await verifier.viewer(token) is not None
    clock.seconds = BELIEVED + 1
    assert "not valid" in await refusal(verifier, token)


async def test_a_provider_that_is_away_takes_no_rights_and_is_asked_again_later(keys: Keys, tmp_path: Path) -> None:
    clock = Clock()
    verifier = Verifier(keys.jwks_url, ISSUER, clock=clock)
    token = "Bearer " + keys.token(["official"])
    assert await verifier.viewer(token) is not None
    (keys.folder / "jwks.json").unlink()

    clock.seconds = BELIEVED + 1
    assert await verifier.viewer(token) is not None
    withdraw(keys, tmp_path)
    clock.seconds += REFETCH - 1
    assert await verifier.viewer(token) is not None
    clock.seconds += 2
    assert "not valid" in await refusal(verifier, token)


@asynccontextmanager
async def provider(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Its URL."""
    app = web.Application()
    app.add_routes([web.get("/jwks", answer)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/jwks"
    await runner.cleanup()


async def test_all_who_wait_for_a_slow_provider_wait_for_one_question(keys: Keys) -> None:
    asked, answered = 0, asyncio.Event()

    async def jwks(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        await answered.wait()
        raise web.HTTPServiceUnavailable

    async with provider(jwks) as url:
        verifier = Verifier(url, ISSUER)
        token = "Bearer " + keys.token(["resident"])
        waiting = [asyncio.create_task(verifier.viewer(token)) for _ in range(5)]
        while not asked:
            await asyncio.sleep(0.01)
        answered.set()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [getattr(outcome, "status", None) for outcome in outcomes] == [503] * 5
        with pytest.raises(Refused):
            await verifier.viewer(token)
    assert asked == 1


async def test_who_is_known_does_not_wait_for_a_provider_that_hangs(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "RENEWING", 0.01)
    clock, hangs = Clock(), False

    async def jwks(_: web.Request) -> web.Response:
        if hangs:
            await asyncio.Event().wait()
        return web.Response(text=(keys.folder / "jwks.json").read_text())

    async with provider(jwks) as url:
        verifier = Verifier(url, ISSUER, clock=clock)
        token = "Bearer " + keys.token(["resident"])
        await verifier.viewer(token)
        clock.seconds, hangs = BELIEVED + 1, True
        async with asyncio.timeout(identity.PATIENCE.total or 0):
            assert await verifier.viewer(token) is not None


@pytest.mark.parametrize("nonsense", ["[]", "[" * 100_000, '{"keys": [{"kty": 5}]}', "{" + " " * KEYS_MAX + "}"])
async def test_a_provider_that_answers_nonsense_is_away(keys: Keys, nonsense: str) -> None:
    clock, said = Clock(), (keys.folder / "jwks.json").read_text()

    async def jwks(_: web.Request) -> web.Response:
        return web.Response(text=said)

    async with provider(jwks) as url:
        verifier = Verifier(url, ISSUER, clock=clock)
        token = "Bearer " + keys.token(["resident"])
        await verifier.viewer(token)
        clock.seconds, said = BELIEVED + 1, nonsense
        assert await verifier.viewer(token) is not None, "what is known stays"

        new = Verifier(url, ISSUER)
        assert not await new.has_keys()
        with pytest.raises(Refused) as refused:
            await new.viewer(token)
        assert refused.value.status == 503


@pytest.mark.parametrize(("path", "told"), [("missing", "ClientResponseError 404"), ("page", "JSONDecodeError")])
async def test_an_address_that_gives_no_keys_is_told_in_the_log_once_a_minute(
    path: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<p>Sign in as jan@example.org</p>")

    app = web.Application()
    app.add_routes([web.get("/page", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    clock = Clock()
    verifier = Verifier(f"http://u:secret@127.0.0.1:{port}/{path}", ISSUER, clock=clock)
    for clock.seconds in (0, REFETCH, REFETCH + 2):
        assert not await verifier.has_keys()
    await runner.cleanup()
    assert len(caplog.messages) == 2
    assert all(message.endswith(told) for message in caplog.messages)
    assert "secret" not in caplog.text
    assert "jan@" not in caplog.text


async def test_a_file_of_keys_that_is_not_there_is_told_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await Verifier((tmp_path / "jwks.json").as_uri(), ISSUER).has_keys()
    assert caplog.messages == ["JWKS_URL gives no keys, nobody new can sign in: FileNotFoundError"]
