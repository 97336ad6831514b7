"""Remarks: who, on what, by which way and until when."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.consultations import rules
from shared.clock import deadline, now, today
from shared.contracts.consultations import Channel, Consultation, ConsultationStatus
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.system import System


def consultation(opens: date, until: date) -> Consultation:
    moment = now()
    return Consultation(
        id=new_id("con"),
        version=1,
        created_at=moment,
        updated_at=moment,
        title="Program",
        status=ConsultationStatus.OPEN,
        organizer_ids=(new_id("org"),),
        opens_on=opens,
        closes_on=until,
        remarks_until=until,
        channels=(Channel.ONLINE, Channel.POST),
    )


OPENS, UNTIL = date(2019, 10, 22), date(2019, 10, 29)


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (OPENS - timedelta(days=1), "NOT_OPEN_YET"),
        (OPENS, None),
        (UNTIL, None),
        (UNTIL + timedelta(days=1), "CONSULTATION_CLOSED"),
    ],
)
def test_the_day_of_receipt_decides_whether_a_remark_is_in_time(received: date, code: str | None) -> None:
    try:
        rules.takes_remarks(consultation(OPENS, UNTIL), Channel.POST, received)
    except Refused as refused:
        assert refused.code == code
    else:
        assert code is None


def test_a_way_that_the_consultation_does_not_offer_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        rules.takes_remarks(consultation(OPENS, UNTIL), Channel.EMAIL, OPENS)
    assert refused.value.code == "CHANNEL_CLOSED"


async def opened(city: System, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new consultation with one document of one paragraph, and that document."""
    command = {
        "title": "Program współpracy",
        "organizerIds": [new_id("org")],
        "opensOn": today().isoformat(),
        "closesOn": (today() + timedelta(days=14)).isoformat(),
        "channels": ["ONLINE", "OFFICE"],
        "documents": [{"title": "Projekt", "sections": [{"heading": "Rozdział 1", "paragraphs": ["Ustęp 1."]}]}],
    }
    status, body = await city.call("consultations", "openConsultation", command | more, city.token(Role.OFFICIAL))
    assert status == 200, body
    _, page = await city.call("consultations", "documents/find", {"filter": {"consultationId": body["id"]}})
    return body, page["items"][0]


async def remark(city: System, token: str, **command: Any) -> tuple[int, str]:
    """The status, and the code of the refusal or the remark's status."""
    status, body = await city.call("consultations", "submitRemark", {"text": "Uwaga"} | command, token)
    return status, body["status"] if status == 200 else body["errors"][0]["code"]


async def test_a_remark_is_anchored_to_a_paragraph_of_its_document(city: System) -> None:
    consulted, document = await opened(city)
    _, other_document = await opened(city)
    paragraph = document["sections"][0]["paragraphs"][0]["id"]
    token = city.token(Role.RESIDENT)
    common = {"consultationId": consulted["id"], "kind": "REPLACE", "proposedWording": "Ustęp pierwszy."}
    assert await remark(city, token, **common, documentId=document["id"], anchorId=paragraph) == (200, "RECEIVED")
    for wrong, code in [
        ({"documentId": document["id"], "anchorId": new_id("pgr")}, "UNKNOWN_ANCHOR"),
        ({"documentId": other_document["id"], "anchorId": paragraph}, "UNKNOWN_DOCUMENT"),
        ({"documentId": document["id"]}, "ANCHOR_REQUIRED"),
        ({"anchorId": paragraph}, "DOCUMENT_REQUIRED"),
        ({"documentId": document["id"], "anchorId": paragraph, "proposedWording": None}, "WORDING_REQUIRED"),
        ({"consultationId": new_id("con")}, "ANCHOR_REQUIRED"),
        ({"consultationId": new_id("con"), "kind": "COMMENT"}, "UNKNOWN_CONSULTATION"),
    ]:
        assert await remark(city, token, **(common | wrong)) == (422, code)


