"""Projects: entered, changed and ended by those who may, with a word on whose money it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.projects import rules
from shared.clock import today
from shared.contracts.base import Period
from shared.contracts.people import Role
from shared.contracts.projects import FundingKind, Participant, Project, ProjectRole
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

REGISTER = """mutation($input: RegisterProjectInput!) {
  registerProject(input: $input) {
    project { id version leader { id } participants { role name organization { id } } partners { id } }
    errors { code field message legalBasis }
  }
}"""
FIND = """query($day: Date, $search: String, $partner: ID!, $district: ID!) {
  projects(asOf: $day, filter: { search: $search, participantId: $partner }) {
    totalCount nodes { id } facets { name values { value count } }
  }
  organization(id: $partner) { projects { nodes { id } } }
  district(id: $district) { projects { nodes { id } } }
}"""
NOTE = "Projekt dofinansowany ze środków Programu Operacyjnego Fundusz Inicjatyw Obywatelskich."


def project(**more: Any) -> Project:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    given: dict[str, Any] = {
        "id": new_id("prj"),
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
        "name": "Projekt",
    }
    return Project(**(given | more))


def refused(**more: Any) -> tuple[str, str | None, str | None]:
    with pytest.raises(Refused) as caught:
        rules.is_sound(project(**more))
    return caught.value.code, caught.value.field, caught.value.legal_basis


def test_a_funded_project_shows_the_note_that_says_so() -> None:
    assert refused(funders=("Fundacja Batorego",)) == ("FUNDING_NOTE_REQUIRED", "fundingNote", None)
    assert refused(funding_kinds=(FundingKind.MUNICIPALITY,))[0] == "FUNDING_NOTE_REQUIRED"
    rules.is_sound(project(funders=("Fundacja Batorego",), funding_note=NOTE))
    rules.is_sound(project(funding_kinds=(FundingKind.OWN,)))


@pytest.mark.parametrize(
    ("kind", "since", "basis"),
    [
        (FundingKind.EUROPEAN_UNION, date(2013, 12, 31), "art. 8 rozporządzenia Komisji (WE) nr 1828/2006"),
        (FundingKind.EUROPEAN_UNION, date(2014, 1, 1), "załącznik XII pkt 2.2 do rozporządzenia (UE) nr 1303/2013"),
        (FundingKind.EUROPEAN_UNION, date(2021, 7, 1), "art. 50 ust. 1 rozporządzenia (UE) 2021/1060"),
        (FundingKind.STATE, date(2013, 7, 26), None),
        (FundingKind.STATE, date(2021, 6, 10), "art. 35a ustawy o finansach publicznych"),
        (FundingKind.PRIVATE, date(2022, 1, 1), None),
    ],
)
def test_the_law_behind_the_note_is_that_of_the_day_the_project_began(
    kind: FundingKind, since: date, basis: str | None
) -> None:
    found = refused(funding_kinds=(kind,), period=Period(since=since))
    assert found == ("FUNDING_NOTE_REQUIRED", "fundingNote", basis)


def test_a_programme_has_a_funder() -> None:
    assert refused(programme="FIO", funding_note=NOTE)[:2] == ("FUNDER_REQUIRED", "funders")


def test_participants_are_told_once_and_clearly() -> None:
    leader, other = new_id("org"), new_id("org")
    partner = Participant(organization_id=other, role=ProjectRole.PARTNER)
    supporter = Participant(organization_id=other, role=ProjectRole.SUPPORTER)
    rules.is_sound(project(leader_id=leader, participants=(partner, supporter)))
    assert refused(participants=(partner, partner))[:2] == ("PARTICIPANT_TWICE", "participants.1")
    leading = Participant(organization_id=leader, role=ProjectRole.PARTNER)
    assert refused(leader_id=leader, participants=(leading,))[0] == "LEADER_AMONG_PARTICIPANTS"
    assert refused(participants=(Participant(role=ProjectRole.PARTNER),))[0] == "PARTICIPANT_UNCLEAR"
    both = Participant(organization_id=other, name="Szkoła", role=ProjectRole.PARTNER)
    assert refused(participants=(both,))[0] == "PARTICIPANT_UNCLEAR"


def test_a_project_does_not_end_before_it_begins() -> None:
    period = Period(since=date(2014, 7, 30), until=date(2014, 7, 29))
    assert refused(period=period)[:2] == ("PERIOD_REVERSED", "endsOn")


async def write(city: System, command: str, token: str, **body: Any) -> Answer:
    return await city.call("registry", command, body, token)


async def test_a_project_from_entering_to_its_end(city: System) -> None:
    leader, partner, district = await city.organization(), await city.organization(), new_id("dis")
    await city.load("registry", ("districts", {"id": district, "name": "Raków", "city": "Częstochowa"}))
    token = city.token(Role.REPRESENTATIVE, organizations=[leader])
    given = {
        "name": "Laboratorium Obywatelskie",
        "leaderId": leader,
        "startsOn": "2013-01-01",
        "endsOn": "2014-06-30",
        "programme": "Program Operacyjny Fundusz Inicjatyw Obywatelskich (FIO)",
        "funders": ["Ministerstwo Pracy i Polityki Społecznej"],
        "fundingKinds": ["STATE"],
        "participants": [
            {"organizationId": partner},
            {"organizationId": partner, "role": "CO_ORGANIZER"},
            {"name": "Instytut Socjologii"},
        ],
        "districtIds": [district],
    }
    answer = (await city.ask(REGISTER, {"input": given}, token))["registerProject"]
    assert [error["code"] for error in answer["errors"]] == ["FUNDING_NOTE_REQUIRED"]
    answer = (await city.ask(REGISTER, {"input": given | {"fundingNote": NOTE}}, token))["registerProject"]
    assert answer["errors"] == []
    made = answer["project"]
    assert made["leader"] == {"id": leader}
    assert made["partners"] == [{"id": partner}]
    assert made["participants"] == [
        {"role": "PARTNER", "name": None, "organization": {"id": partner}},
        {"role": "CO_ORGANIZER", "name": None, "organization": {"id": partner}},
        {"role": "PARTNER", "name": "Instytut Socjologii", "organization": None},
    ]

    asked = {"day": "2014-06-30", "search": "inicjatywy fio", "partner": partner, "district": district}
    found = await city.ask(FIND, asked)
    assert found["projects"]["nodes"] == [{"id": made["id"]}]
    assert found["projects"]["facets"] == [{"name": "fundingKind", "values": [{"value": "STATE", "count": 1}]}]
    assert found["organization"]["projects"]["nodes"] == found["district"]["projects"]["nodes"] == [{"id": made["id"]}]
    assert (await city.ask(FIND, asked | {"day": "2014-07-01"}))["projects"]["totalCount"] == 0

    known = {"id": made["id"], "expectedVersion": 1}
    status, body = await write(city, "changeProject", token, **known, endsOn="2014-12-31", participants=[])
    assert (status, body["period"]["until"], body["partnerIds"]) == (200, "2014-12-31", [])
    outdated = await write(city, "changeProject", token, **known, name="Inna nazwa")
    assert refusal(outdated) == (409, "VERSION_OUTDATED", "expectedVersion")
    known["expectedVersion"] = 2
    moved = await write(city, "changeProject", token, **known, leaderId=partner)
    assert refusal(moved) == (403, "FORBIDDEN", "leaderId")
    ahead = (today() + timedelta(days=1)).isoformat()
    assert refusal(await write(city, "endProject", token, **known, endedOn=ahead))[1:] == ("DAY_AHEAD", "endedOn")
    early = await write(city, "endProject", token, **known, endedOn="2012-12-31")
    assert refusal(early)[1:] == ("PERIOD_REVERSED", "endedOn")
    status, body = await write(city, "endProject", token, **known, endedOn="2014-05-31")
    assert (status, body["endedOn"], body["period"]["until"]) == (200, "2014-05-31", "2014-05-31")
    known["expectedVersion"] = 3
    assert refusal(await write(city, "changeProject", token, **known, name="X"))[1] == "PROJECT_ENDED"
    assert refusal(await write(city, "endProject", token, **known, endedOn="2014-06-01"))[1] == "PROJECT_ENDED"


async def test_a_representative_keeps_only_projects_that_the_own_organisation_leads(city: System) -> None:
    leader, other = await city.organization(), await city.organization()
    given = {"name": "Projekt", "leaderId": leader, "startsOn": "2026-01-01"}
    stranger = city.token(Role.REPRESENTATIVE, organizations=[other])
    assert refusal(await write(city, "registerProject", stranger, **given))[:2] == (403, "FORBIDDEN")
    _, made = await write(city, "registerProject", city.token(Role.OFFICIAL), **given)
    known = {"id": made["id"], "expectedVersion": 1}
    assert refusal(await write(city, "changeProject", stranger, **known, name="X"))[:2] == (403, "FORBIDDEN")
    assert refusal(await write(city, "endProject", stranger, **known, endedOn="2026-02-01"))[:2] == (403, "FORBIDDEN")


async def test_a_project_refers_to_what_is_there(city: System) -> None:
    official, leader = city.token(Role.OFFICIAL), await city.organization()
    given = {"name": "Projekt", "leaderId": leader, "startsOn": "2026-01-01"}
    unknown = await write(city, "registerProject", official, **(given | {"leaderId": new_id("org")}))
    assert refusal(unknown) == (422, "UNKNOWN_ORGANIZATION", "leaderId")
    unknown = await write(city, "registerProject", official, **given, participants=[{"organizationId": new_id("org")}])
    assert refusal(unknown) == (422, "UNKNOWN_ORGANIZATION", "participants.0.organizationId")
    unknown = await write(city, "registerProject", official, **given, districtIds=[new_id("dis")])
    assert refusal(unknown) == (422, "UNKNOWN_DISTRICT", "districtIds.0")
    unknown = await write(city, "endProject", official, id=new_id("prj"), expectedVersion=1, endedOn="2026-01-01")
    assert refusal(unknown) == (422, "UNKNOWN_PROJECT", "id")


async def test_of_a_suspended_leader_only_the_office_changes_a_project(city: System) -> None:
    leader, official = await city.organization(), city.token(Role.OFFICIAL)
    own = city.token(Role.REPRESENTATIVE, organizations=[leader])
    given = {"name": "Projekt", "leaderId": leader, "startsOn": "2026-01-01", "funders": ["A", "B", "A"]}
    _, made = await write(city, "registerProject", own, **given, fundingNote=NOTE)
    assert made["funders"] == ["A", "B"]
    suspended = await write(city, "suspendOrganization", official, id=leader, expectedVersion=1, reason="Wniosek")
    assert suspended[0] == 200
    known = {"id": made["id"], "expectedVersion": 1}
    assert refusal(await write(city, "changeProject", own, **known, name="X")) == (409, "SUSPENDED", "id")
    assert refusal(await write(city, "endProject", own, **known, endedOn="2026-02-01")) == (409, "SUSPENDED", "id")
    assert (await write(city, "changeProject", official, **known, name="X"))[0] == 200
