"""The allow-list of operations: a folder of .graphql files, or a manifest as client tools write it."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from gateway.operations import InvalidOperation, Operations


def allowed_operations(place: str, operations: Operations) -> dict[str, str]:
    """Each text under its SHA-256, and under its id in the manifest.

    A manifest is Apollo's ({"operations": [{"id", "body"}]}) or Relay's ({id: text}). Raises SystemExit with one
    clear line: a gateway that would refuse everything must not start.
    """
    try:
        texts = _texts(Path(place))
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise SystemExit(f"OPERATIONS_ALLOWED={place} cannot be read: {error}") from None
    if not texts:
        raise SystemExit(f"OPERATIONS_ALLOWED={place} has no operation")
    allowed: dict[str, str] = {}
    for name, text in texts.items():
        if errors := operations.parsed(text).errors:
            raise SystemExit(f"OPERATIONS_ALLOWED={place}: {name}: {InvalidOperation(*errors)}")
        allowed[name] = text
        # clients send a file's text with or without the line break at its end
        for sent in (text, text.strip()):
            allowed[hashlib.sha256(sent.encode()).hexdigest()] = sent
    return allowed


def _texts(place: Path) -> dict[str, str]:
    if place.is_dir():
        return {file.stem: file.read_text() for file in sorted(place.rglob("*.graphql"))}
    if place.suffix == ".graphql":
        return {place.stem: place.read_text()}
    manifest: dict[str, Any] = msgspec.json.decode(place.read_bytes(), type=dict[str, Any])
    if "operations" in manifest:
        listed = msgspec.convert(manifest["operations"], list[dict[str, Any]])
        return msgspec.convert({one.get("id"): one.get("body") for one in listed}, dict[str, str])
    return msgspec.convert(manifest, dict[str, str])