async def test_what_came_off_line_is_entered_by_an_official_with_its_day_of_receipt(city: System) -> None:
    consulted, _ = await opened(city)
    offline = {"consultationId": consulted["id"], "channel": "OFFICE"}
    received = {"receivedOn": today().isoformat()}
    assert await remark(city, city.token(Role.RESIDENT), **offline, **received) == (403, "OFFICIAL_ENTERS_OFFLINE")
    assert await remark(city, city.token(Role.OFFICIAL), **offline) == (422, "RECEIVED_ON_REQUIRED")
    tomorrow = {"receivedOn": (today() + timedelta(days=1)).isoformat()}
    assert await remark(city, city.token(Role.OFFICIAL), **offline, **tomorrow) == (422, "RECEIVED_ON_REQUIRED")
    assert await remark(city, city.token(Role.OFFICIAL), **offline, **received) == (200, "RECEIVED")


async def test_a_representative_speaks_for_the_own_organisation_only(city: System) -> None:
    consulted, _ = await opened(city)
    own, other = new_id("org"), new_id("org")
    token = city.token(Role.REPRESENTATIVE, organizations=[own])
    command = {"consultationId": consulted["id"]}
    assert await remark(city, token, **command, organizationId=own) == (200, "RECEIVED")
    assert await remark(city, token, **command, organizationId=other) == (403, "NOT_YOUR_ORGANIZATION")


async def test_no_remark_before_the_opening(city: System) -> None:
    consulted, _ = await opened(city, opensOn=(today() + timedelta(days=3)).isoformat())
    assert await remark(city, city.token(Role.RESIDENT), consultationId=consulted["id"]) == (422, "NOT_OPEN_YET")


async def test_the_last_day_for_remarks_is_a_working_day(city: System) -> None:
    closes = date(2098, 11, 1)  # All Saints' Day
    consulted, _ = await opened(city, closesOn=closes.isoformat())
    assert consulted["remarksUntil"] == deadline(closes).isoformat() != closes.isoformat()


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"opensOn": "2098-02-01", "closesOn": "2098-01-31"}, "CLOSES_BEFORE_OPENING", "closesOn"),
        ({"opensOn": "2020-01-01", "closesOn": "2020-02-01"}, "CLOSES_IN_THE_PAST", "closesOn"),
        (
            {"meetings": [{"title": "S", "startsAt": "2098-01-01T10:00:00Z", "endsAt": "2098-01-01T10:00:00Z"}]},
            "ENDS_BEFORE_START",
            "meetings.0.endsAt",
        ),
        ({"organizerIds": []}, "INVALID_INPUT", "organizerIds"),
        ({"opensOn": "2098-13-01"}, "INVALID_INPUT", "opensOn"),
    ],
)
async def test_a_consultation_with_wrong_days_is_not_opened(
    city: System, wrong: dict[str, Any], code: str, field: str
) -> None:
    command = {
        "title": "Program",
        "organizerIds": [new_id("org")],
        "opensOn": "2098-01-01",
        "closesOn": "2098-02-01",
    }
    status, body = await city.call("consultations", "openConsultation", command | wrong, city.token(Role.OFFICIAL))
    assert (status, body["errors"][0]["code"], body["errors"][0]["field"]) == (422, code, field)


async def test_a_change_decided_on_an_old_version_is_refused(city: System) -> None:
    consulted, _ = await opened(city)
    token = city.token(Role.OFFICIAL)
    change = {"id": consulted["id"], "expectedVersion": 1, "title": "Nowa nazwa"}
    status, body = await city.call("consultations", "changeConsultation", change, token)
    assert (status, body["title"], body["version"]) == (200, "Nowa nazwa", 2)
    status, body = await city.call("consultations", "changeConsultation", change, token)
    assert (status, body["errors"][0]["code"]) == (409, "VERSION_OUTDATED")
