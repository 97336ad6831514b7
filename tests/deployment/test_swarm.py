"""The stack on a real orchestrator, of one node: replicas are killed and replaced, versions come and are taken back,
and no client notices. MongoDB is whatever mongo:8 is on this machine."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest

from tests.deployment.finding import load_on, nothing_failed
from tests.deployment.listening import Listener
from tests.deployment.running import FIRST, NEXT, until
from tests.deployment.swarm_stack import IMAGES, Swarm, alone, image_of, manager

PAUSE = 0.3
"""Seconds that each client rests after a request: the replicas of all start on the same machine, too."""
BROKEN = {
    "ends": 'CMD ["python", "-c", "raise SystemExit(3)"]',
    "never-healthy": 'HEALTHCHECK CMD ["false"]',
}


@pytest.fixture(scope="module")
async def swarm() -> AsyncIterator[Swarm]:
    """Up and healthy from nothing, with two gateways and one of each other."""
    with alone(), manager() as engine:
        made = Swarm(engine)
        try:
            made.build()
            await made.deploy(FIRST)
            said = made.seed()
            assert "errors 0" in said, said
            yield made
        finally:
            made.remove()


async def test_under_load_replicas_are_added_one_is_killed_and_replaced_and_no_request_fails(swarm: Swarm) -> None:
    load = await load_on(swarm, "Ubytek", pause=PAUSE)

    async def three() -> bool:
        return len(swarm.running("registry")) == 3

    async with load.running():
        await load.goes_on(20)
        swarm.update("registry", "--replicas", "3")
        await until(three)
        # it works when it is killed, and so do the others
        await load.goes_on(60)
        killed = next(iter(swarm.running("registry")))
        victim = swarm.engine.containers.get(killed)

        async def replaced() -> bool:
            return killed not in swarm.running("registry") and await three()

        victim.kill("SIGKILL")
        await until(replaced)
        await load.goes_on(60)
    assert any(task["Status"]["State"] == "failed" for task in swarm.tasks("registry"))
    await nothing_failed(load)


async def test_a_rolling_update_under_load_fails_no_request_and_loses_and_doubles_no_write(swarm: Swarm) -> None:
    for image in IMAGES:
        assert swarm.engine.images.get(swarm.image(image)).tag(f"{swarm.name}/{image}", NEXT)
    data = {**swarm.running("mongo"), **swarm.running("nats")}
    load = await load_on(swarm, "Wymiana", pause=PAUSE)
    async with Listener(swarm, "Nasłuch") as listener:
        async with load.running():
            await load.goes_on(20)
            await swarm.deploy(NEXT, REGISTRY_REPLICAS="3")
            # the new ones, all by themselves
            await load.goes_on(60)
        assert listener.connections > 1, "the gateway was replaced, and its sockets were not closed"
        await listener.hears_of_a_write()
        assert listener.refused == []
    assert list(swarm.running("registry").values()) == [swarm.image("registry", NEXT)] * 3
    assert list(swarm.running("gateway").values()) == [swarm.image("gateway", NEXT)] * 2
    assert {**swarm.running("mongo"), **swarm.running("nats")} == data, "what keeps data was replaced"
    await nothing_failed(load)


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_image_is_taken_back_by_itself_and_no_request_fails(swarm: Swarm, fault: str) -> None:
    broken, before = swarm.image("registry", fault), set(swarm.running("registry").values())
    text = f"FROM {swarm.image('registry')}\n{BROKEN[fault]}\n"
    swarm.engine.images.build(fileobj=BytesIO(text.encode()), tag=broken, rm=True)
    load = await load_on(swarm, f"Usterka {fault}", pause=PAUSE)

    async def taken_back() -> bool:
        return swarm.update_state("registry") == "rollback_completed"

    async with load.running():
        await load.goes_on(20)
        # the stack gives a process three minutes to become healthy
        swarm.update("registry", "--image", broken, "--health-start-period", "1ms", "--health-interval", "1s")
        await until(taken_back)
        await load.goes_on(60)
    assert any(image_of(task) == broken for task in swarm.tasks("registry")), "the broken image was never tried"
    assert set(swarm.running("registry").values()) == before
    assert len(swarm.running("registry")) == 3
    await nothing_failed(load)
