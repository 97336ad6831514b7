"""Programs from before on one MongoDB with this one: rolled back to, or still running. What they write is computed
again at the next start, whether they knew stamps or not."""

from collections.abc import AsyncIterator

import pytest

from shared.store import mongo_query
from shared.store.opening import open_store
from shared.store.port import Contains, Query
from tests.shared.store.doing import next_version, put_all
from tests.shared.store.older_mongo import Older, older_program
from tests.shared.store.things import Thing, by_first_letter, thing

pytestmark = pytest.mark.parametrize("url", ["mongo-wire", "mongo"], indirect=True)

BEFORE, AFTER = by_first_letter(), by_first_letter(edition=1)


@pytest.fixture(params=["without stamps", "with stamps beside the keys"])
async def older(url: str, request: pytest.FixtureRequest) -> AsyncIterator[Older]:
    async with older_program(url, BEFORE, stamps="with stamps" in request.param) as older:
        yield older


async def start(url: str) -> None:
    """And end, without having done more."""
    await (await open_store(url, [AFTER])).close()


async def found(url: str, word: str) -> list[str]:
    store = await open_store(url, [AFTER])
    names = [one.name for one in await store.find(Query(AFTER, (Contains("words", word),), order="name"))]
    await store.close()
    return names


async def test_after_a_rollback_and_a_second_upgrade_all_keys_are_those_of_the_newer(url: str, older: Older) -> None:
    await older.start()
    kept, changed = thing("kept"), thing("changed")
    await older.put([kept, changed])
    await start(url)
    assert await older.words_of(kept) == ["k"]
    await older.start()
    assert await older.words_of(kept) == ["kept"]
    new = thing("new")
    await older.put([next_version(changed, name="renamed"), new])
    await start(url)
    assert [await older.words_of(one) for one in (kept, changed, new)] == [["k"], ["r"], ["n"]]
    assert await found(url, "r") == ["renamed"]


async def test_a_program_that_is_rolled_back_to_computes_its_own_keys_for_what_the_newer_wrote(
    url: str, older: Older
) -> None:
    await older.start()
    changed = thing("changed")
    await older.put([changed])
    newer, new = await open_store(url, [AFTER]), thing("new")
    await put_all(newer, AFTER, [next_version(changed, name="renamed"), new])
    await newer.close()
    await older.start()
    assert [await older.words_of(one) for one in (changed, new)] == [["renamed"], ["new"]]


async def test_what_an_older_replica_changes_meanwhile_is_computed_when_all_are_new(url: str, older: Older) -> None:
    await older.start()
    changed = thing("changed")
    await older.put([changed])
    newer = await open_store(url, [AFTER])
    own = thing("own")
    await put_all(newer, AFTER, [own])
    await older.put([next_version(changed, name="renamed"), next_version(own, name="taken"), thing("late")])
    await newer.close()
    assert [await found(url, word) for word in "rtlco"] == [["renamed"], ["taken"], ["late"], [], []]


async def test_a_start_that_has_nothing_to_compute_writes_nothing(
    url: str, older: Older, monkeypatch: pytest.MonkeyPatch
) -> None:
    await older.start()
    await older.put([thing("first"), thing("second")])
    await start(url)

    def refilling(*_: Thing) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(mongo_query, "refilling", refilling)
    assert await found(url, "f") == ["first"]
