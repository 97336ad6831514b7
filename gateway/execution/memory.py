"""What selections have made of contract objects before, as JSON: an entity in memory is turned into text once.

Contract objects never change, so what was made of one holds for as long as it is the same object. Kept by identity,
together with the object, so that its identity cannot pass to another.
"""

from typing import Any

import msgspec

BYTES = 16 * 1024 * 1024
"""All that is kept, roughly; then everything is forgotten at once."""
REVIEW = 2_000
"""After so many new ones it is asked whether they were worth it,"""
PAUSE = 20_000
"""and if less than one was found again for each, so many are not kept: where nothing stays in memory, nothing is met
twice."""

_ENTRY = 500
_OBJECTS = 4
"""What the objects take that are held with their text, measured in its bytes."""

_encode = msgspec.json.encode
type Memory = dict[int, tuple[Any, Any]]


class _Memories:
    """All of them together."""

    def __init__(self) -> None:
        self.used = 0
        self.found = 0
        self._new = 0
        self._pause = 0
        self._filled: list[Memory] = []

    def is_worth_it(self) -> bool:
        if self._pause:
            self._pause -= 1
            return False
        self._new += 1
        if self._new == REVIEW:
            self._pause = 0 if self.found >= REVIEW else PAUSE
            self.found = self._new = 0
        return True

    def keep(self, memory: Memory, thing: Any, made: Any, size: int) -> None:
        self.used += size * _OBJECTS + _ENTRY
        if self.used > BYTES:
            for filled in self._filled:
                filled.clear()
            self._filled.clear()
            self.used = size * _OBJECTS + _ENTRY
        if not memory:
            self._filled.append(memory)
        memory[id(thing)] = (thing, made)


memories = _Memories()


def known(memory: Memory, thing: Any) -> Any:
    """What was made of the very same object before, or None."""
    if (entry := memory.get(id(thing))) is None:
        return None
    memories.found += 1
    return entry[1]


def remember(memory: Memory, thing: Any, made: Any) -> Any:
    """`made` of the thing, where it is kept as it goes into an answer: text that needs no more work."""
    if not memories.is_worth_it():
        return made
    text = msgspec.Raw(_encode(made))
    memories.keep(memory, thing, text, len(text))
    return text


def remember_fields(memory: Memory, thing: Any, made: dict[str, Any]) -> dict[str, Any]:
    """The same for an object to which more fields will be added: its values as text, as far as they are nested."""
    if not memories.is_worth_it():
        return made
    size = 0
    for key, value in made.items():
        if isinstance(value, dict | list):
            made[key] = text = msgspec.Raw(_encode(value))
            size += len(text)
        elif isinstance(value, str):
            size += len(value)
    memories.keep(memory, thing, made, size + 25 * len(made))
    return made
