"""Who may announce a call, and what its days must be; pure decisions, no store."""

from datetime import date, datetime, timedelta

from services.registry.law.rules import Provision
from shared.clock import deadline, midnight
from shared.contracts.calls import AnnounceCall, Call
from shared.contracts.organisations import Organization, OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused

STAFF = (Role.OFFICIAL,)


def is_staff(viewer: Viewer) -> None:
    if not viewer.has(*STAFF):
        raise Refused(
            "FORBIDDEN",
            pl="W otwartym konkursie tę czynność wykonuje pracownik urzędu.",
            en="In an open call this is done by an official.",
            status=403,
        )


def is_registered(organization: Organization | None, field: str) -> None:
    if organization is None or organization.status is not OrganizationStatus.PUBLISHED:
        raise Refused(
            "UNKNOWN_ORGANIZATION",
            pl="Tej organizacji nie ma w rejestrze; najpierw trzeba ją zgłosić.",
            en="This organisation is not in the register; it has to be submitted first.",
            field=field,
        )


def announced_in_full_on(command: AnnounceCall | Call) -> date:
    """The day of the last of the three announcements: from it the term for offers is counted."""
    return max(command.announced_in_bip_on, command.announced_on_board_on, command.announced_on_website_on)


def offers_until(command: AnnounceCall, limit: Provision) -> date:
    """The last day for offers; that of the last announcement is not counted."""
    earliest = announced_in_full_on(command) + timedelta(days=limit.value)
    if command.offers_until < earliest:
        raise Refused(
            "TERM_TOO_SHORT",
            pl=f"Na oferty musi być co najmniej {limit.value} dni od ostatniego ogłoszenia: do {earliest} lub dłużej.",
            en=f"There have to be at least {limit.value} days for offers from the last announcement: until {earliest} "
            "or longer.",
            field="offersUntil",
            legal_basis=limit.legal_basis,
        )
    return deadline(command.offers_until)


def is_still_open(until: date, today: date) -> None:
    if until < today:
        raise Refused(
            "CALL_OVER_ALREADY",
            pl=f"Termin składania ofert ({until}) już minął; konkurs ogłasza się, zanim upłynie.",
            en=f"The term for offers ({until}) has passed; a call is announced before it ends.",
            field="offersUntil",
        )


def tasks_are_sound(command: AnnounceCall, until: date) -> None:
    for place, task in enumerate(command.tasks):
        if task.ends_on < task.starts_on:
            raise Refused(
                "DAYS_REVERSED",
                pl="Zadanie kończy się, zanim się zaczyna.",
                en="The task ends before it begins.",
                field=f"tasks.{place}.endsOn",
            )
        if task.starts_on <= until:
            raise Refused(
                "TASK_BEGINS_TOO_EARLY",
                pl=f"Zadanie może się zacząć dopiero po terminie składania ofert, czyli po {until}.",
                en=f"The task can begin only after the term for offers, that is after {until}.",
                field=f"tasks.{place}.startsOn",
            )


def takes_offers(call: Call, moment: datetime) -> bool:
    """Until the end of the last day in Warsaw."""
    return moment < midnight(call.offers_until + timedelta(days=1))


def unknown(field: str) -> Refused:
    return Refused(
        "UNKNOWN_CALL", pl="Nie ma konkursu o tym identyfikatorze.", en="There is no call with this id.", field=field
    )
