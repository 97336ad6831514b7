"""Changing an organisation's record, through GraphQL, on both stores."""

import asyncio
from typing import Any

import pytest

from services.registry.amendments import rules
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


async def test_a_ring_too_long_to_be_looked_round_is_not_closed(city: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LEVELS_MAX", 5)
    line = [new_id("org") for _ in range(8)]
    more = {"legalForm": "UNIT", "status": "PUBLISHED", "name": "Jednostka"}
    await city.load(
        "registry",
        *(
            ("organizations", {"id": one, **more} | ({"parentId": up} if up else {}))
            for one, up in zip(line, [*line[1:], None], strict=True)
        ),
    )
    refused = await update(city, line[-1], parentId=line[0])
    assert refused["errors"] == [{"code": "HIERARCHY_TOO_DEEP", "field": "parentId"}]
    # nor by a file
    rows = {"rows": [{"number": 1, "set": {"id": line[-1], "parentId": line[0]}}]}
    _, answer = await city.call("registry", "importOrganizations", rows, city.token(Role.OPERATOR))
    assert [(error["code"], error["column"]) for error in answer["errors"]] == [("HIERARCHY_TOO_DEEP", "parentId")]


async def test_a_representative_stores_no_archive_in_contact_points(city: System) -> None:
    one = await city.organization(name=unique())
    own = city.token(Role.REPRESENTATIVE, organizations=[one])
    hours = [{"day": "MONDAY", "opens": f"{hour:02}:00", "closes": f"{hour:02}:30"} for hour in range(24)] * 2
    for point, field in (
        ({"rooms": ["x"] * 21}, "contactPoints.0.rooms"),
        ({"phones": ["34 370 76 30"] * 11}, "contactPoints.0.phones"),
        ({"emails": ["a@a.pl"] * 11}, "contactPoints.0.emails"),
        ({"hours": hours}, "contactPoints.0.hours"),
    ):
        refused = await update(city, one, token=own, contactPoints=[point])
        assert refused["errors"] == [{"code": "INVALID_INPUT", "field": field}]
    body = {"id": one, "expectedVersion": 1, "contactPoints": [{"phone": ["34 370 76 30"]}]}
    status, answer = await city.call("registry", "updateOrganization", body, own)
    assert (status, answer["errors"][0]["code"]) == (422, "INVALID_INPUT")
    point = {"rooms": [f"{number} {'x' * 290}" for number in range(20)]}
    refused = await update(city, one, token=own, contactPoints=[point] * 20)
    assert refused["errors"] == [{"code": "CONTACT_POINTS_TOO_LONG", "field": "contactPoints"}]
    # what came in by an import holds more, and is read as it is
    rooms = [f"pokój {number}" for number in range(30)]
    full = await city.organization(name=unique(), contactPoints=[{"rooms": rooms}])
    _, found = await city.call("registry", "organizations/batch", {"ids": [full]})
    assert found["items"][0]["contactPoints"][0]["rooms"] == rooms


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


async def test_two_of_one_name_keep_what_tells_them_apart(city: System) -> None:
    """Town, number or legal form: whichever it is, the change that would take it away is refused."""

    async def two(**other: Any) -> str:
        name = unique()
        await city.organization(name=name, **{"address": {"city": "Kielce"}, "regon": "151399002"} | other)
        return await city.organization(name=name, **mine)

    mine: dict[str, Any] = {"address": {"city": "Lublin"}}
    one = await two(regon=None)
    refused = await update(city, one, address={"street": "Nowa", "city": "KIELCE"})
    assert refused["errors"] == [{"code": "DUPLICATE_NAME", "field": "address.city"}]
    assert (await update(city, one, address={"street": "Nowa", "city": "Lublin"}))["errors"] == []
    refused = await update(city, one, 2, clear=["ADDRESS"])
    assert refused["errors"] == [{"code": "DUPLICATE_NAME", "field": "address.city"}]
    # what takes its place will do
    assert (await update(city, one, 2, address={"city": "Radom"}))["errors"] == []

    mine = {"regon": "241584410"}
    one = await two(address=None)
    refused = await update(city, one, clear=["REGON"])
    assert refused["errors"] == [{"code": "DUPLICATE_NAME", "field": "regon"}]

    name = unique()
    await city.organization(name=name, legalForm="FOUNDATION")
    one = await city.organization(name=f"Stowarzyszenie {name.removeprefix('Fundacja ')}", legalForm="ASSOCIATION")
    refused = await update(city, one, legalForm="FOUNDATION")
    assert refused["errors"] == [{"code": "DUPLICATE_NAME", "field": "legalForm"}]


async def test_two_that_were_alike_before_may_still_be_changed(city: System) -> None:
    name = unique()
    one, _ = await city.organization(name=name), await city.organization(name=name)
    assert (await update(city, one, legalForm="ASSOCIATION"))["errors"] == []


async def test_of_two_who_move_to_one_town_at_once_one_does(city: System) -> None:
    name = unique()
    ones = [await city.organization(name=name, address={"city": town}) for town in ("Kielce", "Radom", "Lublin")]
    answers = await asyncio.gather(*(update(city, one, address={"city": "Opole"}) for one in ones))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 1, 1]


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
