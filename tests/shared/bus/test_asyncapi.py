import json
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from shared.bus import cloudevents
from shared.bus.asyncapi import CHANGES, Told, document
from shared.bus.connection import SERVICES
from shared.contracts.changes import Change, ConsultationSchedule, MeetingSchedule
from shared.contracts.handovers import Answered, PassedOn
from shared.contracts.people import Role
from shared.ids import new_id

DOCUMENT = document("1.0.0")

CARRIED: dict[Any, Any] = {
    None: None,
    ConsultationSchedule: ConsultationSchedule(
        title="Park „Zielona Dolina”",
        opens_on=date(2026, 3, 1),
        organizer_ids=(new_id("org"),),
        meetings=(MeetingSchedule(id=new_id("mtg"), title="Warsztat", starts_at=datetime(2026, 3, 9, 17, tzinfo=UTC)),),
    ),
    PassedOn: PassedOn(
        record_id=new_id("evt"),
        field="title",
        value="Piknik sąsiedzki",
        decided_at=datetime(2026, 3, 1, tzinfo=UTC),
        decided_on=date(2026, 3, 1),
        role=Role.EDITOR,
    ),
    Answered: Answered(correction_id=new_id("cor"), old_value="Piknik", new_value="Piknik sąsiedzki"),
}


def sent(told: Told) -> dict[str, Any]:
    carried = CARRIED[told.carries]
    change = Change(
        id=new_id("chg"),
        service=told.service,
        entity=told.entity,
        verb=told.verb,
        entity_id=new_id("ent"),
        version=1,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        related=(new_id("org"),),
        data=msgspec.to_builtins(carried) if carried else {},
    )
    assert change.subject == DOCUMENT["channels"][told.name]["address"]
    document: dict[str, Any] = json.loads(cloudevents.encode(change))
    return document


def validator(told: Told) -> Draft202012Validator:
    payload = DOCUMENT["components"]["messages"][told.name]["payload"]
    return Draft202012Validator(payload | {"components": DOCUMENT["components"]})


@pytest.mark.parametrize("told", CHANGES, ids=lambda told: told.name)
def test_what_is_sent_is_what_the_published_contract_says(told: Told) -> None:
    validator(told).validate(sent(told))


@pytest.mark.parametrize("told", CHANGES, ids=lambda told: told.name)
def test_the_contract_tells_a_wrong_message_from_a_right_one(told: Told) -> None:
    wrongs: list[dict[str, Any]] = [{"type": "pl.jasne.a.b.c"}, {"data": {}}, {"entityversion": 0}, {"source": "/"}]
    for wrong in wrongs:
        assert not validator(told).is_valid(sent(told) | wrong)


def test_a_schedule_without_its_title_breaks_the_contract() -> None:
    (told,) = (told for told in CHANGES if told.name == "consultations.consultation.opened")
    message = sent(told)
    del message["data"]["title"]
    assert not validator(told).is_valid(message)


def test_every_reference_leads_somewhere() -> None:
    references = [part.split('"')[0] for part in json.dumps(DOCUMENT).split('"$ref": "')[1:]]
    assert len(references) > len(CHANGES)
    for reference in references:
        target: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_each_channel_is_named_once_and_belongs_to_a_service_with_a_stream() -> None:
    assert len({told.name for told in CHANGES}) == len(CHANGES)
    assert {told.service for told in CHANGES} == set(SERVICES)
