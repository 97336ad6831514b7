"""A new version comes in under load, and nobody notices; one that is broken does not come in."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from tests.deployment.finding import load_on, nothing_failed
from tests.deployment.listening import Listener
from tests.deployment.running import FIRST, NEXT, PROCESSES
from tests.deployment.stack import Stack, roll

BROKEN = {
    "ends": 'CMD ["python", "-c", "raise SystemExit(3)"]',
    "unhealthy": 'HEALTHCHECK --interval=1s --retries=1 --start-period=1ms CMD ["false"]',
}


def another(stack: Stack, service: str, version: str, lines: str = "") -> None:
    """An image like the first version's, and yet another one."""
    text = f"FROM {stack.image(service, FIRST)}\nLABEL jasne.test={version}\n{lines}\n"
    stack.engine.images.build(fileobj=BytesIO(text.encode()), tag=stack.image(service, version), rm=True)


def in_force(stack: Stack, services: Sequence[str]) -> dict[str, list[str]]:
    """The images that run, by service."""
    return {service: [one.attrs["Config"]["Image"] for one in stack.containers(service)] for service in services}


async def test_a_rolling_update_under_load_fails_no_request_and_loses_and_doubles_no_write(stack: Stack) -> None:
    for process in PROCESSES:
        another(stack, process, NEXT)
    load = await load_on(stack, "Wymiana")
    stack.version = NEXT
    async with Listener(stack, "Nasłuch") as listener:
        async with load.running():
            await load.goes_on(20)
            code, told = await roll(stack)
            assert code == 0, told
            # the new ones, all by themselves
            await load.goes_on(100)
        assert listener.connections > 1, "the gateway was replaced, and its sockets were not closed"
        await listener.hears_of_a_write()
        assert listener.refused == []
    assert in_force(stack, PROCESSES) == {process: [stack.image(process, NEXT)] for process in PROCESSES}
    await nothing_failed(load)


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_version_that_does_not_become_healthy_is_taken_away_and_the_old_one_answers(
    stack: Stack, fault: str
) -> None:
    another(stack, "registry", fault, BROKEN[fault])
    before = {one.id for one in stack.containers("registry")}
    load = await load_on(stack, f"Usterka {fault}")
    version, stack.version = stack.version, fault
    try:
        async with load.running():
            await load.goes_on(20)
            code, told = await roll(stack, "registry")
            await load.goes_on(100)
    finally:
        stack.version = version
    assert code == 1
    assert "the old ones go on" in told
    assert {one.id for one in stack.containers("registry")} == before
    await nothing_failed(load)
