"""A process that relays one store, to be killed by a test: `python -m tests.shared.bus.relay_process STORE NATS [die]`.

With `die` it kills itself between the acknowledgement of a change and its deletion from the outbox.
"""

import asyncio
import os
import signal
import sys

from shared.bus.nats import Bus
from shared.bus.relay import Relay
from shared.contracts.changes import Change
from shared.store.opening import open_store
from tests.shared.bus.samples import ALL


class DyingBus(Bus):
    async def publish(self, change: Change) -> None:
        await super().publish(change)
        os.kill(os.getpid(), signal.SIGKILL)


async def main(store_url: str, nats_url: str, *, die: bool) -> None:
    store = await open_store(store_url, ALL)
    bus = await (DyingBus if die else Bus).connect(nats_url, name="relay-process")
    await Relay(store, bus, service="registry").run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], die=sys.argv[3:] == ["die"]))
