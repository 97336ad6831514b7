"""Settings from the environment. A missing or wrong one ends the program with one clear line."""

import os


class BadUrl(ValueError):
    """A URL of a setting cannot be used. The text is a clear line, and shows nothing of it: it may hold a password."""


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def required(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise SystemExit(f"{name} is not set")


def number(name: str, default: int | None = None) -> int:
    given = os.environ.get(name)
    if given is None and default is not None:
        return default
    try:
        return int(given if given is not None else required(name))
    except ValueError:
        raise SystemExit(f"{name} must be a number, not {given!r}") from None


def switch(name: str, *, default: bool) -> bool:
    """`on` or `off`."""
    match os.environ.get(name, "").lower():
        case "":
            return default
        case "on" | "true" | "1":
            return True
        case "off" | "false" | "0":
            return False
    raise SystemExit(f"{name} must be on or off")
