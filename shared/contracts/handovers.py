"""Accepted corrections of records that other services keep: what the registry passes on, and what is answered.

The registry checks field and value against the contract; the service that keeps the record has the last word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Entity, Id, Instant, Line, Record, Text
from shared.contracts.consultations import Consultation, Document
from shared.contracts.events import Event
from shared.contracts.people import Role


@dataclass(frozen=True)
class Kept:
    """A kind of record that another service than the registry keeps, which fields a report may change
    there, and by whose decision: a report is no way round the roles."""

    service: str
    contract: type[Entity]
    fields: frozenset[str]
    roles: tuple[Role, ...]


_OF_EVENTS = frozenset(
    {"title", "description", "startsAt", "endsAt", "dateAsWritten", "recurrence", "venue", "address"}
)
KEPT_ELSEWHERE: Mapping[str, Kept] = MappingProxyType(
    {
        "evt": Kept("events", Event, _OF_EVENTS, (Role.OFFICIAL, Role.EDITOR)),
        "con": Kept(
            "consultations", Consultation, frozenset({"title", "summary", "goals", "contact"}), (Role.OFFICIAL,)
        ),
        # a draft's paragraphs are what remarks are made on: only a revision may change them
        "doc": Kept("consultations", Document, frozenset({"title"}), (Role.OFFICIAL,)),
    }
)
"""By the first letters of the record's id. Days of a consultation have their own procedure, and a remark is its
author's."""


class PassedOn(Record, frozen=True, kw_only=True):
    """`data` of a correction that is passed on: what it takes to carry it out. The value is public by the decision."""

    record_id: Id
    field: Annotated[Line, Meta(description="As clients know it, e.g. title or address.city")]
    value: Annotated[Text, Meta(description="As a person would write it; what has parts is JSON")]
    decided_at: Instant
    decided_on: date
    role: Annotated[Role | None, Meta(description="As what somebody decided so; who it was is not told")] = None


class Answered(Record, frozen=True, kw_only=True):
    """`data` of a handover: what became of a correction that was passed on."""

    correction_id: Id
    code: Annotated[Line | None, Meta(description="Of one that was declined: the rule")] = None
    old_value: Annotated[Text | None, Meta(description="What stood in the field until then")] = None
    new_value: Annotated[Text | None, Meta(description="What stands there since")] = None
