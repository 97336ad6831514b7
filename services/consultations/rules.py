"""What a consultation allows and refuses; pure decisions, no store."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.contracts.base import ContactPoint
from shared.contracts.consultations import (
    Channel,
    Consultation,
    ConsultationStatus,
    Document,
    NewMeeting,
    RemarkKind,
    SubmitRemark,
)
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused

ORGANISERS = (Role.OFFICIAL,)
SPEAKERS = (Role.RESIDENT, Role.REPRESENTATIVE, Role.PARTNER, Role.ANIMATOR, Role.OFFICIAL)
NEEDS_WORDING = (RemarkKind.REPLACE, RemarkKind.APPEND, RemarkKind.ADD_ITEM)
NEEDS_ANCHOR = (RemarkKind.REPLACE, RemarkKind.APPEND, RemarkKind.DELETE)


def may_organise(viewer: Viewer) -> None:
    if not viewer.has(*ORGANISERS):
        raise Refused(
            "FORBIDDEN",
            pl="Konsultacje prowadzi pracownik urzędu.",
            en="Consultations are run by officials of the city.",
            status=403,
        )


def days_are_in_order(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise Refused(
            "CLOSES_BEFORE_OPENING",
            pl="Konsultacje nie mogą się zakończyć przed rozpoczęciem; popraw datę zakończenia.",
            en="A consultation cannot close before it opens; correct the closing day.",
            field="closesOn",
        )


def is_not_over(remarks_until: date, today: date) -> None:
    if remarks_until < today:
        raise Refused(
            "CLOSES_IN_THE_PAST",
            pl="Termin zakończenia już minął; podaj dzisiejszy albo późniejszy.",
            en="The closing day has passed; give today or a later day.",
            field="closesOn",
        )


def meetings_are_in_order(meetings: Iterable[NewMeeting]) -> None:
    for place, meeting in enumerate(meetings):
        if meeting.ends_at <= meeting.starts_at:
            raise Refused(
                "ENDS_BEFORE_START",
                pl="Spotkanie musi się kończyć później, niż się zaczyna.",
                en="A meeting must end after it starts.",
                field=f"meetings.{place}.endsAt",
            )


def sound(_: Consultation | Document, values: dict[str, Any]) -> dict[str, Any]:
    """The new values of a corrected record. Raises Refused for what cannot stand in it."""
    contact: ContactPoint | None = values.get("contact")
    for place, hours in enumerate(contact.hours if contact is not None else ()):
        if hours.closes <= hours.opens:
            raise Refused(
                "CLOSES_BEFORE_OPENING",
                pl="Godziny kończą się przed rozpoczęciem; popraw je.",
                en="These hours end before they start; correct them.",
                field=f"contact.hours.{place}",
            )
    return values


def may_speak(viewer: Viewer, command: SubmitRemark) -> None:
    """Residents and organisations remark on-line; an official enters what came by other ways."""
    if not viewer.has(*SPEAKERS):
        raise Refused(
            "FORBIDDEN",
            pl="Uwagi zgłaszają mieszkańcy i przedstawiciele organizacji.",
            en="Remarks are made by residents and representatives of organisations.",
            status=403,
        )
    official = viewer.has(Role.OFFICIAL)
    if command.channel is not Channel.ONLINE and not official:
        raise Refused(
            "OFFICIAL_ENTERS_OFFLINE",
            pl="Uwagi złożone poza serwisem wprowadza pracownik urzędu; wybierz kanał ONLINE.",
            en="Remarks that came off-line are entered by an official; choose the channel ONLINE.",
            field="channel",
            status=403,
        )
    if command.organization_id is not None and not official and command.organization_id not in viewer.organization_ids:
        raise Refused(
            "NOT_YOUR_ORGANIZATION",
            pl="Nie reprezentujesz tej organizacji; zgłoś uwagę we własnym imieniu.",
            en="You do not represent this organisation; make the remark in your own name.",
            field="organizationId",
            status=403,
        )


def is_complete(command: SubmitRemark, today: date) -> None:
    if command.kind in NEEDS_WORDING and command.proposed_wording is None:
        raise Refused(
            "WORDING_REQUIRED",
            pl="Ten rodzaj uwagi wymaga propozycji brzmienia.",
            en="This kind of remark needs the proposed wording.",
            field="proposedWording",
        )
    if command.kind in NEEDS_ANCHOR and command.anchor_id is None:
        raise Refused(
            "ANCHOR_REQUIRED",
            pl="Wskaż fragment dokumentu, którego dotyczy uwaga.",
            en="Say which part of the document the remark is about.",
            field="anchorId",
        )
    if command.anchor_id is not None and command.document_id is None:
        raise Refused(
            "DOCUMENT_REQUIRED",
            pl="Podaj dokument, do którego należy wskazany fragment.",
            en="Name the document that the part belongs to.",
            field="documentId",
        )
    if command.channel is Channel.ONLINE and command.received_on is not None:
        raise Refused(
            "RECEIVED_ON_IS_OFFLINE_ONLY",
            pl="Dzień wpływu podaje się tylko dla uwag złożonych poza serwisem.",
            en="A day of receipt is given only for what came off-line.",
            field="receivedOn",
        )
    if command.channel is not Channel.ONLINE and (command.received_on is None or command.received_on > today):
        raise Refused(
            "RECEIVED_ON_REQUIRED",
            pl="Podaj dzień wpływu uwagi, nie późniejszy niż dziś.",
            en="Give the day the remark was received, not later than today.",
            field="receivedOn",
        )


def takes_remarks(consultation: Consultation, channel: Channel, received_on: date) -> None:
    """The day of receipt, counted in Warsaw, decides whether a remark is in time."""
    if channel not in consultation.channels:
        ways = ", ".join(consultation.channels)
        raise Refused(
            "CHANNEL_CLOSED",
            pl=f"W tych konsultacjach uwagi przyjmuje się tylko tak: {ways}.",
            en=f"This consultation takes remarks only by: {ways}.",
            field="channel",
        )
    if consultation.opens_on is not None and received_on < consultation.opens_on:
        raise Refused(
            "NOT_OPEN_YET",
            pl=f"Uwagi można zgłaszać od {consultation.opens_on:%d.%m.%Y}.",
            en=f"Remarks are taken from {consultation.opens_on:%Y-%m-%d} on.",
        )
    until = consultation.remarks_until
    if consultation.status is ConsultationStatus.CLOSED or (until is not None and received_on > until):
        day_pl = f" {until:%d.%m.%Y}" if until else ""
        day_en = f" on {until:%Y-%m-%d}" if until else ""
        raise Refused(
            "CONSULTATION_CLOSED",
            pl=f"Konsultacje zakończyły się{day_pl}; uwag już się nie przyjmuje.",
            en=f"The consultation closed{day_en}; it takes no more remarks.",
        )


def has_anchor(document: Document, anchor_id: str) -> None:
    known = {section.id for section in document.sections}
    known.update(paragraph.id for section in document.sections for paragraph in section.paragraphs)
    if anchor_id not in known:
        raise Refused(
            "UNKNOWN_ANCHOR",
            pl="Dokument nie ma takiego rozdziału ani ustępu.",
            en="The document has no such section or paragraph.",
            field="anchorId",
        )
