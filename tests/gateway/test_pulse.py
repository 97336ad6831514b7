"""A process that was stopped for a while trusts nothing until it has caught up."""

import asyncio

from gateway.pulse import PAUSE, Pulse


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def turns(number: int = 10) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_after_a_pause_nothing_counts_until_the_bus_was_read() -> None:
    time, read = Time(), asyncio.Event()
    fails = [OSError("away")]

    async def catch_up() -> None:
        if fails:
            raise fails.pop()
        await read.wait()

    def steady() -> bool:
        return pulse.steady

    pulse = Pulse(catch_up, time)
    running = asyncio.create_task(pulse.run())
    await turns()
    time.now += PAUSE / 2
    assert steady()
    time.now += PAUSE + 0.01
    # found by who asks first, though no beat came between
    assert not steady()
    # the bus could not be asked the first time
    async with asyncio.timeout(5):
        while fails:
            await asyncio.sleep(0.01)
    assert not steady()
    time.now += PAUSE * 2
    assert not steady()
    read.set()
    async with asyncio.timeout(5):
        while not steady():
            await asyncio.sleep(0.01)
    running.cancel()
