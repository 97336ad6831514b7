"""How often and beside whom work is run again."""

import asyncio

from shared.store.attempts import Conflict, repeated


async def test_a_long_attempt_delays_who_was_overtaken_elsewhere_and_does_not_refuse_it() -> None:
    again, runs = asyncio.Lock(), 0

    async def attempt(_: float) -> int:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise Conflict("overtaken")
        return runs

    async with again:
        assert await repeated(attempt, 0.4, again) == 2
    assert not again.locked()
