"""Who may enter and change a project, and what it must say of its money; pure decisions, no store."""

from datetime import date

from services.registry.days import runs_forward
from services.registry.organisations.collections import StoredOrganization
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.projects import FundingKind, Project
from shared.contracts.refusals import Refused
from shared.polish import fold

NOTE_REQUIRED: tuple[tuple[FundingKind, date, str], ...] = (
    (FundingKind.EUROPEAN_UNION, date(2007, 1, 1), "art. 8 rozporządzenia Komisji (WE) nr 1828/2006"),
    (FundingKind.EUROPEAN_UNION, date(2014, 1, 1), "załącznik XII pkt 2.2 do rozporządzenia (UE) nr 1303/2013"),
    (FundingKind.EUROPEAN_UNION, date(2021, 7, 1), "art. 50 ust. 1 rozporządzenia (UE) 2021/1060"),
    (FundingKind.STATE, date(2021, 6, 10), "art. 35a ustawy o finansach publicznych"),
)
"""Whose money must be named by law, from which start of a project on. Other funders ask for it by contract."""


def may_try(viewer: Viewer) -> None:
    """Asked before anything is looked up."""
    if not viewer.has(Role.OFFICIAL, Role.REPRESENTATIVE):
        raise _forbidden()


def may_keep(viewer: Viewer, leader_id: str | None) -> None:
    """An official any project, a representative those that the own organisation leads."""
    if viewer.has(Role.OFFICIAL):
        return
    if not viewer.has(Role.REPRESENTATIVE) or leader_id not in viewer.organization_ids:
        raise _forbidden()


def leader_may_act(viewer: Viewer, leader: StoredOrganization | None) -> None:
    """In the name of an organisation that is suspended, or is no more, only the office acts."""
    if viewer.has(Role.OFFICIAL) or leader is None or leader.status is OrganizationStatus.PUBLISHED:
        return
    raise Refused(
        "SUSPENDED" if leader.status is OrganizationStatus.SUSPENDED else "WRONG_STATUS",
        pl=f"Organizacja, która prowadzi ten projekt, ma stan {leader.status}; jego zapis zmienia teraz tylko urząd.",
        en=f"The organisation that leads this project is {leader.status}; only the office changes its record now.",
        field="id",
        status=409,
    )


def may_pass_on(viewer: Viewer, project: Project, leader_id: str | None) -> None:
    """Only an official says that somebody else leads it."""
    if leader_id is not None and leader_id != project.leader_id and not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Lidera projektu zmienia pracownik urzędu.",
            en="The leader of a project is changed by an official.",
            field="leaderId",
            status=403,
        )


def is_sound(project: Project) -> None:
    """What must be so of every project that is entered here."""
    period = project.period
    runs_forward(period.since if period else None, period.until if period else None, "endsOn")
    _participants_are_told_once(project)
    _money_is_told(project)


def _participants_are_told_once(project: Project) -> None:
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(project.participants):
        field = f"participants.{place}"
        if (one.organization_id is None) == (one.name is None):
            raise Refused(
                "PARTICIPANT_UNCLEAR",
                pl="Wskaż partnera identyfikatorem organizacji albo nazwą, jednym z dwojga.",
                en="Name who takes part by an organisation's id or by a name, one of the two.",
                field=field,
            )
        if one.organization_id is not None and one.organization_id == project.leader_id:
            raise Refused(
                "LEADER_AMONG_PARTICIPANTS",
                pl="Lider nie jest zarazem partnerem: usuń go z listy.",
                en="The leader is no partner as well: take it off the list.",
                field=field,
            )
        who = (one.organization_id or fold(one.name or ""), one.role)
        if who in seen:
            raise Refused(
                "PARTICIPANT_TWICE",
                pl="Ten sam podmiot jest już na liście w tej samej roli.",
                en="The same body is on the list in the same role already.",
                field=field,
            )
        seen.add(who)


def _money_is_told(project: Project) -> None:
    """A programme has a funder, and a project with a funder shows the note that names it."""
    if project.programme is not None and not project.funders:
        raise Refused(
            "FUNDER_REQUIRED",
            pl="Program ma instytucję lub fundusz, z którego płynie dofinansowanie: podaj je.",
            en="A programme has a fund or a body that pays: name it.",
            field="funders",
        )
    paid_by_others = set(project.funding_kinds) - {FundingKind.OWN}
    if (project.funders or paid_by_others) and project.funding_note is None:
        raise Refused(
            "FUNDING_NOTE_REQUIRED",
            pl="Projekt dofinansowany musi podawać, kto go finansuje: wpisz notę o dofinansowaniu.",
            en="A funded project must say who pays for it: enter the funding note.",
            field="fundingNote",
            legal_basis=basis_of_note(project),
        )


def basis_of_note(project: Project) -> str | None:
    """The law of the day on which the project began, where its money is of a kind that the law names."""
    started = project.period.since if project.period else None
    bases = [
        basis
        for kind, since, basis in NOTE_REQUIRED
        if kind in project.funding_kinds and (started is not None and since <= started)
    ]
    return bases[-1] if bases else None


def has_not_ended(project: Project) -> None:
    if project.ended_on is not None:
        raise Refused(
            "PROJECT_ENDED",
            pl=f"Ten projekt zakończył się {project.ended_on}; jego zapis już się nie zmienia. "
            "Błąd w nim zgłoś przez submitCorrection.",
            en=f"This project ended on {project.ended_on}; its record does not change any more. Report an error in it "
            "with submitCorrection.",
            field="id",
            status=409,
        )


def _forbidden() -> Refused:
    return Refused(
        "FORBIDDEN",
        pl="Projekt zapisuje pracownik urzędu albo przedstawiciel organizacji, która go prowadzi.",
        en="A project is entered by an official, or by a representative of the organisation that leads it.",
        status=403,
    )
