"""Hundreds of operations made by a seeded walk, through both executors: the same answers."""

import pytest

from tests.gateway.execution.both import answers, refusal
from tests.gateway.execution.town import TROUBLES, Town
from tests.gateway.execution.walk import Walk

TOWNS = (
    Town(1),
    Town(2, {"organizations": TROUBLES[0]}),
    Town(3, {"events": TROUBLES[1], "consultations": TROUBLES[2], "districts": TROUBLES[0]}),
)


@pytest.mark.parametrize("batch", range(10))
async def test_a_walked_operation_has_the_same_answer(batch: int) -> None:
    compared = 0
    for seed in range(batch * 20, batch * 20 + 20):
        town = TOWNS[seed % len(TOWNS)]
        walk = Walk(seed, town)
        if refusal(walk.text) is not None:
            continue
        stock, *planned = await answers(walk.text, walk.variables, town)
        for each in planned:
            assert each == stock, walk.text
        compared += 1
    assert compared >= 12
