"""Settings from the environment. A missing or wrong one ends the program with one clear line.

Each may come from a file instead, whose path NAME_FILE gives: for secrets, which do not belong into an environment
that every `inspect` shows.
"""

import os
from pathlib import Path

PORT_MAX = 65535


def _given(name: str) -> str | None:
    # empty is as good as not given: that is how compose files and manifests leave something out
    if value := os.environ.get(name):
        return value
    if not (path := os.environ.get(f"{name}_FILE")):
        return None
    try:
        return Path(path).read_text().strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{name}_FILE cannot be read: {path}: {type(error).__name__}") from None


class BadUrl(ValueError):
    """A URL of a setting cannot be used. The text is a clear line, and shows nothing of it: it may hold a password."""


def text(name: str, default: str) -> str:
    given = _given(name)
    return default if given is None else given


def required(name: str) -> str:
    if value := _given(name):
        return value
    raise SystemExit(f"{name} is not set")


def number(name: str, default: int | None = None) -> int:
    given = _given(name)
    if given is None and default is not None:
        return default
    try:
        found = int(given if given is not None else required(name))
    except ValueError:
        raise SystemExit(f"{name} must be a number, not {given!r}") from None
    if found < 0:
        raise SystemExit(f"{name} must not be negative")
    return found


def port(name: str, default: int | None = None) -> int:
    found = number(name, default)
    if found > PORT_MAX:
        raise SystemExit(f"{name} must be a port, at most {PORT_MAX}")
    return found


def switch(name: str, *, default: bool) -> bool:
    """`on` or `off`."""
    match (_given(name) or "").lower():
        case "":
            return default
        case "on" | "true" | "1":
            return True
        case "off" | "false" | "0":
            return False
    raise SystemExit(f"{name} must be on or off")
