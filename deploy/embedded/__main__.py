"""`make run`: NATS, the three services and the gateway on this machine, with the embedded store and the seed data."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import aiohttp

from deploy.embedded.children import Child, ChildFailed, death
from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.layout import SERVICES, Layout, from_environment
from deploy.embedded.nats import NatsServer
from deploy.seed.load import load
from deploy.seed.records import line_of, seed_records
from shared.contracts.people import Role
from shared.stopping import until_stopped

STUCK = 40.0
"""Seconds that a change may wait in an outbox while NATS is there."""


def say(line: str) -> None:
    print(line, flush=True)


class Run:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.data = layout.data
        self.nats = NatsServer(self.data / "nats", layout.ports["nats"])
        self.keys = Keys(layout.keys)
        self.children = [*(self._service(name) for name in SERVICES), self._gateway()]

    def _environment(self, **more: str) -> dict[str, str]:
        common = {
            "NATS_URL": self.nats.url,
            "JWKS_URL": self.keys.jwks_url,
            "TOKEN_ISSUER": ISSUER,
            "HOST": "127.0.0.1",
        }
        return os.environ | common | more

    def _service(self, name: str) -> Child:
        url = self.layout.services[name]
        environment = self._environment(
            PORT=str(self.layout.ports[name]), STORE_URL=f"sqlite://{quote(str(self.data.absolute() / name))}.db"
        )
        return Child(name, f"services.{name}", environment, self.data / "logs" / f"{name}.log", f"{url}/ready")

    def _gateway(self) -> Child:
        urls = {f"{name.upper()}_URL": url for name, url in self.layout.services.items()}
        environment = self._environment(PORT=str(self.layout.port), **urls)
        ready = f"http://127.0.0.1:{self.layout.port}/ready"
        return Child("gateway", "gateway", environment, self.data / "logs" / "gateway.log", ready)

    async def start(self) -> None:
        self.keys.ensure()
        try:
            await self.nats.start()
        except (RuntimeError, TimeoutError) as error:
            raise ChildFailed(str(error) or f"nats-server is not ready; see {self.nats.log}") from None
        # one after the other dies with the first that fails, and says which
        await asyncio.gather(*(child.start() for child in self.children))
        await self._seed()

    async def _seed(self) -> None:
        mark = self.data / "seeded"
        if mark.exists():
            return
        token = self.keys.token([Role.OPERATOR.value], subject="seed")
        lines = [line_of(collection, entity) for collection, entity in seed_records()]
        outcome = await load(self.layout.services, token, lines, lambda _: None)
        if outcome.errors:
            raise ChildFailed(f"the seed data was not taken: {outcome.errors[0]}")
        mark.write_text(f"{outcome.stored} records\n")
        say(f"loaded {outcome.stored} records of seed data")

    async def keep(self) -> None:
        """Until one of them cannot be kept alive."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_nats())
            tasks.create_task(self._free_outboxes())
            for child in self.children:
                tasks.create_task(child.keep(say))

    async def _keep_nats(self) -> None:
        while True:
            say(f"nats-server {death(await self.nats.wait())}; starting it again")
            await self.nats.start()

    async def _free_outboxes(self) -> None:
        """After a full disk nats-server runs on but stores no more; only starting it anew helps."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            while True:
                await asyncio.sleep(STUCK / 4)
                for url in self.layout.services.values():
                    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                        async with session.get(f"{url}/ready") as answer:
                            state = await answer.json()
                        if state.get("bus") == "ok" and state.get("outbox", 0) > STUCK:
                            say("changes do not leave although NATS is there; ending it")
                            await self.nats.stop()

    async def stop(self) -> None:
        """The gateway first, so that nobody is answered by half a system; NATS last, so that outboxes can empty."""
        for child in reversed(self.children):
            await child.stop()
        await self.nats.stop()


async def main(run: Run) -> int:
    """0 when stopped by the person, 1 when something failed: then one line has said what."""
    stopping = asyncio.create_task(until_stopped())
    await asyncio.sleep(0)  # lets it take the signals before there is anything to stop
    working = asyncio.create_task(_work(run))
    try:
        await asyncio.wait((stopping, working), return_when=asyncio.FIRST_COMPLETED)
        failure = working.exception() if working.done() else None
        say(f"\n{_why(failure)}" if failure else "\nstopping")
        return 1 if failure else 0
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
        await run.stop()


async def _work(run: Run) -> None:
    await run.start()
    say(f"Jasne answers at http://127.0.0.1:{run.layout.port}/graphql (data in {run.data}, Ctrl-C stops)")
    say("  " + ", ".join(f"{name} at {url}" for name, url in run.layout.services.items()))
    await run.keep()


def _why(failure: BaseException) -> str:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return str(failure) if isinstance(failure, ChildFailed) else f"{type(failure).__name__}: {failure}"


def check_ports(run: Run) -> None:
    """Raises SystemExit with one clear line for the first port that somebody else uses."""
    for name, port in run.layout.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                raise SystemExit(f"port {port} for {name} cannot be used ({error}); choose others with PORT=") from None


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Raises SystemExit if another run uses the folder."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = (data / "lock").open("w")
    except OSError as error:
        raise SystemExit(f"the data folder {data} cannot be used: {error}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"another run uses {data}; stop it, or choose another folder with DATA_DIR=") from None
        yield


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the loop takes it: no stack trace in the first moments
    chosen = Run(from_environment())
    with only_one(chosen.data):
        check_ports(chosen)
        sys.exit(asyncio.run(main(chosen)))
