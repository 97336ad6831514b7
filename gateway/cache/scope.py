"""Who may share what. The gateway cannot know the services' rules; it knows the two facts below, and tests hold every
service to them (tests/gateway/cache/test_scope.py)."""

from typing import Any

from shared.contracts.reading import FindRequest

OPEN = frozenset(
    {
        "addressagreements",
        "agreements",
        "benefits",
        "calls",
        "centres",
        "consultations",
        "districts",
        "documents",
        "events",
        "grantplans",
        "indicators",
        "legalsettings",
        "partnerships",
        "projects",
        "remarks",
        "smallgrantcomments",
        "snapshots",
    }
)
"""Collections of which everybody sees the same, with any token and without. Of all others, one with a token may see
more than a visitor, and so is asked for with that token; what a visitor sees, everybody sees, and alike."""

TOGETHER = frozenset({"legalsettings"})
"""Collections whose records say something of each other, as until when a limit holds: with one, all may be others."""

BY_CLOCK = {"events": ("upcoming",)}
"""Filter fields whose meaning moves with time, though nobody writes anything."""

MOMENT = 1.0
"""Seconds for which such a list is shared; and any, while the bus cannot tell what changes."""


def moves(collection: str, request: FindRequest[Any]) -> bool:
    """Whether the list may change by time alone."""
    fields = BY_CLOCK.get(collection, ())
    return request.filter is not None and any(getattr(request.filter, name) is not None for name in fields)
