"""The first signal asks a process to stop, the second does not ask."""

import asyncio
import signal
import sys

import pytest

STOPS = """
import asyncio
from shared.stopping import until_stopped

async def main():
    stopping = asyncio.create_task(until_stopped())
    await asyncio.sleep(0)
    print("up", flush=True)
    await stopping
    print("stopping", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("first", "second"), [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT)], ids=lambda sign: sign.name
)
async def test_a_second_signal_ends_it_at_once(first: signal.Signals, second: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", STOPS, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(20):
        assert await process.stdout.readline() == b"up\n"
        process.send_signal(first)
        assert await process.stdout.readline() == b"stopping\n"
        process.send_signal(second)
        assert await process.wait() == 128 + second
