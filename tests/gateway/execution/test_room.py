"""All plans of the process have one bound."""

import gc

import pytest
from graphql import parse

from gateway.execution import planner, plans
from gateway.execution.room import Room
from tests.gateway.execution.both import by_stock, context_in, planned, written
from tests.gateway.execution.town import Town

CONDITIONS = " ".join(f"$c{n}: Boolean!" for n in range(4))
CHOSEN = " ".join(f"id @include(if: $c{n})" for n in range(4))
NESTED = "organizations(first: 2) { nodes { id name parent { id name districts { name } } address { city street } } }"


def wide(number: int) -> str:
    return f"query Q{number}({CONDITIONS}) {{ {NESTED} districts {{ nodes {{ name {CHOSEN} }} }} }}"


def values(number: int) -> dict[str, bool]:
    return {f"c{bit}": bool(number >> bit & 1) for bit in range(4)}


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room(200)
    for module in (planner, plans):
        monkeypatch.setattr(module, "room", room)
    return room


async def test_many_operations_with_many_conditions_have_one_bound(room: Room) -> None:
    town = Town(7)
    operations = [planned(parse(wide(number))) for number in range(4)]
    for operation in operations:
        for number in range(16):
            await operation.answer(values(number), context_in(town))
            assert 0 < room.used <= 200
    held = [sum(1 for _ in operation._plans._plans) for operation in operations if operation._plans is not None]
    # those used last are there
    assert held[:3] == [0, 0, 0]
    assert held[3] > 1
    # who was forgotten is planned anew, and answers the same
    again = written(await operations[0].answer(values(5), context_in(town)))
    assert again == await by_stock(parse(wide(0)), values(5), town)
    del operations, operation
    gc.collect()
    assert room.used == 0


async def test_one_that_needs_more_than_all_there_is_goes_on_and_is_not_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_most", 10)
    town, operation = Town(7), planned(parse(wide(0)))
    assert written(await operation.answer(values(3), context_in(town))) == await by_stock(
        parse(wide(0)), values(3), town
    )
    assert room.used == 0
