"""A start that computes keys again is stopped in the middle, and the next start makes it whole."""

import asyncio
import sys
from contextlib import suppress

import pytest

from shared.store import mongo
from shared.store.opening import open_store
from shared.store.port import Collection, Contains, Query
from tests.shared.store.doing import put_all
from tests.shared.store.things import Colour, Thing, by_first_letter, first_letters, thing

BEFORE, AFTER = by_first_letter(), by_first_letter(edition=1)
NUMBER = 12


async def filled(url: str) -> None:
    store = await open_store(url, [BEFORE])
    await put_all(store, BEFORE, [thing(f"thing {n}", colour=Colour.BLUE) for n in range(NUMBER)])
    await store.close()


async def counted(url: str, collection: Collection[Thing], word: str) -> tuple[int, dict[str, int]]:
    """How many are found by the word, one by one and together."""
    store = await open_store(url, [collection])
    where = (Contains("words", word),)
    found = await store.find(Query(collection, where, order="name", limit=100))
    tally = await store.tally(collection, ("colour",), where)
    await store.close()
    return len(found), {str(value): number for value, number in tally.by["colour"].items()}


async def killed_in_the_middle(url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.shared.store.another_process", "upgrade", url, str(NUMBER - 2)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"here\n"
    process.kill()
    await process.wait()


async def test_a_process_that_is_killed_in_the_middle_leaves_it_to_the_next(url: str) -> None:
    await filled(url)
    await killed_in_the_middle(url)
    assert await counted(url, AFTER, "t") == (NUMBER, {"BLUE": NUMBER})
    assert await counted(url, AFTER, "thing") == (0, {})


async def test_after_an_upgrade_that_was_killed_the_version_before_finds_all_again(url: str) -> None:
    await filled(url)
    await killed_in_the_middle(url)
    assert await counted(url, BEFORE, "thing") == (NUMBER, {"BLUE": NUMBER})
    assert await counted(url, BEFORE, "t") == (0, {})
    assert await counted(url, AFTER, "t") == (NUMBER, {"BLUE": NUMBER})


async def test_a_start_that_is_cancelled_in_the_middle_leaves_it_to_the_next(url: str) -> None:
    await filled(url)
    loop, reached = asyncio.get_running_loop(), asyncio.Event()

    def words(one: Thing) -> list[str]:
        # in the thread of the store, with SQLite
        loop.call_soon_threadsafe(reached.set)
        return first_letters(one)

    starting = asyncio.create_task(open_store(url, [by_first_letter(edition=1, words=words)]))
    await reached.wait()
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await (await starting).close()
    assert await counted(url, AFTER, "t") == (NUMBER, {"BLUE": NUMBER})


@pytest.mark.parametrize("url", ["mongo-wire", "mongo"], indirect=True)
async def test_what_was_computed_before_is_not_computed_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(url)
    monkeypatch.setattr(mongo, "_BATCH", 5)
    computed: list[str] = []

    def words(one: Thing) -> list[str]:
        computed.append(one.id)
        if len(computed) == NUMBER - 2:
            raise InterruptedError
        return first_letters(one)

    with pytest.raises(InterruptedError):
        await open_store(url, [by_first_letter(edition=1, words=words)])
    await (await open_store(url, [by_first_letter(edition=1, words=words)])).close()
    assert len(computed) == NUMBER - 2 + NUMBER - 5
