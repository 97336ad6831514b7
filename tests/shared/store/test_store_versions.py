"""Two versions of a program on one store: during an upgrade, or after going back. Neither loses the other's fields."""

import msgspec
import pytest

from shared.contracts.base import Entity
from shared.store.opening import open_store
from shared.store.port import Collection, Contains, Key, Query
from tests.shared.store.doing import put_all
from tests.shared.store.things import NOON, THINGS, Colour, by_first_letter, thing


class OlderThing(Entity, frozen=True, kw_only=True):
    """A thing before it got tags, a shelf, and the rest."""

    name: str


OLDER: Collection[OlderThing] = Collection(
    "things", OlderThing, "thg", keys={"name": Key(lambda t: t.name)}, orders=("name",)
)


async def test_an_older_program_that_only_starts_and_reads_loses_no_newer_field(url: str) -> None:
    newer = await open_store(url, [THINGS])
    full = thing("full", shelf="left", tags=("a", "b"), data={"deep": {"er": [1]}})
    await newer.transaction(lambda tx: tx.put(THINGS, full))
    await newer.close()
    older = await open_store(url, [OLDER])
    assert await older.get(OLDER, full.id) == OlderThing(
        id=full.id, version=1, created_at=NOON, updated_at=NOON, name="full"
    )
    await older.close()
    newer = await open_store(url, [THINGS])
    assert await newer.get(THINGS, full.id) == full
    assert [found.id for found in await newer.find(Query(THINGS, (Contains("tags", "a"),), order="name"))] == [full.id]
    await newer.close()


async def test_an_older_program_that_writes_loses_no_newer_field(url: str) -> None:
    newer = await open_store(url, [THINGS])
    full = thing("full", shelf="left", tags=("a",), data={"deep": {"er": [1]}})
    await newer.transaction(lambda tx: tx.put(THINGS, full))
    older = await open_store(url, [OLDER])
    renamed = OlderThing(id=full.id, version=2, created_at=NOON, updated_at=NOON, name="renamed")
    await older.transaction(lambda tx: tx.put(OLDER, renamed))
    await older.close()
    await newer.close()
    newer = await open_store(url, [THINGS])
    assert await newer.get(THINGS, full.id) == msgspec.structs.replace(full, version=2, name="renamed")
    await newer.close()


async def test_a_field_that_is_set_to_nothing_is_gone(url: str) -> None:
    store = await open_store(url, [THINGS])
    full = thing("full", shelf="left")
    await store.transaction(lambda tx: tx.put(THINGS, full))
    empty = msgspec.structs.replace(full, version=2, shelf=None)
    await store.transaction(lambda tx: tx.put(THINGS, empty))
    assert await store.get(THINGS, full.id) == empty
    await store.close()


async def test_a_key_of_a_new_edition_is_computed_again_for_what_is_stored(url: str) -> None:
    before, after = by_first_letter(), by_first_letter(edition=1)
    old = await open_store(url, [before])
    blue, red = thing("blue thing", colour=Colour.BLUE), thing("red thing")
    await put_all(old, before, [blue, red])
    new = await open_store(url, [after])
    assert [one.id for one in await new.find(Query(after, (Contains("words", "b"),), order="name"))] == [blue.id]
    assert await new.find(Query(after, (Contains("words", "blue"),), order="name")) == []
    assert (await new.tally(after, ("colour",), (Contains("words", "t"),))).by == {"colour": {"BLUE": 1, "RED": 1}}
    await old.close()
    await new.close()


@pytest.mark.parametrize("url", ["mongo-wire", "mongo"], indirect=True)
async def test_what_the_version_before_writes_meanwhile_is_computed_at_the_next_start(url: str) -> None:
    # on MongoDB, where an upgrade has replicas of both versions; a SQLite file has one program
    before, after = by_first_letter(), by_first_letter(edition=1)
    old, new = await open_store(url, [before]), await open_store(url, [after])
    late = thing("late thing")
    await put_all(old, before, [late])
    await old.close()
    await new.close()
    new = await open_store(url, [after])
    assert [one.id for one in await new.find(Query(after, (Contains("words", "l"),), order="name"))] == [late.id]
    await new.close()
