"""Consultations, their documents and remarks: the consultations service's part of the schema."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from shared.contracts import consultations as contracts


@expose(contracts.Meeting)
class Meeting:
    participants = several(kinds.ORGANIZATIONS, "participant_ids", "Organisations that were represented")


@expose(contracts.Paragraph)
class Paragraph:
    remarks = many(kinds.REMARKS, "anchor_id", "Remarks on this very paragraph")


@expose(contracts.Section)
class Section:
    remarks = many(kinds.REMARKS, "anchor_id", "Remarks on the section as a whole")


@expose(contracts.Document)
class Document(Node):
    consultation = one(kinds.CONSULTATIONS, "consultation_id")
    remarks = many(kinds.REMARKS, "document_id", "Remarks on the document and its parts")


@expose(contracts.Consultation)
class Consultation(Node):
    organizers = several(kinds.ORGANIZATIONS, "organizer_ids")
    districts = several(kinds.DISTRICTS, "district_ids")
    documents = many(kinds.DOCUMENTS, "consultation_id")
    remarks = many(kinds.REMARKS, "consultation_id")
    events = many(
        kinds.EVENTS,
        "consultation_id",
        "Its days and meetings in the calendar, which follows a moment after each change; and other events about it",
    )
    project = one(kinds.PROJECTS, "project_id")


@expose(contracts.Remark)
class Remark(Node):
    consultation = one(kinds.CONSULTATIONS, "consultation_id")
    document = one(kinds.DOCUMENTS, "document_id")
    organization = one(kinds.ORGANIZATIONS, "organization_id")


open_consultation = command(
    kinds.CONSULTATIONS,
    contracts.OpenConsultation,
    {"organizer_ids": kinds.ORGANIZATIONS, "district_ids": kinds.DISTRICTS},
)
change_consultation = command(kinds.CONSULTATIONS, contracts.ChangeConsultation)
submit_remark = command(kinds.REMARKS, contracts.SubmitRemark, {"organization_id": kinds.ORGANIZATIONS})
