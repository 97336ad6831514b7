"""Error reports from "Zgłoś błąd" to the decision, through GraphQL, on both stores."""

import asyncio
from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

SUBMIT = """mutation($input: SubmitCorrectionInput!) { submitCorrection(input: $input) {
  correction { id version status decideBy } errors { code field }
} }"""
DECIDE = """mutation($input: DecideCorrectionInput!) { decideCorrection(input: $input) {
  correction { id status applied decidedOn decisionReason record { id ... on Organization { name } } }
  errors { code field message }
} }"""
RECORD = "query($id: ID!) { organization(id: $id) { name nip version provenance { field source decisionId } } }"
LIST = """query($id: ID) { corrections(filter: { recordId: $id }) {
  nodes { id wrong } totalCount facets { name values { value count } }
} }"""


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
        "decidedOn": None,
        "decisionReason": "Zgadza się z KRS",
        "record": {"id": record, "name": "Fundacja Adullam"},
    }
    data = await city.ask(RECORD, {"id": record})
    assert data["organization"]["version"] == 2
    assert data["organization"]["provenance"] == [{"field": "name", "source": "correction", "decisionId": id_}]


async def test_what_cannot_be_applied_changes_neither_record_nor_report(city: System) -> None:
    await city.organization(nip="1132853869")
    record = await city.organization()
    for more, code in [
        ({"field": "nip", "proposed": "1132853869"}, "DUPLICATE_IDENTIFIER"),
        ({"field": "contactPoints", "proposed": "34 370 76 30"}, "CANNOT_APPLY"),
    ]:
        id_ = (await report(city, record, **more))["correction"]["id"]
        refused = await decide(city, id_, apply=True)
        assert [error["code"] for error in refused["errors"]] == [code]
        assert (await city.ask(RECORD, {"id": record}))["organization"]["version"] == 1
        decided = await decide(city, id_)
        assert (decided["correction"]["status"], decided["correction"]["applied"]) == ("ACCEPTED", False)


async def test_a_record_of_another_service_can_be_reported(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event, "title": "Piknik", "kind": "PICNIC"}))
    made = await report(city, event, wrong="Zła godzina")
    decided = await decide(city, made["correction"]["id"])
    assert decided["correction"]["record"] == {"id": event}


async def test_a_record_that_is_not_there_is_refused(city: System) -> None:
    hidden = await city.organization(status="SUBMITTED")
    for record in (new_id("org"), new_id("evt"), new_id("xyz"), hidden):
        assert (await report(city, record))["errors"] == [{"code": "UNKNOWN_ID", "field": "recordId"}]
    body = {"recordId": hidden, "wrong": "x"}
    status, answer = await city.call("registry", "submitCorrection", body, city.token(Role.RESIDENT))
    assert (status, answer["errors"][0]["code"]) == (422, "UNKNOWN_ID")


async def test_a_field_that_no_organisation_has_is_refused(city: System) -> None:
    made = await report(city, await city.organization(), field="surname")
    assert made["errors"] == [{"code": "UNKNOWN_FIELD", "field": "field"}]


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
