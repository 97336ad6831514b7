"""What selections have made of contract objects before, as JSON: an entity in memory is turned into text once.

Contract objects never change, so what was made of one holds for as long as it is the same object. Kept by identity,
together with the object, so that its identity cannot pass to another.
"""

from typing import Any

import msgspec

BYTES = 16 * 1024 * 1024
"""All that is kept, roughly; then everything is forgotten at once."""

_ENTRY = 300  # what an entry takes beside its text

_encode = msgspec.json.encode
type Memory = dict[int, tuple[Any, Any]]


class _Memories:
    def __init__(self) -> None:
        self.used = 0
        self.filled: list[Memory] = []

    def count(self, memory: Memory, size: int) -> None:
        if not memory:
            self.filled.append(memory)
        self.used += size + _ENTRY
        if self.used > BYTES:
            for filled in self.filled:
                filled.clear()
            self.filled = [memory]
            self.used = size + _ENTRY


_memories = _Memories()


def remember(memory: Memory, thing: Any, made: Any) -> Any:
    """`made` of the thing as it goes into an answer: text that needs no more work."""
    text = msgspec.Raw(_encode(made))
    _memories.count(memory, len(text))
    memory[id(thing)] = (thing, text)
    return text


def remember_fields(memory: Memory, thing: Any, made: dict[str, Any]) -> dict[str, Any]:
    """The same for an object to which more fields will be added: its values as text, as far as they are nested."""
    size = 0
    for key, value in made.items():
        if isinstance(value, dict | list):
            made[key] = text = msgspec.Raw(_encode(value))
            size += len(text)
        elif isinstance(value, str):
            size += len(value)
    _memories.count(memory, size + 100 * len(made))
    memory[id(thing)] = (thing, made)
    return made
