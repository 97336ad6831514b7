"""Error reports from "Zgłoś błąd" to the decision, through GraphQL, on both stores."""

import asyncio
from datetime import date
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.moments import Travel, at
from tests.system import System

__all__ = ["at"]

SUBMIT = """mutation($input: SubmitCorrectionInput!) { submitCorrection(input: $input) {
  correction { id version status decideBy } errors { code field }
} }"""
DECIDE = """mutation($input: DecideCorrectionInput!) { decideCorrection(input: $input) {
  correction { id status applied outcome oldValue newValue decidedOn decisionReason
    record { id ... on Organization { name } } }
  errors { code field message }
} }"""
RECORD = """query($id: ID!) { organization(id: $id) {
  name nip version provenance { field source decisionId role on } } }"""
LIST = """query($id: ID) { corrections(filter: { recordId: $id }) {
  nodes { id wrong } totalCount facets { name values { value count } }
} }"""

PREFIXES = {
    "districts": "dis",
    "centres": "cen",
    "partnerships": "par",
    "projects": "prj",
    "practices": "prc",
    "cooperations": "coo",
    "indicators": "ind",
    "snapshots": "snp",
}
PRACTICE = {"kind": "IDEA", "title": "Ławka", "text": "Ławki przy przystankach", "status": "PUBLISHED"}
COOPERATION = {
    "form": "LOCAL_LAW_CONSULTATION",
    "authorityId": new_id("org"),
    "description": "Konsultacje",
    "period": {},
}


async def report(city: System, record: str, subject: str = "reporter", **more: Any) -> dict[str, Any]:
    input_ = {"recordId": record, "wrong": "Nazwa ma literówkę"} | more
    data = await city.ask(SUBMIT, {"input": input_}, city.token(subject=subject))
    payload: dict[str, Any] = data["submitCorrection"]
    return payload


async def decide(city: System, id_: str, role: Role = Role.OFFICIAL, **more: Any) -> dict[str, Any]:
    input_ = {"id": id_, "expectedVersion": 1, "accept": True} | more
    data = await city.ask(DECIDE, {"input": input_}, city.token(role, subject="decider"))
    payload: dict[str, Any] = data["decideCorrection"]
    return payload


async def test_an_accepted_correction_changes_the_record_and_leaves_its_source(city: System) -> None:
    record = await city.organization(name="Fundacja Adulam")
    made = await report(city, record, field="name", proposed="Fundacja Adullam")
    assert made["errors"] == []
    id_ = made["correction"]["id"]
    assert made["correction"]["status"] == "RECEIVED"
    decided = await decide(city, id_, apply=True, reason="Zgadza się z KRS")
    assert decided["errors"] == []
    assert decided["correction"] | {"decidedOn": None} == {
        "id": id_,
        "status": "ACCEPTED",
        "applied": True,
        "outcome": "APPLIED",
        "oldValue": "Fundacja Adulam",
        "newValue": "Fundacja Adullam",
        "decidedOn": None,
        "decisionReason": "Zgadza się z KRS",
        "record": {"id": record, "name": "Fundacja Adullam"},
    }
    data = await city.ask(RECORD, {"id": record})
    assert data["organization"]["version"] == 2
    (source,) = data["organization"]["provenance"]
    assert source.pop("on") == decided["correction"]["decidedOn"]
    assert source == {"field": "name", "source": "correction", "decisionId": id_, "role": "OFFICIAL"}


async def test_a_correction_is_applied_by_the_rules_of_an_update(city: System) -> None:
    await city.organization(nip="1132853869")
    taken = f"Fundacja {new_id('org')[4:]}"
    await city.organization(name=taken)
    record = await city.organization(name=f"Fundacja {new_id('org')[4:]}")
    points = '[{"hours": [{"day": "MONDAY", "opens": "16:00", "closes": "08:00"}]}]'
    for field, proposed, code in [
        ("nip", "1132853869", "DUPLICATE_IDENTIFIER"),
        ("nip", "5732745884", "CHECKSUM_WRONG"),
        ("name", taken, "DUPLICATE_NAME"),
        ("aliases", f"Skrót\n{taken}", "DUPLICATE_NAME"),
        ("parentId", record, "OWN_RELATIVE"),
        ("districtIds", new_id("dis"), "UNKNOWN_DISTRICT"),
        ("contactPoints", points, "CLOSES_BEFORE_OPENING"),
        ("contactPoints", "34 370 76 30", "CANNOT_APPLY"),
        ("legalForm", "FOUNDATION", "CANNOT_APPLY"),
    ]:
        id_ = (await report(city, record, field=field, proposed=proposed))["correction"]["id"]
        refused = await decide(city, id_, apply=True)
        assert [error["code"] for error in refused["errors"]] == [code], proposed
        assert (await city.ask(RECORD, {"id": record}))["organization"]["version"] == 1
    # what cannot be applied can be accepted, and is not said to have been applied
    decided = (await decide(city, id_))["correction"]
    assert (decided["status"], decided["applied"], decided["outcome"]) == ("ACCEPTED", False, "BY_HAND")
    assert (decided["oldValue"], decided["newValue"]) == ("FOUNDATION", None)


