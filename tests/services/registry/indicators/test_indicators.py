"""Indicators: one number per subject, year and name, and nothing of a person."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from services.registry.indicators.rules import tells_of_nobody
from shared.clock import today
from shared.contracts.indicators import IndicatorName
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

FIND = """query($organization: ID!, $project: ID!) {
  indicators(filter: { name: SUBSIDISED_JOBS, organizationId: $organization }) { nodes { year value } }
  organization(id: $organization) { indicators { nodes { name year value } } }
  project(id: $project) { indicators { nodes { name value project { id } } } }
}"""


@pytest.mark.parametrize(("value", "refused"), [(0, False), (1, True), (2, True), (3, False), (36, False)])
def test_a_number_that_points_at_people_is_not_kept(value: int, refused: bool) -> None:
    tells_of_nobody(IndicatorName.TRAININGS, value)
    try:
        tells_of_nobody(IndicatorName.SUBSIDISED_JOBS, value)
    except Refused as found:
        assert (refused, found.code, found.legal_basis) == (True, "TOO_FEW_TO_TELL", "art. 9 ust. 1 RODO")
    else:
        assert not refused


async def record(city: System, **more: Any) -> Answer:
    body = {"name": "SUBSIDISED_JOBS", "year": 2019, "value": 36} | more
    return await city.call("registry", "recordIndicator", body, city.token(Role.OFFICIAL))


async def test_indicators_of_organisations_and_projects_by_year(city: System) -> None:
    organization, project = await city.organization(), new_id("prj")
    await city.load("registry", ("projects", {"id": project, "name": "Projekt"}))
    await record(city, organizationId=organization)
    await record(city, organizationId=organization, year=2020, value=40)
    await record(city, organizationId=organization, year=2018, name="TRAININGS", value=5)
    assert (await record(city, projectId=project, name="PARTICIPANTS", value=17))[0] == 200
    found = await city.ask(FIND, {"organization": organization, "project": project})
    assert found["indicators"]["nodes"] == [{"year": 2020, "value": 40}, {"year": 2019, "value": 36}]
    assert [node["year"] for node in found["organization"]["indicators"]["nodes"]] == [2020, 2019, 2018]
    shown = {"name": "PARTICIPANTS", "value": 17, "project": {"id": project}}
    assert found["project"]["indicators"]["nodes"] == [shown]


async def test_a_number_that_is_there_is_corrected_by_whoever_has_seen_it(city: System) -> None:
    organization = await city.organization()
    _, made = await record(city, organizationId=organization)
    again = await record(city, organizationId=organization, value=35)
    assert refusal(again) == (409, "INDICATOR_THERE", "expectedVersion")
    _, corrected = await record(city, organizationId=organization, value=35, expectedVersion=1)
    assert (corrected["id"], corrected["version"], corrected["value"]) == (made["id"], 2, 35)
    outdated = await record(city, organizationId=organization, value=34, expectedVersion=1)
    assert refusal(outdated)[1] == "VERSION_OUTDATED"


async def test_of_numbers_entered_at_once_one_is_kept(city: System) -> None:
    organization = await city.organization()
    answers = await asyncio.gather(*(record(city, organizationId=organization, value=value) for value in range(3, 9)))
    codes = Counter("kept" if status == 200 else refusal((status, body))[1] for status, body in answers)
    assert codes == {"kept": 1, "INDICATOR_THERE": 5}


async def test_an_indicator_is_of_one_subject_that_is_there_and_of_a_year_that_has_begun(city: System) -> None:
    organization = await city.organization()
    assert refusal(await record(city))[1] == "SUBJECT_UNCLEAR"
    assert refusal(await record(city, organizationId=organization, projectId=new_id("prj")))[1] == "SUBJECT_UNCLEAR"
    assert refusal(await record(city, organizationId=new_id("org")))[1] == "UNKNOWN_ORGANIZATION"
    assert refusal(await record(city, projectId=new_id("prj")))[1] == "UNKNOWN_PROJECT"
    ahead = await record(city, organizationId=organization, year=today().year + 1)
    assert refusal(ahead) == (422, "YEAR_AHEAD", "year")
