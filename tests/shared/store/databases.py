"""The databases that the contract is tested on. Each gives a URL for one more, empty database."""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docker
import pytest
from docker.errors import DockerException
from docker.models.containers import Container
from mongoeco.engines.memory import MemoryEngine
from mongoeco.errors import OperationFailure
from mongoeco.wire import proxy
from mongoeco.wire.sessions import WireSessionStore
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.setup.database import has_own_users
from shared.store.mongo import MongoStore
from shared.store.sqlite import SqliteStore

_IMAGE = "mongo:8"
_ENGINE_ANSWERS_IN = 5
_STARTS_IN = 60


def store_at(url: str, patience: float) -> SqliteStore | MongoStore:
    parts = urlsplit(url)
    return SqliteStore(Path(parts.path), patience) if parts.scheme == "sqlite" else MongoStore(url, patience)


def with_database(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


class _EndingSessions(WireSessionStore):
    """In MongoDB a transaction whose commit fails is over. mongoeco leaves it open, and who gets the session next,
    even for a read, would find himself inside of it."""

    def commit_transaction(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().commit_transaction(body)
        except OperationFailure:
            self.abort_transaction(body)
            raise


@asynccontextmanager
async def mongo_on_the_wire() -> AsyncIterator[str]:
    """MongoDB's protocol without MongoDB, in this process and in memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proxy, "WireSessionStore", _EndingSessions)
        server = proxy.AsyncMongoEcoProxyServer(engine=MemoryEngine())
    await server.start()
    try:
        yield server.address.uri
    finally:
        await server.close()


@contextmanager
def real_mongo() -> Iterator[str]:
    """The server that MONGO_URL names, or one in a container; skips where there is neither."""
    if url := os.environ.get("MONGO_URL"):
        yield url
        return
    try:
        engine = docker.from_env(timeout=_ENGINE_ANSWERS_IN)
        engine.ping()
    except DockerException as error:
        pytest.skip(f"no MONGO_URL, and no Docker engine answers: {error}")
    # pulling the image may take longer than an engine may take to answer
    engine = docker.from_env(timeout=600)
    any_free_port: Any = {"27017/tcp": ("127.0.0.1", None)}
    try:
        container = engine.containers.run(
            _IMAGE, ["--replSet", "rs0", "--bind_ip_all"], detach=True, ports=any_free_port
        )
    except DockerException as error:
        pytest.skip(f"{_IMAGE} cannot be had: {error}")
    try:
        url = _replica_set(container)
        with MongoClient[dict[str, Any]](url) as client:
            if not has_own_users(client):
                pytest.skip(f"what stands under the name {_IMAGE} is no MongoDB: it keeps no users")
        yield url
    finally:
        container.remove(force=True, v=True)
        engine.close()


def _replica_set(container: Container) -> str:
    container.reload()
    bound = container.ports["27017/tcp"]
    assert bound is not None
    port = bound[0]["HostPort"]
    # direct: the name by which the member knows itself is not the one by which it is reached from here
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    config = {"_id": "rs0", "members": [{"_id": 0, "host": "127.0.0.1:27017"}]}
    deadline = time.monotonic() + _STARTS_IN
    with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=1_000) as client:
        while True:
            try:
                if not client.admin.command("hello").get("setName"):
                    client.admin.command("replSetInitiate", config)
                if client.admin.command("hello").get("isWritablePrimary"):
                    return url
            except PyMongoError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)


def drop(url: str) -> None:
    with MongoClient[dict[str, object]](url) as client:
        client.drop_database(client.get_default_database().name)
