"""Changing an organisation's record, through GraphQL, on both stores."""

import asyncio
from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

UPDATE = """mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) {
  organization { version name parent { id } operator { id } founders { id } federations { id } aliases services
    awards { name rank } contactPoints { phones hours { day opens closes } } likelyDuplicates { nodes { likeness
    other { id } } } provenance { field source role } }
  errors { code field } } }"""
LIFE = """query($id: ID!) { organization(id: $id) {
  version status decisionReason provenance { field source on role reason } } }"""


def unique(name: str = "Fundacja") -> str:
    return f"{name} {new_id('org')[4:]}"


async def update(city: System, id_: str, version: int = 1, token: str | None = None, **more: Any) -> dict[str, Any]:
    input_ = {"id": id_, "expectedVersion": version} | more
    data = await city.ask(UPDATE, {"input": input_}, token or city.token(Role.EDITOR))
    payload: dict[str, Any] = data["updateOrganization"]
    return payload


async def test_an_update_sets_relatives_awards_and_hours(city: System) -> None:
    one, parent, operator, founder, federation = [await city.organization(name=unique()) for _ in range(5)]
    hours = [{"day": "MONDAY", "opens": "08:00", "closes": "16:00"}]
    answer = await update(
        city,
        one,
        parentId=parent,
        operatorId=operator,
        founderIds=[founder, founder],
        federationIds=[federation],
        aliases=["Skrót"],
        services=["Porady"],
        awards=[{"name": "Jurajski Produkt", "rank": 1}],
        contactPoints=[{"phones": ["34 370 76 30"], "hours": hours}],
    )
    assert answer["errors"] == []
    made = answer["organization"]
    assert [made[name] for name in ("parent", "operator", "founders", "federations", "aliases", "services")] == [
        {"id": parent},
        {"id": operator},
        [{"id": founder}],
        [{"id": federation}],
        ["Skrót"],
        ["Porady"],
    ]
    assert (made["awards"], made["contactPoints"][0]["hours"]) == ([{"name": "Jurajski Produkt", "rank": 1}], hours)
    assert {"field": "parentId", "source": "update", "role": "EDITOR"} in made["provenance"]
    answer = await update(city, one, 2, clear=["PARENT_ID", "OPERATOR_ID"])
    assert (answer["organization"]["parent"], answer["organization"]["operator"]) == (None, None)


async def test_relatives_and_hours_are_checked(city: System) -> None:
    one, hidden = await city.organization(name=unique()), await city.organization(name=unique(), status="SUBMITTED")
    night = [{"hours": [{"day": "MONDAY", "opens": "16:00", "closes": "08:00"}]}]
    for more, code, field in (
        ({"parentId": new_id("org")}, "UNKNOWN_ORGANIZATION", "parentId"),
        ({"founderIds": [one]}, "OWN_RELATIVE", "founderIds.0"),
        ({"federationIds": [hidden]}, "UNKNOWN_ORGANIZATION", "federationIds.0"),
        ({"districtIds": [new_id("dis")]}, "UNKNOWN_DISTRICT", "districtIds.0"),
        ({"contactPoints": night}, "CLOSES_BEFORE_OPENING", "contactPoints.0.hours.0"),
        ({"nip": "5732745884"}, "CHECKSUM_WRONG", "nip"),
        ({"nip": "0000000000"}, "NUMBER_OF_ZEROS", "nip"),
        ({"publicBenefit": True, "publicBenefitUntil": "2014-01-01"}, "BENEFIT_ENDED", "publicBenefitUntil"),
    ):
        assert (await update(city, one, **more))["errors"] == [{"code": code, "field": field}]
    assert (await city.ask(LIFE, {"id": one}))["organization"]["version"] == 1