async def test_what_changed_since_the_report_is_not_overwritten_unseen(city: System) -> None:
    record = await city.organization(name=f"Fundacja {new_id('org')[4:]}", services=["Porady", "Obiady"])
    id_ = (await report(city, record, field="services.0", proposed="Porady prawne"))["correction"]["id"]
    body = {"id": record, "expectedVersion": 1, "services": ["Obiady"]}
    status, _ = await city.call("registry", "updateOrganization", body, city.token(Role.EDITOR))
    assert status == 200
    refused = await decide(city, id_, apply=True)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("CHANGED_SINCE", "value")]
    decided = await decide(city, id_, apply=True, value="Obiady i porady")
    assert (decided["correction"]["oldValue"], decided["correction"]["newValue"]) == ("Obiady", "Obiady i porady")


@pytest.mark.parametrize(
    ("collection", "more", "field", "proposed"),
    [
        ("districts", {"city": "Częstochowa"}, "name", "Stare Miasto"),
        ("centres", {"kind": "OSL", "activities": ["Zajęcia"]}, "activities", "Czytanie\nEkologia"),
        ("partnerships", {"kind": "LOCAL", "resources": ["Sala"]}, "resources", "Sala\nCzas"),
        ("projects", {"fundingNote": "Nota"}, "fundingNote", "Projekt współfinansowany"),
        ("practices", PRACTICE, "tags", "seniorzy\nsąsiedztwo"),
        ("cooperations", COOPERATION, "description", "Konsultacje programu"),
        ("indicators", {"name": "VOLUNTEERS", "value": 120}, "value", "12"),
        ("snapshots", {"takenOn": "2016-12-31", "total": 931}, "note", "Suma nie zgadza się z wykazem"),
    ],
)
async def test_other_records_of_the_registry_are_corrected_with_their_source(
    city: System, collection: str, more: dict[str, Any], field: str, proposed: str
) -> None:
    record = new_id(PREFIXES[collection])
    await city.load("registry", (collection, {"id": record, "name": "Nazwa"} | more))
    id_ = (await report(city, record, field=field, proposed=proposed))["correction"]["id"]
    decided = await decide(city, id_, apply=True)
    assert decided["errors"] == []
    assert (decided["correction"]["outcome"], decided["correction"]["newValue"]) == ("APPLIED", proposed)
    _, seen = await city.call("registry", f"{collection}/batch", {"ids": [record]})
    (item,) = seen["items"]
    stands = int(proposed) if field == "value" else proposed.split("\n") if "\n" in proposed else proposed
    assert (item["version"], item[field]) == (2, stands)
    (source,) = item["provenance"]
    assert (source["field"], source["decisionId"], source["role"]) == (field, id_, "official")


async def test_a_report_on_what_no_report_changes_is_handed_to_its_editor(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event, "title": "Piknik", "kind": "PICNIC"}))
    made = await report(city, event, wrong="Nie piknik, a gala", field="kind", proposed="GALA")
    refused = await decide(city, made["correction"]["id"], apply=True)
    assert [error["code"] for error in refused["errors"]] == ["CANNOT_APPLY"]
    decided = (await decide(city, made["correction"]["id"]))["correction"]
    assert (decided["record"], decided["applied"], decided["outcome"]) == ({"id": event}, False, "BY_HAND")


async def test_a_record_that_is_not_there_is_refused(city: System) -> None:
    hidden = await city.organization(status="SUBMITTED")
    for record in (new_id("org"), new_id("evt"), new_id("xyz"), hidden):
        assert (await report(city, record))["errors"] == [{"code": "UNKNOWN_ID", "field": "recordId"}]
    body = {"recordId": hidden, "wrong": "x"}
    status, answer = await city.call("registry", "submitCorrection", body, city.token(Role.RESIDENT))
    assert (status, answer["errors"][0]["code"]) == (422, "UNKNOWN_ID")


