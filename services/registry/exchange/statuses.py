"""What an import may say of an organisation's status: of a known one, nothing that was not decided; pure decisions.

Whoever imports decides nothing: suspending, reinstating and dissolving are steps of their own, with a role and, where
the step wants one, a reason. A new row may come with the status that it has where it comes from.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from services.registry.exchange.protocol import Row, RowError
from services.registry.exchange.reading import NAMES, RowRefused, error, missing
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import MOVES, PUBLIC, Step, dissolution_is_past
from shared.contracts.organisations import FieldSource, OrganizationStatus
from shared.contracts.refusals import Refused

STATUS = "status"
_DECIDED = ("status", "decision_reason", "dissolved_on")
_AWAITING = (OrganizationStatus.SUBMITTED, OrganizationStatus.VERIFIED)
_MUTATIONS = {
    Step.SUSPENDED: "suspendOrganization",
    Step.REINSTATED: "reinstateOrganization",
    Step.DISSOLVED: "dissolveOrganization",
}


def steps(told: tuple[FieldSource, ...] | None) -> tuple[FieldSource, ...]:
    """The history of the status: one entry for every step, where other fields have one entry each."""
    return tuple(one for one in told or () if one.field == STATUS)


def reason_of(status: OrganizationStatus, told: tuple[FieldSource, ...] | None) -> str | None:
    """The reason of the step that led to this status, for a file that has it only among the sources."""
    last = next(reversed(steps(told)), None)
    if last is None or status not in (OrganizationStatus.SUSPENDED, OrganizationStatus.DISSOLVED):
        return None
    return last.reason if last.source == status.lower() else None


def may_start(row: Row, new: StoredOrganization, on: date) -> None:
    """A new record is public, and says what its status needs. Raises RowRefused."""
    if new.status not in PUBLIC:
        possible = ", ".join(PUBLIC)
        pl = f"nowej organizacji import nada tylko stan: {possible}; zgłoszenia składa się przez submitOrganization"
        en = f"an import can make a new organisation only: {possible}; submissions come by submitOrganization"
        raise RowRefused(error(row, STATUS, "WRONG_STATUS", pl, en))
    _is_whole(row, new, on)


def stands(row: Row, known: StoredOrganization, changes: Mapping[str, Any], on: date) -> None:
    """A known record's status and what was decided with it stay; only what is lacking there may be filled in.

    A submission is left to those who decide on it, and what was rejected stays as it is. Raises RowRefused.
    """
    if known.status in _AWAITING:
        raise RowRefused(
            error(
                row,
                None,
                "AWAITS_DECISION",
                f"to zgłoszenie {known.id} w stanie {known.status}: najpierw o nim zdecyduj (reviewOrganization), "
                "potem importuj ponownie",
                f"this is the submission {known.id}, {known.status}: decide on it first (reviewOrganization), "
                "then import again",
            )
        )
    if known.status is OrganizationStatus.REJECTED:
        pl = f"zgłoszenie {known.id} odrzucono i import tego nie zmienia; wiersz bez id utworzy nową organizację"
        en = f"the submission {known.id} was rejected, which no import changes; a row without id makes a new record"
        raise RowRefused(error(row, STATUS, "WRONG_STATUS", pl, en))
    decided = {name: changes[name] for name in _DECIDED if name in changes}
    if STATUS in decided:
        raise RowRefused(_another_status(row, known, decided[STATUS]))
    overwritten = [name for name in decided if getattr(known, name) is not None]
    if overwritten:
        raise RowRefused(*(_decided_already(row, known, NAMES[name]) for name in overwritten))
    if decided:
        _is_whole(row, msgspec.structs.replace(known, **decided), on)


def _another_status(row: Row, known: StoredOrganization, wanted: OrganizationStatus) -> RowError:
    step = next((s for s in _MUTATIONS if known.status in MOVES[s].starts and MOVES[s].end is wanted), None)
    by_pl = f"służy do tego {_MUTATIONS[step]}" if step else "takiej zmiany nie ma"
    by_en = f"that is done by {_MUTATIONS[step]}" if step else "there is no such step"
    return error(
        row,
        STATUS,
        "STATUS_IS_DECIDED",
        f"organizacja {known.id} ma stan {known.status}, a import stanu nie zmienia (w wierszu: {wanted}); {by_pl}",
        f"the organisation {known.id} is {known.status}, and an import changes no status (the row says {wanted}); "
        f"{by_en}",
    )


def _decided_already(row: Row, known: StoredOrganization, column: str) -> RowError:
    pl = f"to należy do decyzji o organizacji {known.id}, której import nie zmienia; usuń tę kolumnę"
    en = f"this is part of what was decided on {known.id}, which no import changes; leave this column out"
    return error(row, column, "STATUS_IS_DECIDED", pl, en)


def _is_whole(row: Row, record: StoredOrganization, on: date) -> None:
    if errors := list(_lacking(row, record, on)):
        raise RowRefused(*errors)


def _lacking(row: Row, record: StoredOrganization, on: date) -> Iterator[RowError]:
    if record.status is OrganizationStatus.DISSOLVED:
        if record.dissolved_on is None:
            yield missing(row, "dissolvedOn")
        else:
            try:
                dissolution_is_past(record.dissolved_on, on)
            except Refused as refused:
                yield error(row, refused.field, refused.code, refused.pl, refused.en)
    elif record.dissolved_on is not None:
        pl = f"dzień rozwiązania ma tylko organizacja w stanie DISSOLVED, nie {record.status}"
        en = f"only an organisation that is DISSOLVED has a day of dissolution, not one that is {record.status}"
        yield error(row, "dissolvedOn", "NOT_DISSOLVED", pl, en)
    if record.status is OrganizationStatus.SUSPENDED and record.decision_reason is None:
        pl, en = "zawieszenie wymaga uzasadnienia w tej kolumnie", "a suspension needs its reason in this column"
        yield error(row, "decisionReason", "REASON_REQUIRED", pl, en)
    if record.status is OrganizationStatus.PUBLISHED and record.decision_reason is not None:
        pl = "uzasadnienie mają tylko organizacje zawieszone i rozwiązane; usuń je"
        en = "only what is suspended or dissolved has a reason; leave it out"
        yield error(row, "decisionReason", "WRONG_STATUS", pl, en)