async def test_a_hierarchy_has_no_circle(city: System) -> None:
    body, office, unit = [await city.organization(name=unique(), legalForm="UNIT") for _ in range(3)]
    assert (await update(city, unit, parentId=office))["errors"] == []
    assert (await update(city, office, parentId=body))["errors"] == []
    refused = await update(city, body, parentId=unit)
    assert refused["errors"] == [{"code": "HIERARCHY_CIRCLE", "field": "parentId"}]


async def test_changes_of_parents_at_once_make_no_circle(city: System) -> None:
    """Each alone is sound; they write different records, and together they would be a ring."""
    ring = [await city.organization(name=unique(), legalForm="UNIT") for _ in range(4)]
    above = [*ring[1:], ring[0]]
    answers = await asyncio.gather(*(update(city, one, parentId=up) for one, up in zip(ring, above, strict=True)))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 0, 0, 1]
    assert [error["code"] for answer in answers for error in answer["errors"]] == ["HIERARCHY_CIRCLE"]


async def test_a_name_that_another_has_is_refused_on_update(city: System) -> None:
    taken = unique()
    await city.organization(name=taken, aliases=["Bratnia Pomoc Jasnogórska"])
    one = await city.organization(name=unique())
    for more, field in (
        ({"name": taken.upper()}, "name"),
        ({"aliases": ["Coś", taken]}, "aliases.1"),
        ({"name": "Fundacja „Bratnia pomoc jasnogorska”"}, "name"),
    ):
        assert (await update(city, one, **more))["errors"] == [{"code": "DUPLICATE_NAME", "field": field}]
    assert (await update(city, one, aliases=["Coś"], website="https://example.org"))["errors"] == []


async def test_a_near_name_is_marked_on_update(city: System) -> None:
    other = await city.organization(name=unique())
    near = (await city.ask("query($id: ID!) { organization(id: $id) { name } }", {"id": other}))["organization"]["name"]
    one = await city.organization(name=unique())
    answer = await update(city, one, name=f"{near}x")
    assert answer["errors"] == []
    expected = {"nodes": [{"likeness": "NEAR_NAME", "other": {"id": other}}]}
    assert answer["organization"]["likelyDuplicates"] == expected
    # told once, however often the name is changed back and forth
    assert (await update(city, one, 2, name=f"{near}y"))["organization"]["likelyDuplicates"] == expected


async def test_of_two_who_take_one_name_at_once_one_gets_it(city: System) -> None:
    name = unique()
    ones = [await city.organization(name=unique()) for _ in range(3)]
    answers = await asyncio.gather(*(update(city, one, name=name) for one in ones))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 1, 1]


async def test_a_suspended_organisation_is_not_updated_by_its_representative(city: System) -> None:
    one = await city.organization(name=unique())
    own, official = city.token(Role.REPRESENTATIVE, organizations=[one]), city.token(Role.OFFICIAL)
    step = {"id": one, "expectedVersion": 1, "reason": "Brak sprawozdania"}
    assert (await city.call("registry", "suspendOrganization", step, official))[0] == 200
    refused = await update(city, one, 2, own, website="https://example.org")
    assert refused["errors"] == [{"code": "SUSPENDED", "field": "id"}]
    assert (await update(city, one, 2, official, website="https://example.org"))["errors"] == []
    step = {"id": one, "expectedVersion": 3, "reason": "Sprawozdanie wpłynęło"}
    assert (await city.call("registry", "reinstateOrganization", step, official))[0] == 200
    assert (await update(city, one, 4, own, website="https://example.com"))["errors"] == []
    told = (await city.ask(LIFE, {"id": one}))["organization"]
    assert (told["status"], told["decisionReason"]) == ("PUBLISHED", None)
    steps = [
        (one["source"], one["role"], one["reason"], bool(one["on"]))
        for one in told["provenance"]
        if one["field"] == "status"
    ]
    assert steps == [
        ("suspended", "OFFICIAL", "Brak sprawozdania", True),
        ("reinstated", "OFFICIAL", "Sprawozdanie wpłynęło", True),
    ]
