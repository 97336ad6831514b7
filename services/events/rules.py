"""What the calendar allows and refuses, and what a consultation puts into it; pure decisions, no store."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from shared.clock import local, midnight
from shared.contracts.changes import ConsultationSchedule, MeetingSchedule
from shared.contracts.events import ChangeEvent, Event, EventKind, ScheduleEvent
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.ids import id_of

STAFF = (Role.OFFICIAL, Role.EDITOR, Role.ANIMATOR)
EDITORS = (Role.OFFICIAL, Role.EDITOR)
_KNOWN_BY = ("id", "expected_version")
FROM_CONSULTATIONS = (EventKind.CONSULTATION_OPENING, EventKind.CONSULTATION_MEETING, EventKind.CONSULTATION_CLOSING)

REPEATED = {
    "title": "title",
    "kind": "kind",
    "starts_at": "startsAt",
    "ends_at": "endsAt",
    "all_day": "allDay",
    "venue": "venue",
    "organizer_ids": "organizerIds",
    "district_ids": "districtIds",
}
"""What an entry takes from the consultation it follows, by the names that clients know."""


def may_schedule(viewer: Viewer, command: ScheduleEvent) -> None:
    """The city's staff for anybody; a representative for the organisations that the token names."""
    if viewer.has(*STAFF):
        return
    if not viewer.has(Role.REPRESENTATIVE):
        raise Refused(
            "FORBIDDEN",
            pl="Wydarzenia wpisują pracownicy urzędu, animatorzy i przedstawiciele organizacji.",
            en="Events are entered by the city's staff, animators and representatives of organisations.",
            status=403,
        )
    for place, id_ in enumerate(command.organizer_ids):
        if id_ not in viewer.organization_ids:
            raise Refused(
                "NOT_YOUR_ORGANIZATION",
                pl="Nie reprezentujesz tej organizacji; może ją wpisać jej przedstawiciel albo urząd.",
                en="You do not represent this organisation; its representative or the city can enter it.",
                field=f"organizerIds.{place}",
                status=403,
            )


def is_in_order(command: ScheduleEvent) -> None:
    if command.ends_at <= command.starts_at:
        raise _ends_before_start()
    if command.kind in FROM_CONSULTATIONS:
        raise _kind_reserved()


def sound(event: Event, values: dict[str, Any]) -> dict[str, Any]:
    """The new values of an entry, as the calendar keeps them. Raises Refused for what cannot stand in it."""
    for attribute, field in REPEATED.items():
        if attribute in values and event.follows_version is not None:
            raise Refused(
                "FOLLOWS_CONSULTATION",
                pl="Ten wpis powtarza dane konsultacji; popraw je w konsultacji, a kalendarz się zmieni.",
                en="This entry repeats what the consultation says; correct it there, and the calendar follows.",
                field=field,
            )
    if values.get("kind") in FROM_CONSULTATIONS:
        raise _kind_reserved()
    times = {name: local(values[name]) if values[name] else None for name in ("starts_at", "ends_at") if name in values}
    if times or "all_day" in values:
        _times_are_in_order(msgspec.structs.replace(event, **values | times))
    return values | times


def _times_are_in_order(event: Event) -> None:
    starts, ends = event.starts_at, event.ends_at
    if ends is not None and (starts is None or ends <= starts):
        raise _ends_before_start()
    for field, moment in (("startsAt", starts), ("endsAt", ends)):
        if event.all_day and moment is not None and moment != midnight(local(moment).date()):
            raise Refused(
                "NOT_A_WHOLE_DAY",
                pl="Wpis całodniowy zaczyna się i kończy o północy czasu polskiego.",
                en="An entry of whole days starts and ends at midnight in Warsaw.",
                field=field,
            )


def may_change(viewer: Viewer) -> Role:
    """As which role. Representatives ask for a change by an error report."""
    role = next((role for role in EDITORS if viewer.has(role)), None)
    if role is None:
        raise Refused(
            "FORBIDDEN",
            pl="Wpisy kalendarza zmienia redaktor albo pracownik urzędu; błąd można zgłosić (submitCorrection).",
            en="Entries are changed by an editor or an official; an error can be reported (submitCorrection).",
            status=403,
        )
    return role


def asked_values(command: ChangeEvent) -> dict[str, Any]:
    given = msgspec.structs.asdict(command)
    values = {name: value for name, value in given.items() if value is not None and name not in _KNOWN_BY}
    if not values:
        raise Refused(
            "NOTHING_TO_CHANGE",
            pl="Podaj przynajmniej jedno pole do zmiany.",
            en="Give at least one field to change.",
        )
    return values


def entries_of(consultation_id: str, schedule: ConsultationSchedule) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the fields of each calendar entry: the opening, every meeting, the closing day.

    An entry's id comes from the consultation and its part, so the same part is always the same entry.
    """
    common = {
        "consultation_id": consultation_id,
        "organizer_ids": schedule.organizer_ids,
        "district_ids": schedule.district_ids,
    }
    if schedule.opens_on is not None:
        title = f"Początek konsultacji: {schedule.title}"
        fields = common | _whole_day(schedule.opens_on, title) | {"kind": EventKind.CONSULTATION_OPENING}
        yield id_of("evt", f"{consultation_id} opening"), fields
    for meeting in schedule.meetings:
        fields = common | _meeting(meeting, schedule.title) | {"kind": EventKind.CONSULTATION_MEETING}
        yield id_of("evt", f"{consultation_id} {meeting.id}"), fields
    if schedule.remarks_until is not None:
        title = f"Ostatni dzień zgłaszania uwag: {schedule.title}"
        fields = common | _whole_day(schedule.remarks_until, title) | {"kind": EventKind.CONSULTATION_CLOSING}
        yield id_of("evt", f"{consultation_id} closing"), fields


def _whole_day(day: date, title: str) -> dict[str, Any]:
    # midnight to midnight, not 24 hours: the days on which clocks change have 23 or 25
    times = {"starts_at": midnight(day), "ends_at": midnight(day + timedelta(days=1)), "all_day": True}
    return times | {"title": _short(title), "venue": None}


def _meeting(meeting: MeetingSchedule, consultation: str) -> dict[str, Any]:
    title = f"{meeting.title} ({consultation})"
    if meeting.starts_at is None and meeting.day is not None:
        return _whole_day(meeting.day, title) | {"venue": meeting.place}
    times = {
        "starts_at": local(meeting.starts_at) if meeting.starts_at else None,
        "ends_at": local(meeting.ends_at) if meeting.ends_at else None,
        "all_day": False,
    }
    return times | {"title": _short(title), "venue": meeting.place}


def _short(title: str) -> str:
    """Within the 300 characters of a title, whatever it is made of."""
    return title if len(title) <= 300 else title[:299] + "…"


def _ends_before_start() -> Refused:
    return Refused(
        "ENDS_BEFORE_START",
        pl="Wydarzenie musi się kończyć później, niż się zaczyna.",
        en="An event must end after it starts.",
        field="endsAt",
    )


def _kind_reserved() -> Refused:
    return Refused(
        "KIND_RESERVED",
        pl="Terminy konsultacji trafiają do kalendarza same; wybierz inny rodzaj.",
        en="The days of consultations enter the calendar by themselves; choose another kind.",
        field="kind",
    )
