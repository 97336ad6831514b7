"""Records of cooperation: by organisation, form and period."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.cooperation import rules
from shared.clock import today
from shared.contracts.agreements import Agreement
from shared.contracts.cooperation import CooperationForm, RecordCooperation
from shared.contracts.grants import TaskMode
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

RECORD = """mutation($input: RecordCooperationInput!) {
  recordCooperation(input: $input) {
    cooperation { id form authority { id } organizations { id } period { since until } }
    errors { code field }
  }
}"""
FIND = """query($filter: CooperationFilter!, $organization: ID!) {
  cooperations(filter: $filter) { totalCount nodes { id } facets { name values { value count } } }
  organization(id: $organization) { cooperations(filter: $filter) { nodes { id } } }
}"""


def command(**more: Any) -> RecordCooperation:
    given: dict[str, Any] = {
        "form": CooperationForm.COMMISSIONED_TASK,
        "mode": TaskMode.SUPPORTED,
        "authority_id": new_id("org"),
        "organization_ids": (new_id("org"),),
        "description": "D",
        "since": date(2020, 1, 1),
    }
    return RecordCooperation(**(given | more))


def test_a_commissioned_task_is_entrusted_or_supported() -> None:
    rules.a_task_has_a_mode(command())
    with pytest.raises(Refused, match="MODE_REQUIRED") as caught:
        rules.a_task_has_a_mode(command(mode=None))
    assert (caught.value.legal_basis or "").startswith("art. 5 ust. 4 ")
    with pytest.raises(Refused, match="ONLY_OF_A_TASK"):
        rules.a_task_has_a_mode(command(form=CooperationForm.PICNIC))


def test_the_agreement_is_of_the_same_organisations_in_the_same_mode() -> None:
    asked, moment = command(), datetime(2026, 1, 1, tzinfo=UTC)
    agreement = {
        "id": new_id("agr"), "version": 1, "created_at": moment, "updated_at": moment, "title": "T", "grant": "1.00",
        "starts_on": asked.since, "ends_on": asked.since, "signed_on": asked.since, "report_until": asked.since,
    }  # fmt: skip
    of: Any = agreement | {"organization_ids": asked.organization_ids}
    rules.is_its_agreement(asked, Agreement(**of, mode=TaskMode.SUPPORTED))
    with pytest.raises(Refused, match="ANOTHER_AGREEMENT"):
        rules.is_its_agreement(asked, Agreement(**of, mode=TaskMode.ENTRUSTED))
    of |= {"organization_ids": (new_id("org"),)}
    with pytest.raises(Refused, match="ANOTHER_AGREEMENT"):
        rules.is_its_agreement(asked, Agreement(**of, mode=TaskMode.SUPPORTED))


async def record(city: System, **more: Any) -> Answer:
    body = {"form": "TRAINING", "description": "Szkolenie z księgowości", "since": "2020-03-01"} | more
    return await city.call("registry", "recordCooperation", body, city.token(Role.OFFICIAL))


async def test_cooperation_is_listed_by_organisation_form_and_period(city: System) -> None:
    office, club, other = [await city.organization() for _ in range(3)]
    given = {
        "form": "ROOM",
        "description": "Sala na próby",
        "authorityId": office,
        "organizationIds": [club],
        "since": "2019-09-01",
        "until": "2020-06-30",
    }
    made = (await city.ask(RECORD, {"input": given}, city.token(Role.OFFICIAL)))["recordCooperation"]
    assert made["errors"] == []
    room = {"id": made["cooperation"]["id"]}
    assert made["cooperation"] == room | {
        "form": "ROOM", "authority": {"id": office}, "organizations": [{"id": club}],
        "period": {"since": "2019-09-01", "until": "2020-06-30"},
    }  # fmt: skip
    _, training = await record(city, authorityId=office, organizationIds=[club, other])
    _, task = await record(
        city, form="COMMISSIONED_TASK", mode="ENTRUSTED", authorityId=office, organizationIds=[other]
    )

    async def listed(organization: str, **filter_: Any) -> list[str]:
        found = await city.ask(FIND, {"filter": {"organizationId": organization} | filter_, "organization": club})
        return [node["id"] for node in found["cooperations"]["nodes"]]

    assert await listed(club) == [training["id"], room["id"]]
    assert await listed(office, form=["ROOM", "PICNIC"]) == [room["id"]]
    assert await listed(office, financial=False, since="2020-07-01") == [training["id"]]
    assert await listed(office, until="2020-02-29") == [room["id"]]
    assert await listed(office, since="2020-06-30", until="2020-06-30", form=["ROOM"]) == [room["id"]]
    assert await listed(office, since="2020-07-01", form=["ROOM"]) == []
    assert await listed(office, mode="ENTRUSTED") == [task["id"]]
    found = await city.ask(FIND, {"filter": {"organizationId": office}, "organization": club})
    assert [node["id"] for node in found["organization"]["cooperations"]["nodes"]] == [training["id"], room["id"]]


async def test_a_cooperation_ends_once_and_not_before_it_began(city: System) -> None:
    _, made = await record(city, authorityId=await city.organization(), organizationIds=[await city.organization()])

    async def end(until: str, version: int = 1) -> Answer:
        body = {"id": made["id"], "expectedVersion": version, "until": until}
        return await city.call("registry", "endCooperation", body, city.token(Role.OFFICIAL))

    assert refusal(await end("2020-02-29")) == (422, "PERIOD_REVERSED", "until")
    assert refusal(await end((today() + timedelta(days=1)).isoformat()))[1] == "DAY_AHEAD"
    assert (await end("2020-03-02"))[1]["period"]["until"] == "2020-03-02"
    assert refusal(await end("2020-03-03", 2)) == (409, "COOPERATION_ENDED", "id")


async def test_a_cooperation_is_of_bodies_that_are_there_each_once(city: System) -> None:
    office, club = await city.organization(), await city.organization()
    twice = await record(city, authorityId=office, organizationIds=[club, club])
    assert refusal(twice) == (422, "PARTICIPANT_TWICE", "organizationIds.1")
    itself = await record(city, authorityId=office, organizationIds=[office])
    assert refusal(itself) == (422, "PARTICIPANT_TWICE", "organizationIds.0")
    unknown = await record(city, authorityId=office, organizationIds=[club, new_id("org")])
    assert refusal(unknown) == (422, "UNKNOWN_ORGANIZATION", "organizationIds.1")
    unknown = await record(city, authorityId=office, organizationIds=[club], projectId=new_id("prj"))
    assert refusal(unknown) == (422, "UNKNOWN_PROJECT", "projectId")
    ahead = (today() + timedelta(days=1)).isoformat()
    assert refusal(await record(city, authorityId=office, organizationIds=[club], since=ahead))[1] == "DAY_AHEAD"
    event = {"form": "PICNIC", "authorityId": office, "organizationIds": [club], "description": "P"}
    event |= {"since": "2020-01-01", "eventId": new_id("evt")}
    refused = (await city.ask(RECORD, {"input": event}, city.token(Role.OFFICIAL)))["recordCooperation"]
    assert refused["errors"] == [{"code": "UNKNOWN_ID", "field": "eventId"}]
