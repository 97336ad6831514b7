"""Changes to consultations and remarks: load, decide, put, tell."""

from typing import Any

import msgspec

from services.consultations import rules
from services.consultations.collections import CONSULTATIONS, DOCUMENTS, REMARKS, StoredRemark
from shared.clock import deadline, local, now, today
from shared.contracts.base import Entity
from shared.contracts.changes import ConsultationSchedule, MeetingSchedule
from shared.contracts.consultations import (
    ChangeConsultation,
    Channel,
    Consultation,
    ConsultationStatus,
    Document,
    Meeting,
    NewDocument,
    NewMeeting,
    OpenConsultation,
    Paragraph,
    RemarkStatus,
    Section,
    SubmitRemark,
)
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.replacing import replaced
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction


async def open_consultation(tx: Transaction, viewer: Viewer, command: OpenConsultation) -> Consultation:
    """Opens it with its drafts; its days and meetings reach the calendar as a change."""
    rules.may_organise(viewer)
    rules.days_are_in_order(command.opens_on, command.closes_on)
    rules.is_not_over(deadline(command.closes_on), today())
    rules.meetings_are_in_order(command.meetings)
    moment = now()
    consultation = Consultation(
        id=new_id("con"),
        version=1,
        created_at=moment,
        updated_at=moment,
        title=command.title,
        summary=command.summary,
        status=ConsultationStatus.OPEN,
        organizer_ids=command.organizer_ids,
        district_ids=command.district_ids,
        opens_on=command.opens_on,
        closes_on=command.closes_on,
        remarks_until=deadline(command.closes_on),
        channels=command.channels,
        meetings=_meetings(command.meetings, ()),
    )
    await tx.put(CONSULTATIONS, consultation)
    for draft in command.documents:
        document = _document(consultation, draft)
        await tx.put(DOCUMENTS, document)
        await changed(tx, "consultations", "opened", document, (consultation.id,))
    await tell_schedule(tx, "opened", consultation)
    return consultation


async def change_consultation(tx: Transaction, viewer: Viewer, command: ChangeConsultation) -> Consultation:
    rules.may_organise(viewer)
    consultation = await tx.get(CONSULTATIONS, command.id)
    if consultation is None:
        raise _unknown_consultation("id")
    version_is_current(consultation.version, command.expected_version)
    given = {
        name: value
        for name in ("title", "summary", "opens_on", "closes_on")
        if (value := getattr(command, name)) is not None
    }
    if command.meetings is not None:
        rules.meetings_are_in_order(command.meetings)
        given["meetings"] = _meetings(command.meetings, consultation.meetings)
    changed_one = replaced(consultation, given)
    if changed_one.closes_on is not None:
        rules.days_are_in_order(changed_one.opens_on or changed_one.closes_on, changed_one.closes_on)
    if command.closes_on is not None:
        changed_one = msgspec.structs.replace(changed_one, remarks_until=deadline(command.closes_on))
    await tx.put(CONSULTATIONS, changed_one)
    await tell_schedule(tx, "changed", changed_one)
    return changed_one


async def submit_remark(tx: Transaction, viewer: Viewer, command: SubmitRemark) -> StoredRemark:
    rules.may_speak(viewer, command)
    rules.is_complete(command, today())
    consultation = await tx.get(CONSULTATIONS, command.consultation_id)
    if consultation is None:
        raise _unknown_consultation("consultationId")
    received_on = command.received_on or today()
    rules.takes_remarks(consultation, command.channel, received_on)
    if command.document_id is not None:
        document = await tx.get(DOCUMENTS, command.document_id)
        if document is None or document.consultation_id != consultation.id:
            raise Refused(
                "UNKNOWN_DOCUMENT",
                pl="Te konsultacje nie mają takiego dokumentu.",
                en="This consultation has no such document.",
                field="documentId",
            )
        if command.anchor_id is not None:
            rules.has_anchor(document, command.anchor_id)
    moment = now()
    remark = StoredRemark(
        **(msgspec.structs.asdict(command) | {"received_on": received_on}),
        id=new_id("rem"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=RemarkStatus.RECEIVED,
        # what an official enters for somebody is not the official's
        submitted_by=viewer.subject if command.channel is Channel.ONLINE else None,
    )
    await tx.put(REMARKS, remark)
    related = [consultation.id, *(id_ for id_ in (remark.document_id, remark.organization_id) if id_)]
    await changed(tx, "consultations", "submitted", remark, related)
    return remark


async def tell_schedule(tx: Transaction, verb: str, consultation: Consultation) -> None:
    """Every change of a consultation carries its whole schedule: a reader needs no earlier one."""
    schedule = ConsultationSchedule(
        title=consultation.title,
        opens_on=consultation.opens_on,
        remarks_until=consultation.remarks_until,
        organizer_ids=consultation.organizer_ids,
        district_ids=consultation.district_ids,
        meetings=tuple(
            MeetingSchedule(**{name: getattr(meeting, name) for name in MeetingSchedule.__struct_fields__})
            for meeting in consultation.meetings
        ),
    )
    related = (*consultation.organizer_ids, *consultation.district_ids)
    await changed(tx, "consultations", verb, consultation, related, schedule)


async def tell_corrected(tx: Transaction, entity: Entity) -> None:
    """The calendar hears of a corrected title as of any other change."""
    await _tell(tx, entity, "corrected")


async def tell_imported(tx: Transaction, entity: Entity) -> None:
    await _tell(tx, entity, "imported")


async def _tell(tx: Transaction, entity: Entity, verb: str) -> None:
    if isinstance(entity, Consultation):
        await tell_schedule(tx, verb, entity)
    else:
        parent = getattr(entity, "consultation_id", None)
        await changed(tx, "consultations", verb, entity, (parent,) if parent else ())


def _meetings(wanted: tuple[NewMeeting, ...], current: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    """A meeting that is known by its id keeps what the command cannot say (attendance, participants)."""
    known = {meeting.id: meeting for meeting in current}
    made: list[Meeting] = []
    for place, new in enumerate(wanted):
        times: dict[str, Any] = {"starts_at": local(new.starts_at), "ends_at": local(new.ends_at), "day": None}
        said: dict[str, Any] = {"title": new.title, "place": new.place, "topics": new.topics} | times
        if new.id is None:
            made.append(Meeting(id=new_id("mtg"), **said))
        elif new.id in known:
            made.append(msgspec.structs.replace(known.pop(new.id), **said))
        else:
            raise Refused(
                "UNKNOWN_MEETING",
                pl="Te konsultacje nie mają takiego spotkania (albo podano je dwa razy).",
                en="This consultation has no such meeting (or it was given twice).",
                field=f"meetings.{place}.id",
            )
    return tuple(made)


def _document(consultation: Consultation, draft: NewDocument) -> Document:
    return Document(
        id=new_id("doc"),
        version=1,
        created_at=consultation.created_at,
        updated_at=consultation.updated_at,
        consultation_id=consultation.id,
        title=draft.title,
        sections=tuple(
            Section(
                id=new_id("sec"),
                heading=section.heading,
                paragraphs=tuple(Paragraph(id=new_id("pgr"), text=text) for text in section.paragraphs),
            )
            for section in draft.sections
        ),
    )


def _unknown_consultation(field: str) -> Refused:
    return Refused(
        "UNKNOWN_CONSULTATION",
        pl="Nie ma konsultacji o tym identyfikatorze.",
        en="There is no consultation with this id.",
        field=field,
    )
