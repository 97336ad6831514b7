"""Who asks: JSON Web Tokens (RFC 7519) checked against the provider's key set (JWKS, RFC 7517).

The gateway checks a token and passes it on; every service checks it again, so that going round the gateway gains
nothing. Only asymmetric algorithms are taken: nobody but the provider can make a token.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import aiohttp
import jwt

from shared.contracts.people import SAME_AS, Role, Viewer
from shared.contracts.refusals import Refused

_log = logging.getLogger(__name__)

ALGORITHMS = ("EdDSA", "RS256")
AUDIENCE = "jasne"
LEEWAY = 30
"""Seconds by which clocks may differ."""
REFETCH = 60
"""Seconds between two looks for new keys: an unknown key id must not become a way to hammer the provider."""
AGAIN = 1.0
"""The same after one that came to nothing."""
PATIENCE = aiohttp.ClientTimeout(total=5)
RENEWING = 1.0
"""Seconds that a token whose key is known waits for a new set."""
KEYS_MAX = 1024 * 1024
"""Bytes of a set."""
BELIEVED = 600
"""Seconds for which a set of keys is believed: so long a key counts that the provider has withdrawn."""


class Verifier:
    """Checks tokens. `jwks` is a file: or http(s): URL; keys are fetched when first needed and when unknown."""

    def __init__(
        self, jwks: str, issuer: str, audience: str = AUDIENCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.jwks = jwks
        self.issuer = issuer
        self.audience = audience
        self._clock = clock
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._believed_until = self._next = self._complained = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._away = False

    async def viewer(self, authorization: str | None) -> Viewer | None:
        """The bearer of an Authorization header; None without one. Raises Refused (401) for anything else."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthenticated("nagłówek musi mieć postać „Bearer TOKEN”", 'the header must read "Bearer TOKEN"')
        try:
            return await self._verify(token.strip())
        except jwt.ExpiredSignatureError:
            raise _unauthenticated(
                "token wygasł, zaloguj się ponownie", "the token has expired, sign in again"
            ) from None
        except jwt.InvalidAudienceError:
            raise _unauthenticated("token wydano dla innej usługi", "the token is for another audience") from None
        except jwt.InvalidIssuerError:
            raise _unauthenticated("token wydał nieznany dostawca", "the token is from another issuer") from None
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise _unauthenticated("token jest nieprawidłowy", "the token is not valid") from None

    async def has_keys(self) -> bool:
        """Whether tokens can be checked. Keys that were never fetched are asked for now; those that are there last."""
        if not self._keys:
            with suppress(Refused, jwt.PyJWTError):
                await self._key(None)
        return bool(self._keys)

    async def _verify(self, token: str) -> Viewer:
        key = await self._key(jwt.get_unverified_header(token).get("kid"))
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=self.audience,
            issuer=self.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "sub", "aud", "iss"]},
        )
        # a provider may know roles that Jasne does not
        known = {role.value for role in Role}
        roles = frozenset(Role(role) for role in claims.get("roles", ()) if role in known)
        roles |= {SAME_AS[role] for role in roles if role in SAME_AS}
        organizations = claims.get("organizations", ())
        claims["sub"].encode()  # a lone surrogate is a ValueError here, and not in the middle of a write
        return Viewer(subject=claims["sub"], roles=roles, organization_ids=frozenset(organizations))

    async def _key(self, kid: str | None) -> jwt.PyJWK:
        if kid not in self._keys:
            if asking := self._ask():
                await asyncio.shield(asking)
        elif self._clock() > self._believed_until and (asking := self._ask()):
            # a provider that is away takes no rights from those who have them, and no time; it is asked again later
            await asyncio.wait([asking], timeout=RENEWING)
        if kid in self._keys:
            return self._keys[kid]
        if self._away:
            raise _away()
        raise jwt.InvalidKeyError("unknown key")

    def _ask(self) -> asyncio.Task[None] | None:
        """One question at a time, whoever wants to know, and none too soon after the last: else each token would wait
        for a provider that hangs after the one before it."""
        if self._asking is None and self._clock() > self._next:
            self._asking = asyncio.create_task(self._renew())
        return self._asking

    async def _renew(self) -> None:
        """Never raises: those who wait see what keys there are."""
        try:
            known = jwt.PyJWKSet.from_json(await self._fetch()).keys
            self._keys = {key.key_id: key for key in known}
            self._believed_until = self._clock() + BELIEVED
            self._away = False
        except Exception as error:  # whatever the provider says: it may be anything, and what is known stays
            self._complain(error)
            self._away = True
            self._believed_until = max(self._believed_until, self._clock() + REFETCH)
        finally:
            self._next = self._clock() + (AGAIN if self._away else REFETCH)
            self._asking = None

    def _complain(self, error: Exception) -> None:
        """Whoever set the address wrong learns it from the log, not from people who cannot sign in."""
        if self._clock() - self._complained <= REFETCH:
            return
        self._complained = self._clock()
        # what aiohttp said is behind the refusal; the text of either may quote the answer
        cause = error.__context__ if isinstance(error, Refused) else error
        status = f" {cause.status}" if isinstance(cause, aiohttp.ClientResponseError) else ""
        _log.warning("JWKS_URL gives no keys, nobody new can sign in: %s%s", type(cause).__name__, status)

    async def _fetch(self) -> str:
        url = urlparse(self.jwks)
        if url.scheme == "file":
            return await asyncio.to_thread(Path(url2pathname(url.path)).read_text)
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(self.jwks) as answer:
            answer.raise_for_status()
            content = bytearray()
            async for part in answer.content.iter_any():
                content += part
                if len(content) > KEYS_MAX:
                    raise ValueError("no set of keys is that long")
            return content.decode()


def _away() -> Refused:
    return Refused(
        "IDENTITY_UNAVAILABLE",
        pl="Dostawca tożsamości nie odpowiada; spróbuj ponownie za chwilę.",
        en="The identity provider does not answer; try again in a moment.",
        status=503,
    )


def _unauthenticated(pl: str, en: str) -> Refused:
    return Refused("UNAUTHENTICATED", pl=f"Nie rozpoznano użytkownika: {pl}.", en=f"Not signed in: {en}.", status=401)
