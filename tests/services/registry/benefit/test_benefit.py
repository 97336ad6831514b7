"""The public-benefit list per tax year."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.registry.benefit import rules
from services.registry.law.rules import in_force
from shared.clock import today
from shared.contracts.law import Limit
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

_numbers = iter(range(100, 10_000))


async def organization(city: System, **more: Any) -> str:
    return await city.organization(**({"publicBenefit": True, "krs": f"{next(_numbers):010}"} | more))


async def enlist(city: System, id_: str, year: int = 2024, role: Role = Role.OFFICIAL) -> Answer:
    body = {"organizationId": id_, "taxYear": year}
    return await city.call("registry", "listForPublicBenefit", body, city.token(role))


async def strike_off(city: System, id_: str, year: int = 2024) -> Answer:
    body = {"organizationId": id_, "taxYear": year, "reason": "Nie złożyła sprawozdania"}
    return await city.call("registry", "strikeOffPublicBenefit", body, city.token(Role.OFFICIAL))


@pytest.mark.parametrize(("year", "points"), [(2004, 100), (2021, 100), (2022, 150), (2030, 150)])
def test_the_share_is_one_and_a_half_percent_since_tax_year_2022_and_one_before(year: int, points: int) -> None:
    assert in_force(None, Limit.PUBLIC_BENEFIT_SHARE, rules.cutoff(year)).value == points


async def test_there_is_no_list_before_the_status_existed(city: System) -> None:
    answer = await enlist(city, await organization(city), 2003)
    assert refusal(answer) == (422, "NO_STATUS_YET", "taxYear")
    assert answer[1]["errors"][0]["legalBasis"].startswith("art. 27a ust. 1 ustawy")
    assert (await enlist(city, await organization(city), 2004))[0] == 200


async def test_an_entry_keeps_name_number_and_share_of_its_year(city: System) -> None:
    id_ = await organization(city, name="Fundacja Dawna")
    for year, points in ((2021, 100), (2022, 150)):
        status, body = await enlist(city, id_, year)
        assert (status, body["status"], body["basisPoints"], body["name"]) == (200, "LISTED", points, "Fundacja Dawna")


@pytest.mark.parametrize(
    ("more", "year", "listed"),
    [
        ({"publicBenefit": False}, 2024, False),
        ({"publicBenefitSince": "2024-11-30"}, 2024, True),
        ({"publicBenefitSince": "2024-12-01"}, 2024, False),
        ({"publicBenefitSince": "2024-12-01"}, 2025, True),
        ({"publicBenefit": False, "publicBenefitUntil": "2024-11-30"}, 2024, True),
        ({"publicBenefit": False, "publicBenefitUntil": "2024-11-29"}, 2024, False),
    ],
)
async def test_nobody_is_listed_without_status_on_the_cutoff(
    city: System, more: dict[str, Any], year: int, listed: bool
) -> None:
    answer = await enlist(city, await organization(city, **more), year)
    if listed:
        assert answer[0] == 200, answer
    else:
        assert refusal(answer) == (422, "NO_PUBLIC_BENEFIT_STATUS", "organizationId")
        assert "art. 27a ust. 1" in answer[1]["errors"][0]["legalBasis"]


def test_a_year_is_listed_once_its_cutoff_has_come() -> None:
    rules.the_cutoff_has_come(2024, date(2024, 11, 30))
    with pytest.raises(Refused, match="CUTOFF_AHEAD"):
        rules.the_cutoff_has_come(2024, date(2024, 11, 29))


async def test_no_list_is_made_ahead(city: System) -> None:
    assert refusal(await enlist(city, await organization(city), today().year + 1))[1] == "CUTOFF_AHEAD"


async def test_a_taxpayer_needs_a_number(city: System) -> None:
    assert refusal(await enlist(city, await organization(city, krs=None)))[1] == "KRS_REQUIRED"


async def test_officials_keep_the_list(city: System) -> None:
    assert refusal(await enlist(city, await organization(city), role=Role.EDITOR)) == (403, "FORBIDDEN", None)


async def test_nobody_is_on_the_list_of_a_year_twice(city: System) -> None:
    id_ = await organization(city)
    answers = await asyncio.gather(*(enlist(city, id_) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 4
    assert refusal(await enlist(city, id_)) == (409, "ALREADY_LISTED", "organizationId")


async def test_who_is_struck_off_stays_with_the_reason_and_may_come_back(city: System) -> None:
    id_ = await organization(city)
    assert refusal(await strike_off(city, id_)) == (409, "NOT_LISTED", "organizationId")
    await enlist(city, id_)
    status, body = await strike_off(city, id_)
    assert (status, body["status"], body["reason"]) == (200, "STRUCK_OFF", "Nie złożyła sprawozdania")
    assert refusal(await strike_off(city, id_))[1] == "NOT_LISTED"
    status, body = await enlist(city, id_)
    assert (status, body["status"], body["reason"], body["version"]) == (200, "LISTED", None, 3)


async def test_the_list_of_a_year_in_the_schema(city: System) -> None:
    names = ["Łąka", "Lipa", "Ósma"]
    ids = {name: await organization(city, name=name) for name in names}
    for id_ in ids.values():
        await enlist(city, id_, 2019)
    await strike_off(city, ids["Ósma"], 2019)
    data = await city.ask(
        """query($id: ID!) {
          publicBenefitList(taxYear: 2019, filter: { status: LISTED }) {
            totalCount nodes { name krs basisPoints organization { id } }
          }
          organization(id: $id) { publicBenefit publicBenefitEntries { nodes { taxYear status } } }
        }""",
        {"id": ids["Ósma"]},
    )
    assert data["publicBenefitList"]["totalCount"] == 2
    assert [node["name"] for node in data["publicBenefitList"]["nodes"]] == ["Lipa", "Łąka"]
    assert data["publicBenefitList"]["nodes"][0]["organization"] == {"id": ids["Lipa"]}
    assert data["organization"] == {
        "publicBenefit": True,
        "publicBenefitEntries": {"nodes": [{"taxYear": 2019, "status": "STRUCK_OFF"}]},
    }
