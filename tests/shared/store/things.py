"""An entity with a key of every sort, and the record of what was done to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from msgspec import field

from shared.contracts.base import Entity
from shared.ids import new_id
from shared.store.port import Collection, Key

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Colour(StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    BLUE = "BLUE"


class Thing(Entity, frozen=True, kw_only=True):
    name: str
    code: str | None = None
    shelf: str | None = None
    tags: tuple[str, ...] = ()
    colour: Colour = Colour.RED
    fragile: bool = False
    weight: int = 0
    found_at: datetime | None = None
    made_on: date | None = None
    body: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Note(Entity, frozen=True, kw_only=True):
    thing_id: str
    text: str = ""


THINGS = Collection(
    "things",
    Thing,
    "thg",
    keys={
        "name": Key(lambda t: t.name),
        "code": Key(lambda t: t.code, unique=True),
        "shelf": Key(lambda t: t.shelf),
        "tags": Key(lambda t: t.tags, multi=True),
        "words": Key(lambda t: t.name.split(), multi=True),
        "colour": Key(lambda t: t.colour),
        "fragile": Key(lambda t: t.fragile),
        "weight": Key(lambda t: t.weight),
        "found_at": Key(lambda t: t.found_at),
        "made_on": Key(lambda t: t.made_on),
    },
    orders=("name", "-name", "weight", "-weight"),
    counted=("colour", "fragile", "shelf", "tags"),
    narrowing=("words",),
)

NOTES = Collection("notes", Note, "not", keys={"thing_id": Key(lambda n: n.thing_id)})

UNLABELLED = replace(
    THINGS,
    keys={name: key for name, key in THINGS.keys.items() if name not in ("shelf", "tags")},
    counted=("colour", "fragile"),
    narrowing=(),
)
"""The same things, declared before anybody asked for shelf and tags."""


def first_letters(one: Thing) -> list[str]:
    return [word[0] for word in one.name.split()]


def by_first_letter(edition: int = 0, words: Callable[[Thing], list[str]] = first_letters) -> Collection[Thing]:
    """Things whose words are their first letters from edition 1 on."""
    key = Key(words, multi=True, edition=edition) if edition else THINGS.keys["words"]
    return replace(THINGS, keys={**THINGS.keys, "words": key})


def thing(name: str = "a thing", **fields: Any) -> Thing:
    values: dict[str, Any] = {"id": new_id("thg"), "version": 1, "created_at": NOON, "updated_at": NOON}
    return Thing(**values | {"name": name} | fields)


def note(about: Thing, text: str = "") -> Note:
    return Note(id=new_id("not"), version=1, created_at=NOON, updated_at=NOON, thing_id=about.id, text=text)
