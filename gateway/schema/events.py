"""Events: the calendar's part of the schema."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import one, several
from shared.contracts import events as contracts


@expose(contracts.Session)
class Session:
    hosts = several(kinds.ORGANIZATIONS, "host_ids")
    speaker_organizations = several(kinds.ORGANIZATIONS, "speaker_organization_ids")


@expose(contracts.Event)
class Event(Node):
    organizers = several(kinds.ORGANIZATIONS, "organizer_ids")
    districts = several(kinds.DISTRICTS, "district_ids")
    consultation = one(kinds.CONSULTATIONS, "consultation_id")
    partnerships = several(kinds.PARTNERSHIPS, "partnership_ids")
    project = one(kinds.PROJECTS, "project_id")


schedule_event = command(
    kinds.EVENTS,
    contracts.ScheduleEvent,
    {
        "organizer_ids": kinds.ORGANIZATIONS,
        "district_ids": kinds.DISTRICTS,
        "consultation_id": kinds.CONSULTATIONS,
    },
)
change_event = command(
    kinds.EVENTS,
    contracts.ChangeEvent,
    {"organizer_ids": kinds.ORGANIZATIONS, "district_ids": kinds.DISTRICTS},
)
