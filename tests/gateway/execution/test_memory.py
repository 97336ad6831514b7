import msgspec
import pytest
from graphql import parse

from gateway import kinds
from gateway.execution import memory
from gateway.transport import Caller
from tests.gateway.execution.both import by_stock, context_in, planned, written
from tests.gateway.execution.town import Town

TEXT = "{ organizations(first: 5) { nodes { id name address { city } parent { name } } } districts { nodes { name } } }"


@pytest.fixture(autouse=True)
def memories(monkeypatch: pytest.MonkeyPatch) -> memory._Memories:
    monkeypatch.setattr(memory, "memories", memory._Memories())
    return memory.memories


async def test_what_is_seen_by_a_token_is_not_kept(memories: memory._Memories) -> None:
    town, operation = Town(7), planned(parse(TEXT))
    context = context_in(town)
    context.caller = Caller("Bearer x")
    with_token = written(await operation.answer({}, context))
    assert memories.used == 0
    assert with_token == await by_stock(parse(TEXT), {}, town)
    await operation.answer({}, context_in(town))
    assert memories.used > 0


async def test_what_has_changed_is_shown_as_it_is_now() -> None:
    town, operation = Town(7), planned(parse(TEXT))
    await operation.answer({}, context_in(town))
    renamed = {
        id_: msgspec.structs.replace(entity, name="Inna nazwa")
        for id_, entity in town.entities[kinds.ORGANIZATIONS].items()
    }
    town.entities[kinds.ORGANIZATIONS] = renamed
    town.pages.clear()
    data, _ = written(await operation.answer({}, context_in(town)))
    assert b"Inna nazwa" in data
    assert (data, _) == await by_stock(parse(TEXT), {}, town)


async def test_everything_is_forgotten_when_it_is_too_much(
    memories: memory._Memories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "BYTES", 5_000)
    town = Town(7)
    for _ in range(20):
        operation = planned(parse(TEXT))
        data = written(await operation.answer({}, context_in(town)))
        assert memories.used <= 5_000
        assert data == await by_stock(parse(TEXT), {}, town)


def test_nothing_more_is_kept_for_a_while_where_nothing_is_met_twice(memories: memory._Memories) -> None:
    kept: memory.Memory = {}
    things = [object() for _ in range(memory.REVIEW + memory.PAUSE + 10)]
    for thing in things:
        memory.remember(kept, thing, {})
    assert len(kept) == memory.REVIEW + 10
    assert memory.known(kept, things[0]) is not None
    assert memory.known(kept, things[memory.REVIEW]) is None
