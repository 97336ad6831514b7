"""What is kept comes back exactly as it was, now and after a restart."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.store.opening import open_store
from shared.store.port import Contains, Duplicate, Eq, Key, Prefix, Store
from tests.shared.store.doing import names, put_all
from tests.shared.store.things import NOTES, THINGS, UNLABELLED, Thing, thing


async def kept(store: Store, one: Thing) -> Thing:
    await put_all(store, THINGS, [one])
    found = await store.get(THINGS, one.id)
    assert found is not None
    return found


async def test_text_is_kept_sign_by_sign(store: Store) -> None:
    texts = [
        "Zażółć gęślą jaźń, „Łódź” – §",
        unicodedata.normalize("NFC", "żółć"),
        unicodedata.normalize("NFD", "żółć"),
        "👩‍👧 😀 \U0010ffff",
        "  spaces \t\r\n and ends  ",
        'quotes " \' \\ $where {"$gt": ""}',
        "a\x00b",
    ]
    for text in texts:
        assert (await kept(store, thing(text, body=text, code=text))).body == text
        assert await names(store, Eq("code", text)) == [text]
    assert len(await names(store)) == len(texts)


async def test_instants_keep_their_offset_and_their_microseconds(store: Store) -> None:
    for offset in (timedelta(0), timedelta(hours=2), timedelta(hours=-3, minutes=-30)):
        at = datetime(2025, 3, 30, 2, 30, 15, 123_456, tzinfo=timezone(offset))
        found = (await kept(store, thing(found_at=at))).found_at
        assert found == at
        assert found is not None
        assert found.utcoffset() == offset


async def test_days_and_nested_data_are_kept(store: Store) -> None:
    data: dict[str, Any] = {
        "a.b": 1,
        "$set": {"$inc": None},
        "list": [1, 2.5, True, None, {"deep": [[]]}],
        "": "no name",
        "large": 2**53 + 1,
    }
    one = thing(made_on=date(2024, 2, 29), data=data, tags=("ż", "ź"))
    assert await kept(store, one) == one


async def test_a_document_of_five_megabytes_is_kept(store: Store) -> None:
    one = thing(body="ż" * 2_500_000)
    assert (await kept(store, one)).body == one.body


async def test_what_is_stored_outlives_the_store(url: str, store: Store) -> None:
    one = thing("kept", code="1", tags=("x",), found_at=datetime(2025, 1, 1, tzinfo=UTC))
    await put_all(store, THINGS, [one])
    await store.close()
    again = await open_store(url, [THINGS, NOTES])
    try:
        assert await again.get(THINGS, one.id) == one
        assert await names(again, Contains("tags", "x"), Eq("code", "1")) == ["kept"]
    finally:
        await again.close()


async def test_a_key_that_was_added_is_filled_from_the_documents(url: str) -> None:
    older = await open_store(url, [UNLABELLED])
    things = [thing(f"{number:03}", shelf="left" if number % 2 else None, tags=("x", "y")) for number in range(300)]
    await put_all(older, UNLABELLED, things)
    await older.close()
    newer = await open_store(url, [THINGS, NOTES])
    try:
        assert await newer.count_by(THINGS, "shelf") == {"left": 150}
        assert await names(newer, Contains("tags", "y"), limit=3) == ["000", "001", "002"]
        assert await newer.get_many(THINGS, [things[0].id]) == [things[0]]
        await put_all(newer, THINGS, [thing("more", tags=("y",))])
        assert await names(newer, Contains("tags", "y"), Prefix("name", "m")) == ["more"]
    finally:
        await newer.close()


async def test_a_key_that_was_dropped_and_an_order_that_was_added_are_followed(url: str, store: Store) -> None:
    await put_all(store, THINGS, [thing("a", code="2"), thing("b", code="1")])
    await store.close()
    unlabelled = await open_store(url, [UNLABELLED])
    await put_all(unlabelled, UNLABELLED, [thing("c", tags=("x",))])
    await unlabelled.close()
    again = await open_store(url, [THINGS, NOTES])
    try:
        assert await names(again, order="-name") == ["c", "b", "a"]
        assert await names(again, Contains("tags", "x")) == ["c"]
    finally:
        await again.close()


async def test_a_key_made_unique_refuses_doubles_when_opened_and_changes_nothing(url: str, store: Store) -> None:
    await put_all(store, THINGS, [thing("a", weight=1), thing("b", weight=1)])
    await store.close()
    stricter = replace(THINGS, keys={**THINGS.keys, "weight": Key(lambda t: t.weight, unique=True)})
    with pytest.raises(Duplicate) as refusal:
        await open_store(url, [stricter])
    assert refusal.value.key == "weight"
    again = await open_store(url, [THINGS, NOTES])
    try:
        assert await names(again, Eq("weight", 1)) == ["a", "b"]
    finally:
        await again.close()
