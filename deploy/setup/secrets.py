"""`python -m deploy.setup.secrets`: makes what secrets are missing, and gives each process its own.

Safe to repeat. `--renew mongo-registry` (or `nats-gateway` …) makes one anew first; `docs/operations.md` says what to
do after that. The passwords of the database get into force by `python -m deploy.setup.database`.
"""

import argparse
import os
from pathlib import Path

from deploy.embedded.keys import Keys
from deploy.embedded.layout import SERVICES
from deploy.setup.vault import MONGO_USER, NATS_USER, PROCESS_USER, PROCESSES, Place, Vault

NATS_USERS = (*PROCESSES, "operator")
RENEWABLE = (*(f"mongo-{name}" for name in SERVICES), *(f"nats-{name}" for name in NATS_USERS))


def provide(vault: Vault, places: Path, nats: str) -> None:
    """`places` holds a folder per process; `nats` is the host and port that NATS is reached at."""
    mongo = Place(places / "mongo", MONGO_USER)
    mongo.put("root_password", vault.secret("mongo-root"))
    # by this the members of a replica set know one another
    mongo.put("keyfile", vault.secret("mongo-keyfile"))
    passwords = {name: vault.secret(f"nats-{name}") for name in NATS_USERS}
    lines = [f"{name.upper()}_PASSWORD={password}\n" for name, password in passwords.items()]
    Place(places / "nats", NATS_USER).put("passwords", "".join(lines))
    # a new volume belongs to root, and NATS does not run as root
    if (data := places / "nats-data").is_dir() and os.geteuid() == 0:
        os.chown(data, NATS_USER, NATS_USER)
    for name in PROCESSES:
        Place(places / name, PROCESS_USER).put("nats_url", f"nats://{name}:{passwords[name]}@{nats}")
    _keys_to_try_with(vault, places)


def _keys_to_try_with(vault: Vault, places: Path) -> None:
    """Until a city's OpenID provider is named: keys of our own. The public one is for all, the private one for who
    makes tokens."""
    keys = Keys(vault.folder / "keys")
    keys.ensure()
    Place(places / "jwks", PROCESS_USER).put("jwks.json", (keys.folder / "jwks.json").read_text(), 0o444)
    Place(places / "identity" / "keys", PROCESS_USER).put("private.pem", (keys.folder / "private.pem").read_text())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.setup.secrets", description=__doc__)
    parser.add_argument("--vault", type=Path, default=Path("/vault"))
    parser.add_argument("--places", type=Path, default=Path("/secrets"))
    parser.add_argument("--nats", default="nats:4222")
    parser.add_argument("--renew", action="append", default=[], choices=RENEWABLE, metavar="NAME")
    given = parser.parse_args()
    vault = Vault(given.vault)
    vault.forget(given.renew)
    provide(vault, given.places, given.nats)
    print("secrets are in place")


if __name__ == "__main__":
    main()
