"""The embedded run's own identity provider: one Ed25519 key in the data folder, and tokens signed with it."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.identity import AUDIENCE

ISSUER = "https://embedded.jasne.invalid"
_KEY_ID = "embedded"


class Keys:
    """The key is made on first use. Whoever can read the folder can be anybody: it is for one machine, for trying."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def jwks_url(self) -> str:
        return (self.folder / "jwks.json").absolute().as_uri()

    def ensure(self) -> None:
        """Make the key and its public set unless they are there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._private.exists():
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            unfinished = self._private.with_suffix(".new")
            # readable by its owner alone from the first byte on
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(pem)
            unfinished.rename(self._private)
        public = jwt.algorithms.OKPAlgorithm.to_jwk(self._key().public_key(), as_dict=True)
        jwks = {"keys": [public | {"kid": _KEY_ID, "use": "sig", "alg": "EdDSA"}]}
        (self.folder / "jwks.json").write_bytes(msgspec.json.encode(jwks))

    def token(
        self,
        roles: Sequence[str],
        subject: str = "embedded-user",
        organizations: Sequence[str] = (),
        seconds: int = 8 * 3600,
        audience: str = AUDIENCE,
    ) -> str:
        """A signed token. Raises FileNotFoundError before the key was made."""
        moment = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": subject,
            "iat": moment,
            "exp": moment + seconds,
            "roles": list(roles),
            "organizations": list(organizations),
        }
        return jwt.encode(claims, self._key(), algorithm="EdDSA", headers={"kid": _KEY_ID})

    @property
    def _private(self) -> Path:
        return self.folder / "private.pem"

    def _key(self) -> Ed25519PrivateKey:
        key = serialization.load_pem_private_key(self._private.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{self._private} is not an Ed25519 key")
        return key
