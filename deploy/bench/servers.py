"""The system under measurement: NATS, the services, our gateway in several settings, and what it is compared with."""

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.bench.operations import records
from deploy.embedded.children import Child
from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.layout import SERVICES, Layout
from deploy.embedded.nats import NatsServer
from deploy.seed.load import load
from deploy.seed.records import line_of
from shared.contracts.people import Role

UNBOUNDED = {
    "BUDGET_PER_MINUTE": "1000000000",
    "BUDGET_BURST": "1000000000",
    "SUBSCRIPTIONS_MAX": "10000",
    "SOCKETS_MAX": "10000",
}
"""One client alone asks as much here as a city does: its budget is not what is measured."""
WITHOUT_CACHE = {"CACHE_ENTITIES_MIB": "0"}


@dataclass
class Servers:
    gateway: Child
    uncached: Child
    plain: Child
    bare: Child
    behind: dict[str, Callable[[], int | None]]
    """The process id of what stands behind the gateways, by name: the services and NATS."""
    nats: NatsServer
    services: dict[str, str]
    """Their base URLs, by name."""
    ids: list[str]
    """Of organisations."""
    token: str

    @staticmethod
    def url(child: Child) -> str:
        return child.ready.removesuffix("/ready") + "/graphql"


@contextlib.asynccontextmanager
async def servers(data: Path, port: int, store: str | None = None) -> AsyncIterator[Servers]:
    """All running on loopback from `port` upwards; stopped at the end. Raises ChildFailed.

    `store` is the STORE_URL of each service, with its name at `{service}`; without it they use SQLite.
    """
    layout = Layout(port, data)
    keys = Keys(layout.keys)
    keys.ensure()
    nats = NatsServer(data / "nats")
    async with contextlib.AsyncExitStack() as stack:
        await nats.start()
        stack.push_async_callback(nats.stop)
        common = {"NATS_URL": nats.url, "JWKS_URL": keys.jwks_url, "TOKEN_ISSUER": ISSUER, "HOST": "127.0.0.1"}
        urls = {f"{name.upper()}_URL": url for name, url in layout.services.items()}

        async def child(name: str, module: str, place: int, **more: str) -> Child:
            ready = f"http://127.0.0.1:{port + place}/ready"
            environment = os.environ | common | urls | {"PORT": str(port + place)} | more
            one = Child(name, module, environment, data / "logs" / f"{name}.log", ready)
            await one.start()
            stack.push_async_callback(one.stop)
            return one

        store = store or _sqlite(data)
        behind: dict[str, Callable[[], int | None]] = {"nats": lambda: nats.pid}
        for place, name in enumerate(SERVICES):
            service = await child(name, f"services.{name}", 1 + place, STORE_URL=store.format(service=name))
            behind[name] = partial(getattr, service, "pid")
        token = keys.token([Role.OPERATOR.value, Role.OFFICIAL.value], subject="bench")
        stored = list(records())
        lines = [line_of(collection, entity) for collection, entity in stored]
        outcome = await load(layout.services, token, lines, lambda _: None)
        if outcome.errors:
            raise RuntimeError(outcome.errors[0])
        yield Servers(
            gateway=await child("gateway", "gateway", 0, **UNBOUNDED),
            uncached=await child("uncached", "gateway", 6, **UNBOUNDED, **WITHOUT_CACHE),
            plain=await child("plain", "deploy.bench.plain", 7),
            bare=await child("bare", "deploy.bench.bare", 8),
            behind=behind,
            nats=nats,
            services=layout.services,
            ids=[entity.id for collection, entity in stored if collection == "organizations"],
            token=token,
        )


def _sqlite(folder: Path) -> str:
    return f"sqlite://{folder.absolute()}/{{service}}.db"
