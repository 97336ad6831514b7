"""Who may keep a snapshot, and what it holds; pure decisions, no store."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.organisations import LegalForm
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.contracts.statistics import NamedCount


def may_take(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Zestawienie statystyczne zapisuje pracownik urzędu.",
            en="Snapshots of the statistics are kept by an official.",
            status=403,
        )


def counts_by_form(counted: Mapping[Any, int]) -> tuple[NamedCount, ...]:
    """The most frequent first; forms of equal count in the order of the dictionary."""
    counts = [NamedCount(name=form.value, legal_form=form, count=counted.get(form.value, 0)) for form in LegalForm]
    return tuple(sorted((each for each in counts if each.count), key=lambda each: -each.count))
