"""The public forms: what somebody without a token may send, and what becomes of it (docs/decisions/0011)."""

from datetime import date
from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.grants.procedure import published
from tests.services.registry.moments import Travel, at
from tests.system import System

__all__ = ["at"]

SUBMIT = """mutation($input: SubmitOrganizationInput!, $key: String) {
  submitOrganization(input: $input, idempotencyKey: $key) { organization { id status version } errors { code } } }"""
REPORT = """mutation($input: SubmitCorrectionInput!, $key: String) {
  submitCorrection(input: $input, idempotencyKey: $key) { correction { id status } errors { code field } } }"""
LISTED = """{ organizations(filter: { status: SUBMITTED }) { totalCount } corrections { totalCount } }"""


def submission(**more: Any) -> dict[str, Any]:
    return {"name": f"Stowarzyszenie {new_id('org')}", "legalForm": "ASSOCIATION"} | more


async def submit(city: System, key: str | None = None, **more: Any) -> dict[str, Any]:
    data = await city.ask(SUBMIT, {"input": submission(**more), "key": key})
    payload: dict[str, Any] = data["submitOrganization"]
    return payload


async def test_a_visitor_submits_an_organisation_and_reports_an_error(city: System) -> None:
    made = await submit(city)
    assert (made["errors"], made["organization"]["status"]) == ([], "SUBMITTED")
    record = await city.organization()
    data = await city.ask(REPORT, {"input": {"recordId": record, "wrong": "Stary adres"}})
    assert data["submitCorrection"]["errors"] == []
    # both wait for review, and no visitor finds them, neither this one nor another
    official = city.token(Role.OFFICIAL)
    assert (await city.ask(LISTED, token=official))["organizations"]["totalCount"] >= 1
    nothing = {"organizations": {"totalCount": 0}, "corrections": {"totalCount": 0}}
    assert await city.ask(LISTED) == nothing
    assert await city.ask(LISTED, token=city.token(Role.RESIDENT, subject="")) == nothing
    node = "query($id: ID!) { node(id: $id) { id } }"
    for id_ in (made["organization"]["id"], data["submitCorrection"]["correction"]["id"]):
        assert (await city.ask(node, {"id": id_}))["node"] is None
        assert (await city.ask(node, {"id": id_}, official))["node"] == {"id": id_}


async def test_a_visitor_reports_errors_only_in_what_a_visitor_sees(city: System) -> None:
    hidden = await city.organization(status="SUBMITTED")
    data = await city.ask(REPORT, {"input": {"recordId": hidden, "wrong": "Stary adres"}})
    assert data["submitCorrection"]["errors"] == [{"code": "UNKNOWN_ID", "field": "recordId"}]


async def test_a_visitors_request_sent_again_is_done_once(city: System) -> None:
    sent, key = submission(), new_id("key")
    first, again = [
        (await city.ask(SUBMIT, {"input": sent, "key": key}))["submitOrganization"]["organization"] for _ in range(2)
    ]
    assert first == again


async def test_two_visitors_with_one_key_do_not_meet(city: System) -> None:
    one, other = await submit(city, "1"), await submit(city, "1")
    assert (one["errors"], other["errors"]) == ([], [])
    assert one["organization"]["id"] != other["organization"]["id"]


async def test_a_visitors_key_is_not_a_persons(city: System) -> None:
    sent, key = submission(), new_id("key")
    data = await city.ask(SUBMIT, {"input": sent, "key": key}, city.token(Role.RESIDENT, subject=""))
    assert data["submitOrganization"]["errors"] == []
    again = await city.ask(SUBMIT, {"input": sent, "key": key})
    assert again["submitOrganization"]["errors"] == [{"code": "DUPLICATE_NAME"}]


async def test_a_request_sent_again_shows_a_visitor_nothing_that_was_decided(city: System) -> None:
    sent, key = submission(), new_id("key")
    data = await city.ask(SUBMIT, {"input": sent, "key": key})
    id_ = data["submitOrganization"]["organization"]["id"]
    decision = {"id": id_, "expectedVersion": 1, "reason": "Nie działa w mieście"}
    status, _ = await city.call("registry", "rejectOrganization", decision, city.token(Role.OFFICIAL))
    assert status == 200
    again = (await city.ask(SUBMIT, {"input": sent, "key": key}))["submitOrganization"]
    assert again == {"organization": None, "errors": [{"code": "FORBIDDEN"}]}


async def test_a_visitor_comments_on_a_small_grant_in_nobodys_name(city: System, at: Travel) -> None:
    organization = await city.organization()
    grant = await published(city, at, organization, date(2070, 5, 5))
    comment = {"smallGrantId": grant["id"], "text": "Popieram."}
    status, made = await city.call("registry", "commentSmallGrant", comment)
    assert (status, made["text"], "submittedBy" in made) == (200, "Popieram.", False)
    named = comment | {"organizationId": organization}
    status, answer = await city.call("registry", "commentSmallGrant", named)
    assert (status, answer["errors"][0]["code"]) == (403, "NOT_YOUR_ORGANIZATION")


async def test_a_visitor_asks_how_far_it_is_by_the_id_and_learns_no_more(city: System) -> None:
    made = (await submit(city))["organization"]["id"]
    data = await city.ask(REPORT, {"input": {"recordId": await city.organization(), "wrong": "Stary adres"}})
    reported = data["submitCorrection"]["correction"]["id"]
    assert (await receipt(city, made))["status"] == "SUBMITTED"
    assert (await receipt(city, reported))["status"] == "RECEIVED"
    official = city.token(Role.OFFICIAL)
    decision = {"id": reported, "expectedVersion": 1, "accept": False, "reason": "Adres jest dobry"}
    status, _ = await city.call("registry", "decideCorrection", decision, official)
    assert status == 200
    told = await receipt(city, reported)
    assert (told["status"], told["decidedOn"] is not None) == ("REJECTED", True)
    _, raw = await city.call("registry", "receipts/batch", {"ids": [reported, made, new_id("org")]})
    assert len(raw["items"]) == 2
    assert not any(text in str(raw) for text in ("adres", "Stowarzyszenie"))


async def receipt(city: System, id_: str) -> dict[str, Any]:
    data = await city.ask("query($id: ID!) { receipt(id: $id) { id status decideBy decidedOn } }", {"id": id_})
    told: dict[str, Any] = data["receipt"]
    return told
