"""Lists as they are kept: nothing in them twice."""

from collections.abc import Mapping
from typing import Any


def each_once(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record, with each text, word of a list and id once in its list, where it stood first."""
    return {name: tuple(dict.fromkeys(value)) if _of_texts(value) else value for name, value in values.items()}


def _of_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)
