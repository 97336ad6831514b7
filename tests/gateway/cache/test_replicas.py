"""Two replicas under writes and reads at once: what the bus has shown a replica, no read through it may lack."""

import asyncio

from tests.gateway.cache.conftest import Replicas
from tests.gateway.cache.storm import Storm

SECONDS = 6.0


async def test_no_read_is_older_than_what_the_bus_has_shown_while_nats_dies_and_comes_back(replicas: Replicas) -> None:
    storm = Storm(replicas.near, replicas.far, seed=20)
    await storm.prepare(24)

    async def nats_dies() -> None:
        await asyncio.sleep(SECONDS / 3)
        await replicas.nats.kill()
        await asyncio.sleep(0.5)
        await replicas.nats.start()

    await storm.rage(SECONDS, readers=6, meanwhile=nats_dies)
    assert storm.stale == []
    assert storm.checks.total() > 1_000, storm.checks
    for replica in (replicas.near, replicas.far):
        # it was the caches that were tried
        assert replica.answers is not None
        assert replica.entities is not None
        assert min(replica.answers.figures.hits, replica.entities.figures.hits) > 20
        assert replica.entities.figures.invalidations > 50
    # and in the end both have all that was written
    near, far = replicas.near, replicas.far
    async with asyncio.timeout(20):
        while any(far.seen.get(id_, 0) < version for id_, version in storm.latest.items()):
            await asyncio.sleep(0.05)
    for id_, version in storm.latest.items():
        query = f'{{ organization(id: "{id_}") {{ version }} }}'
        assert (await near.ask(query))["organization"]["version"] == version
        assert (await far.ask(query))["organization"]["version"] == version