async def test_a_field_that_the_record_has_not_is_refused_for_every_kind(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event, "title": "Piknik", "kind": "PICNIC"}))
    for record, field in ((await city.organization(), "surname"), (event, "name"), (event, "title.first")):
        made = await report(city, record, field=field)
        assert made["errors"] == [{"code": "UNKNOWN_FIELD", "field": "field"}]
    body = {"recordId": await city.organization(), "wrong": "x", "field": "address.country"}
    status, answer = await city.call("registry", "submitCorrection", body)
    assert (status, answer["errors"][0]["code"]) == (422, "UNKNOWN_FIELD")


async def test_the_deadline_of_a_report_is_a_dated_limit(city: System, at: Travel) -> None:
    record = await city.organization()
    at(date(2041, 7, 1))
    assert (await report(city, record))["correction"]["decideBy"] == "2041-07-15"
    limit = {
        "name": "CORRECTION_DECIDED_WITHIN",
        "value": 3,
        "validFrom": "2041-07-02",
        "legalBasis": "zarządzenie nr 7",
    }
    status, setting = await city.call("registry", "setLegalSetting", limit, city.token(Role.OPERATOR))
    assert (status, setting["unit"]) == (200, "WORKING_DAYS")
    assert (await report(city, record))["correction"]["decideBy"] == "2041-07-15"
    at(date(2041, 7, 2))
    assert (await report(city, record))["correction"]["decideBy"] == "2041-07-05"


async def test_reports_are_listed_for_reviewers_and_ones_own_for_the_reporter(city: System) -> None:
    record = await city.organization()
    ids = [(await report(city, record, subject=subject))["correction"]["id"] for subject in ("one", "two", "two")]
    for token, seen in [
        (city.token(Role.MODERATOR), ids),
        (city.token(Role.RESIDENT, subject="two"), ids[1:]),
        (city.token(subject="three"), []),
        (None, []),
    ]:
        listed = (await city.ask(LIST, {"id": record}, token))["corrections"]
        assert {node["id"] for node in listed["nodes"]} == set(seen)
        assert listed["totalCount"] == len(seen)
        values = [{"value": "RECEIVED", "count": len(seen)}] if seen else []
        assert listed["facets"] == [{"name": "status", "values": values}]
        node = await city.ask("query($id: ID!) { node(id: $id) { id } }", {"id": ids[0]}, token)
        assert (node["node"] is not None) is (ids[0] in seen)


async def test_who_reported_and_who_decided_is_never_sent(city: System) -> None:
    token = city.token(Role.RESIDENT, subject="private-subject")
    body = {"recordId": await city.organization(), "wrong": "Literówka"}
    _, made = await city.call("registry", "submitCorrection", body, token)
    decision = {"id": made["id"], "expectedVersion": 1, "accept": False, "reason": "Jest dobrze"}
    official = city.token(Role.OFFICIAL, subject="private-official")
    status, decided = await city.call("registry", "decideCorrection", decision, official)
    assert (status, decided["status"]) == (200, "REJECTED")
    assert "private" not in str(made) + str(decided)


async def test_of_two_decisions_on_a_report_at_once_one_holds(city: System) -> None:
    record = await city.organization(name="Fundacja Przed")
    id_ = (await report(city, record, field="name", proposed="Fundacja Po"))["correction"]["id"]
    answers = await asyncio.gather(*(decide(city, id_, apply=True) for _ in range(4)))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 1, 1, 1]
    assert (await city.ask(RECORD, {"id": record}))["organization"]["version"] == 2


async def test_a_resident_does_not_decide_on_reports(city: System) -> None:
    id_ = (await report(city, await city.organization()))["correction"]["id"]
    refused = await decide(city, id_, Role.RESIDENT)
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]


async def test_a_correction_of_a_number_that_would_point_at_people_is_not_applied(city: System) -> None:
    record = new_id("ind")
    await city.load("registry", ("indicators", {"id": record, "name": "SUBSIDISED_JOBS", "value": 12}))
    id_ = (await report(city, record, field="value", proposed="2"))["correction"]["id"]
    assert [error["code"] for error in (await decide(city, id_, apply=True))["errors"]] == ["TOO_FEW_TO_TELL"]


async def test_a_practice_that_is_not_published_takes_no_report_from_those_who_do_not_see_it(city: System) -> None:
    record = new_id("prc")
    await city.load("registry", ("practices", {"id": record} | PRACTICE | {"status": "SUBMITTED"}))
    status, answer = await city.call("registry", "submitCorrection", {"recordId": record, "wrong": "x"})
    assert (status, answer["errors"][0]["code"]) == (422, "UNKNOWN_ID")
