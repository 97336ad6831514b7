"""A submission of what is there already: refused where it is sure, marked for reviewers where it is likely."""

import asyncio
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

LIKELY = """query($id: ID!) {
  likelyDuplicates(filter: { organizationId: $id }) { nodes { likeness organization { id } other { id } } }
  organization(id: $id) { likelyDuplicates { nodes { other { id } } } }
}"""


async def submit(city: System, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"name": name, "legalForm": "FOUNDATION"} | more
    return await city.call("registry", "submitOrganization", body, city.token(Role.RESIDENT, subject="submitter"))


async def likely(city: System, id_: str, role: Role = Role.MODERATOR) -> list[tuple[str, str]]:
    data = await city.ask(LIKELY, {"id": id_}, city.token(role, subject="submitter"))
    nodes = data["likelyDuplicates"]["nodes"]
    assert [one["other"] for one in nodes] == [
        one["other"] for one in data["organization"]["likelyDuplicates"]["nodes"]
    ]
    return [(node["likeness"], node["other"]["id"]) for node in nodes]


def code(answer: tuple[int, dict[str, Any]]) -> tuple[str, str | None]:
    error = answer[1]["errors"][0]
    return error["code"], error["field"]


async def test_the_refusal_of_a_taken_number_names_a_public_record_only(city: System) -> None:
    public = await city.organization(name="Fundacja Numerowa", krs="0000111222")
    answer = await submit(city, "Fundacja z Numerem", krs="0000111222")
    assert code(answer) == ("DUPLICATE_IDENTIFIER", "krs")
    assert public in answer[1]["errors"][0]["message"]
    _, hidden = await submit(city, "Fundacja Ukryta", krs="0000111333")
    answer = await submit(city, "Fundacja z Innym Numerem", krs="0000111333")
    assert code(answer) == ("DUPLICATE_IDENTIFIER", "krs")
    assert hidden["id"] not in str(answer)


@pytest.mark.parametrize("name", ["FUNDACJA „Wspólny Zaułek”", "Wspólny zaulek", "Zaułek"])
async def test_an_equal_name_or_alias_of_the_same_form_is_refused(city: System, name: str) -> None:
    id_ = new_id("org")
    await city.load(
        "registry",
        (
            "organizations",
            {
                "id": id_,
                "name": "Fundacja Wspólny Zaułek",
                "aliases": ["Zaułek"],
                "legalForm": "FOUNDATION",
                "status": "PUBLISHED",
            },
        ),
    )
    answer = await submit(city, name)
    assert code(answer) == ("DUPLICATE_NAME", "name")
    assert answer[0] == 409
    answer = await submit(city, f"Fundacja {new_id('org')}", aliases=["Nowa", name])
    assert code(answer) == ("DUPLICATE_NAME", "aliases.1")


async def test_a_name_word_for_word_is_refused_whatever_the_form(city: System) -> None:
    await city.organization(name="Uniwersytet Siódmego Wieku", legalForm="OTHER")
    answer = await submit(city, "Uniwersytet siódmego wieku", legalForm="ASSOCIATION")
    assert code(answer) == ("DUPLICATE_NAME", "name")


@pytest.mark.parametrize(
    ("there", "submitted"),
    [
        ({"legalForm": "FOUNDATION", "krs": "0000444551"}, {"krs": "0000444552"}),
        ({"legalForm": "FOUNDATION", "address": {"city": "Białystok"}}, {"address": {"city": "Częstochowa"}}),
        ({"legalForm": "FOUNDATION", "status": "DISSOLVED"}, {}),
        ({}, {"legalForm": "ASSOCIATION"}),
    ],
)
async def test_an_equal_name_that_something_tells_apart_is_only_likely(
    city: System, there: dict[str, Any], submitted: dict[str, Any]
) -> None:
    name = new_id("org")[4:]
    other = await city.organization(name=f"Stowarzyszenie {name}", **there)
    status, body = await submit(city, **{"name": f"Fundacja {name}"} | submitted)
    assert status == 200, body
    assert await likely(city, body["id"]) == [("SAME_NAME", other)]


async def test_near_names_and_other_orders_are_likely_duplicates(city: System) -> None:
    misprint = await city.organization(name="Fundacja Chrześcijańska Adullam Zachód")
    order = await city.organization(name="Adulam Zachód Chrześcijańska")
    await city.organization(name="Fundacja Chrześcijańska Światło")
    status, body = await submit(city, "Fundacja Chrześcijańska Adulam Zachód")
    assert status == 200
    assert set(await likely(city, body["id"])) == {("OTHER_WORD_ORDER", order), ("NEAR_NAME", misprint)}
    assert [one for _, one in await likely(city, order)] == [order]


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.REPRESENTATIVE, Role.EVALUATOR])
async def test_likely_duplicates_are_for_reviewers_only(city: System, role: Role) -> None:
    name = new_id("org")[4:]
    await city.organization(name=f"Fundacja {name}x")
    status, body = await submit(city, f"Fundacja {name}y")
    assert status == 200
    assert len(await likely(city, body["id"])) == 1
    assert await likely(city, body["id"], role) == []
    found = (await city.ask("{ likelyDuplicates { nodes { id } } }"))["likelyDuplicates"]["nodes"]
    assert found == []
    staff = "{ likelyDuplicates(first: 1) { nodes { id } } }"
    node = (await city.ask(staff, token=city.token(Role.EDITOR)))["likelyDuplicates"]["nodes"][0]["id"]
    assert (await city.ask("query($id: ID!) { node(id: $id) { id } }", {"id": node}))["node"] is None


async def test_a_rejected_name_can_be_submitted_again(city: System) -> None:
    name = f"Fundacja {new_id('org')}"
    _, body = await submit(city, name)
    rejection = {"id": body["id"], "expectedVersion": 1, "reason": "Nie działa w mieście"}
    await city.call("registry", "rejectOrganization", rejection, city.token(Role.OFFICIAL))
    assert (await submit(city, name))[0] == 200


async def test_two_submissions_of_one_name_at_once_are_one_organisation(city: System) -> None:
    name = f"Fundacja {new_id('org')}"
    answers = await asyncio.gather(*(submit(city, name) for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 5
    assert {code(answer) for answer in answers if answer[0] == 409} == {("DUPLICATE_NAME", "name")}
