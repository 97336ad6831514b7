"""Fixtures of the whole system, shared by the suites that need it."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from deploy.embedded.nats import NatsServer
from tests import told
from tests.shared.store.databases import mongo_on_the_wire
from tests.system import System, system

ONE_SYSTEM = "tests/deployment"
"""The tests of this folder share a system in containers, and each changes it: one worker runs them all."""


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return ONE_SYSTEM if nodeid.startswith(f"{ONE_SYSTEM}/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def whatever_is_shown_is_told() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        told.hold_to_it(patch)
        yield


@pytest.fixture(scope="module", params=["sqlite", "mongo"])
async def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """NATS, all services and the gateway, empty; tests of one module share them and use ids of their own.

    Everything runs on both stores; MongoDB by its wire protocol here, and by itself in the store's own suite.
    """
    folder = tmp_path_factory.mktemp("city")
    server = NatsServer(folder / "nats")
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        mongo = await stack.enter_async_context(mongo_on_the_wire()) if request.param == "mongo" else None
        yield await stack.enter_async_context(system(folder, server.url, mongo))
