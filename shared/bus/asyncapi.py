"""The published contract of the bus: which changes there are and what they carry, as an AsyncAPI 3.0 document."""

from dataclasses import dataclass
from typing import Any

import msgspec

from shared.bus.cloudevents import CONTENT_TYPE, CloudEvent
from shared.contracts.base import Id, Record
from shared.contracts.changes import ConsultationSchedule
from shared.contracts.handovers import Answered, PassedOn

_SCHEMAS = "#/components/schemas/{name}"


class Related(Record, frozen=True, kw_only=True):
    """In `data` of every change: ids of the other entities that it concerns."""

    related: tuple[Id, ...]


@dataclass(frozen=True)
class Told:
    """A kind of change; `carries` is what is in its data besides the related ids."""

    service: str
    entity: str
    verb: str
    carries: type[Record] | None = None

    @property
    def name(self) -> str:
        return f"{self.service}.{self.entity}.{self.verb}"


CHANGES = (
    *(Told("registry", "organization", verb) for verb in ("submitted", "published", "rejected", "imported")),
    *(
        Told("registry", "organization", verb)
        for verb in ("verified", "suspended", "reinstated", "dissolved", "updated", "corrected")
    ),
    *(Told("registry", "correction", verb) for verb in ("submitted", "accepted", "rejected")),
    Told("registry", "correction", "passedon", PassedOn),
    *(Told("registry", "correction", verb) for verb in ("applied", "declined")),
    *(Told(service, "handover", "applied", Answered) for service in ("consultations", "events")),
    *(Told(service, "handover", "declined", Answered) for service in ("consultations", "events")),
    *(Told("registry", entity, "corrected") for entity in ("practice", "cooperation", "indicator", "snapshot")),
    Told("consultations", "consultation", "corrected", ConsultationSchedule),
    Told("consultations", "document", "corrected"),
    *(Told("events", "event", verb) for verb in ("corrected", "changed")),
    *(Told("registry", entity, "imported") for entity in ("district", "centre", "partnership", "project")),
    *(Told("registry", "partnership", verb) for verb in ("signed", "joined", "brought", "left", "ended")),
    *(Told("registry", "project", verb) for verb in ("registered", "changed", "ended")),
    *(Told("registry", "practice", verb) for verb in ("submitted", "changed", "published", "rejected", "imported")),
    *(Told("registry", "cooperation", verb) for verb in ("recorded", "ended", "imported")),
    *(Told("registry", "addressagreement", verb) for verb in ("agreed", "ended", "imported")),
    *(Told("registry", "indicator", verb) for verb in ("recorded", "imported")),
    *(Told("registry", "publicbenefitentry", verb) for verb in ("listed", "struckoff", "imported")),
    *(Told("registry", entity, "corrected") for entity in ("district", "centre", "partnership", "project")),
    *(Told("registry", "snapshot", verb) for verb in ("taken", "imported")),
    *(Told("registry", "centre", verb) for verb in ("registered", "changed", "closed", "assigned", "covered")),
    *(Told("registry", "smallgrant", verb) for verb in ("submitted", "published", "granted", "declined", "withdrawn")),
    *(Told("registry", entity, "confirmed") for entity in ("smallgrant", "offer")),
    Told("registry", "smallgrantcomment", "submitted"),
    Told("registry", "grantplan", "set"),
    Told("registry", "grantplan", "used"),
    Told("registry", "legalsetting", "set"),
    *(Told("registry", "call", verb) for verb in ("announced", "changed", "decided")),
    *(
        Told("registry", "offer", verb)
        for verb in (
            "submitted",
            "changed",
            "withdrawn",
            "returned",
            "accepted",
            "rejected",
            "published",
            "funded",
            "unfunded",
        )
    ),
    *(Told("registry", "agreement", verb) for verb in ("signed", "changed", "settled")),
    *(Told("registry", "changerequest", verb) for verb in ("requested", "accepted", "declined")),
    *(Told("registry", "taskreport", verb) for verb in ("submitted", "accepted", "returned")),
    *(Told("registry", "offerevaluations", verb) for verb in ("opened", "evaluated", "published")),
    *(Told("consultations", "consultation", verb, ConsultationSchedule) for verb in ("opened", "changed", "imported")),
    Told("consultations", "document", "opened"),
    Told("consultations", "document", "imported"),
    Told("consultations", "remark", "submitted"),
    Told("consultations", "remark", "imported"),
    *(Told("events", "event", verb) for verb in ("scheduled", "moved", "cancelled", "imported")),
)

PUBLISHED = frozenset(told.name for told in CHANGES)
"""A service tells no change that is not in the contract."""


def document(version: str) -> dict[str, Any]:
    """The whole document, of plain values: ready to be written as YAML or JSON."""
    payloads = sorted({told.carries for told in CHANGES if told.carries}, key=lambda payload: payload.__name__)
    _, schemas = msgspec.json.schema_components([CloudEvent, Related, *payloads], ref_template=_SCHEMAS)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Jasne: changes",
            "version": version,
            "description": "Every committed change of the three services, at least once and in the order of each "
            "entity, over NATS JetStream: one stream per service, named CHANGES_<SERVICE>. "
            "A consumer may see a change twice and acts once, by its id. Nothing personal is in a change.",
            "license": {"name": "AGPL-3.0-or-later"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {told.name: _channel(told) for told in CHANGES},
        "operations": {
            f"tell.{told.name}": {"action": "send", "channel": {"$ref": f"#/channels/{told.name}"}} for told in CHANGES
        },
        "components": {
            "messages": {told.name: _message(told) for told in CHANGES},
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _channel(told: Told) -> dict[str, Any]:
    return {
        "address": f"changes.{told.name}",
        "messages": {told.verb: {"$ref": f"#/components/messages/{told.name}"}},
    }


def _message(told: Told) -> dict[str, Any]:
    carried: list[type[Record]] = [Related, told.carries] if told.carries else [Related]
    return {
        "name": f"pl.jasne.{told.name}",
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "properties": {
                "Nats-Msg-Id": {"type": "string", "description": "The change's id"},
                "Content-Type": {"const": CONTENT_TYPE},
            },
            "required": ["Nats-Msg-Id", "Content-Type"],
        },
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS.format(name=CloudEvent.__name__)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": f"pl.jasne.{told.name}"},
                        "source": {"const": f"/services/{told.service}"},
                        "data": {"allOf": [{"$ref": _SCHEMAS.format(name=part.__name__)} for part in carried]},
                    },
                },
            ]
        },
    }
