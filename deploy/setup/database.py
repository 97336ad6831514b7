"""`python -m deploy.setup.database`: makes MongoDB a replica set with a user per service, and tells each its URL.

A service's user can read and write its own database, and reach nothing else. Safe to repeat: what is there stays, and
a password that was renewed gets into force.
"""

import argparse
import time
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.embedded.layout import SERVICES
from deploy.setup.vault import PROCESS_USER, Place, Vault

REPLICA_SET = "jasne"
PATIENCE = 90.0
"""Seconds for a server to start, and for a replica set to choose its primary."""

_NOT_INITIATED, _ALREADY_INITIATED = 94, 23
_COMMAND_NOT_FOUND, _NO_SUCH_USER = 59, 11


class SetupFailed(Exception):
    """MongoDB did not do what it was asked in time."""


def initiate(client: MongoClient[dict[str, Any]], members: list[str]) -> None:
    """A set of these members (host:port), unless it is one already. Raises SetupFailed."""
    deadline = time.monotonic() + PATIENCE
    config = {"_id": REPLICA_SET, "members": [{"_id": place, "host": host} for place, host in enumerate(members)]}
    while True:
        try:
            if client.admin.command("hello").get("isWritablePrimary"):
                return
            try:
                client.admin.command("replSetGetStatus")
            except OperationFailure as error:
                if error.code != _NOT_INITIATED:
                    raise
                client.admin.command("replSetInitiate", config)
                print(f"initiated the replica set {REPLICA_SET} of {', '.join(members)}")
        except PyMongoError as error:
            if isinstance(error, OperationFailure) and error.code == _ALREADY_INITIATED:
                continue  # somebody else was faster
            if time.monotonic() > deadline:
                raise SetupFailed(f"MongoDB at {members[0]}: {type(error).__name__}") from None
        if time.monotonic() > deadline:
            raise SetupFailed(f"the replica set {REPLICA_SET} has no primary")
        time.sleep(0.2)


def has_own_users(client: MongoClient[dict[str, Any]]) -> bool:
    """Whether the server can keep users at all. Every MongoDB can; substitutes that speak its protocol may not."""
    try:
        client[SERVICES[0]].command("usersInfo", 1)
    except OperationFailure as error:
        if error.code == _COMMAND_NOT_FOUND or "unsupported" in str(error):
            return False
        raise
    return True


def roles_of(service: str) -> list[dict[str, str]]:
    """What the user of a service may do: read and write, in its own database."""
    return [{"role": "readWrite", "db": service}]


def ensure_user(client: MongoClient[dict[str, Any]], service: str, password: str) -> None:
    """It is kept in the service's own database, with this password and these roles and no others."""
    database = client[service]
    try:
        database.command("updateUser", service, pwd=password, roles=roles_of(service))
    except OperationFailure as error:
        if error.code != _NO_SUCH_USER:
            raise
        database.command("createUser", service, pwd=password, roles=roles_of(service))


def store_url(members: list[str], database: str, user: str, password: str, kept_in: str) -> str:
    return f"mongodb://{user}:{password}@{','.join(members)}/{database}?replicaSet={REPLICA_SET}&authSource={kept_in}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.setup.database", description=__doc__)
    parser.add_argument("--vault", type=Path, default=Path("/vault"))
    parser.add_argument("--places", type=Path, default=Path("/secrets"))
    parser.add_argument("--member", action="append", metavar="HOST:PORT", help="of the replica set; may be repeated")
    given = parser.parse_args()
    members = given.member or ["mongo:27017"]
    vault = Vault(given.vault)
    root = vault.secret("mongo-root")
    client: MongoClient[dict[str, Any]] = MongoClient(
        f"mongodb://root:{root}@{members[0]}/?authSource=admin",
        directConnection=True,
        serverSelectionTimeoutMS=2_000,
    )
    with client:
        try:
            initiate(client, members)
        except SetupFailed as error:
            raise SystemExit(f"database: {error}") from None
        own_users = has_own_users(client)
        if not own_users:
            print("WARNING: this server keeps no users: it is not MongoDB. All services will use its administrator.")
        for service in SERVICES:
            password = vault.secret(f"mongo-{service}")
            if own_users:
                ensure_user(client, service, password)
                url = store_url(members, service, service, password, service)
            else:
                url = store_url(members, service, "root", root, "admin")
            Place(given.places / service, PROCESS_USER).put("store_url", url)
    print("the database is ready")


if __name__ == "__main__":
    main()
