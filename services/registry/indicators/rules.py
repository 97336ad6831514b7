"""Who may enter an indicator, of what, and that it says nothing of a person; pure decisions, no store."""

from shared.contracts.indicators import Indicator, IndicatorName, RecordIndicator
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current

OF_VULNERABLE = (IndicatorName.SUBSIDISED_JOBS, IndicatorName.EMPLOYED_FROM_VULNERABLE_GROUPS)
"""Counts of people whose disability, homelessness or addiction such a job would tell."""
FEWEST = 3
"""Of one or two people in one organisation everybody knows who they are. The platform's own bound, as statistics
offices have it; the law names none."""


def may_keep(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Wskaźniki zapisuje pracownik urzędu.",
            en="Indicators are entered by an official.",
            status=403,
        )


def is_of_one(command: RecordIndicator) -> None:
    if (command.organization_id is None) == (command.project_id is None):
        raise Refused(
            "SUBJECT_UNCLEAR",
            pl="Wskaż organizację albo projekt, jedno z dwojga.",
            en="Name an organisation or a project, one of the two.",
            field="organizationId",
        )


def has_begun(year: int, this_year: int) -> None:
    if year > this_year:
        raise Refused(
            "YEAR_AHEAD",
            pl="Ten rok jeszcze się nie zaczął; zapisz liczbę, gdy będzie znana.",
            en="This year has not begun; enter the number when it is known.",
            field="year",
        )


def tells_of_nobody(name: IndicatorName, value: int) -> None:
    if name in OF_VULNERABLE and 0 < value < FEWEST:
        raise Refused(
            "TOO_FEW_TO_TELL",
            pl=f"Liczba mniejsza niż {FEWEST} wskazywałaby konkretne osoby; zapisz ją łącznie, np. dla projektu.",
            en=f"A number below {FEWEST} would point at people; enter it together with others, e.g. for a project.",
            field="value",
            legal_basis="art. 9 ust. 1 RODO",
        )


def corrects_knowingly(earlier: Indicator, expected_version: int | None) -> None:
    """Whoever replaces a number has seen it."""
    if expected_version is None:
        raise Refused(
            "INDICATOR_THERE",
            pl=f"Ta liczba już jest ({earlier.value}); aby ją poprawić, podaj expectedVersion.",
            en=f"This number is there already ({earlier.value}); to correct it, give expectedVersion.",
            field="expectedVersion",
            status=409,
        )
    version_is_current(earlier.version, expected_version)
