"""Good practices and ideas: put forward, published or rejected, found by everybody."""

from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.partnerships.test_partnerships import Answer, refusal
from tests.system import System

SUBMIT = """mutation($input: SubmitPracticeInput!) {
  submitPractice(input: $input) { practice { id status kind tags } errors { code field } }
}"""
FIND = """query($search: String, $organization: ID!, $district: ID!, $project: ID!) {
  practices(filter: { search: $search, tag: "SĄSIEDZI", districtId: $district }) {
    totalCount nodes { id title organizations { id } projects { id } }
    facets { name values { value count } }
  }
  organization(id: $organization) { practices { nodes { id } } }
  project(id: $project) { practices { nodes { id } } }
}"""


async def submit(city: System, token: str, **more: Any) -> Answer:
    body = {"kind": "IDEA", "title": "Ławka na podwórku", "text": "Sąsiedzi malują ławkę."} | more
    return await city.call("registry", "submitPractice", body, token)


async def step(city: System, name: str, practice: dict[str, Any], role: Role, **more: Any) -> Answer:
    body = {"id": practice["id"], "expectedVersion": practice["version"]} | more
    return await city.call("registry", f"{name}Practice", body, city.token(role))


async def seen(city: System, practice: dict[str, Any], token: str | None = None, **filter_: Any) -> tuple[bool, bool]:
    """Whether it is loaded by its id, and whether it is in the list."""
    _, batch = await city.call("registry", "practices/batch", {"ids": [practice["id"]]}, token)
    _, page = await city.call("registry", "practices/find", {"filter": filter_, "first": 100}, token)
    return bool(batch["items"]), practice["id"] in [item["id"] for item in page["items"]]


async def copy_of_all(city: System) -> str:
    async with city.session.get(f"{city.urls['registry']}/v1/export/registry.jsonl") as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_practice_is_put_forward_published_and_found(city: System) -> None:
    organization, district, project = await city.organization(), new_id("dis"), new_id("prj")
    await city.load(
        "registry",
        ("districts", {"id": district, "name": "Raków", "city": "Częstochowa"}),
        ("projects", {"id": project, "name": "Zmieniając dziś"}),
    )
    given = {
        "kind": "GOOD_PRACTICE",
        "title": "Ośrodki wspólne z mieszkańcami",
        "text": "Grupa mieszkańców wychodzi do sąsiadów z inicjatywą zrobienia czegoś dobrego.",
        "fields": ["LABOUR_MARKET_SOCIAL_AFFAIRS"],
        "tags": ["sąsiedzi"],
        "organizationIds": [organization],
        "projectIds": [project],
        "districtIds": [district],
    }
    made = (await city.ask(SUBMIT, {"input": given}, city.token(Role.ANIMATOR)))["submitPractice"]
    assert made["errors"] == []
    assert made["practice"]["status"] == "SUBMITTED"
    asked = {"search": "inicjatywy sasiadow", "organization": organization, "district": district, "project": project}
    assert (await city.ask(FIND, asked))["practices"]["totalCount"] == 0
    status, body = await step(city, "publish", made["practice"] | {"version": 1}, Role.EDITOR)
    assert (status, body["status"], "submittedBy" in body) == (200, "PUBLISHED", False)
    found = await city.ask(FIND, asked)
    (node,) = found["practices"]["nodes"]
    assert (node["organizations"], node["projects"]) == ([{"id": organization}], [{"id": project}])
    assert {"name": "kind", "values": [{"value": "GOOD_PRACTICE", "count": 1}]} in found["practices"]["facets"]
    assert found["organization"]["practices"]["nodes"] == found["project"]["practices"]["nodes"] == [{"id": node["id"]}]


async def test_until_it_is_published_only_its_submitter_and_reviewers_see_it(city: System) -> None:
    own = city.token(Role.RESIDENT, subject=new_id("sub"))
    _, practice = await submit(city, own)
    for token in (None, city.token(Role.RESIDENT, subject=new_id("sub")), city.token(Role.OFFICIAL)):
        assert await seen(city, practice, token) == (False, False)
        assert await seen(city, practice, token, status="SUBMITTED") == (False, False)
    assert await seen(city, practice, own, status="SUBMITTED") == (True, True)
    assert await seen(city, practice, city.token(Role.MODERATOR), status="SUBMITTED") == (True, True)
    assert practice["id"] not in await copy_of_all(city)
    await step(city, "publish", practice, Role.MODERATOR)
    assert await seen(city, practice) == (True, True)
    assert practice["id"] in await copy_of_all(city)


async def test_a_practice_is_published_once_and_taken_back_with_a_reason(city: System) -> None:
    _, practice = await submit(city, city.token(Role.PARTNER))
    _, published = await step(city, "publish", practice, Role.MODERATOR)
    assert refusal(await step(city, "publish", practice, Role.MODERATOR))[1] == "VERSION_OUTDATED"
    assert refusal(await step(city, "publish", published, Role.MODERATOR)) == (409, "NOT_SUBMITTED", "id")
    status, rejected = await step(city, "reject", published, Role.MODERATOR, reason="Podaje czyjś adres.")
    assert (status, rejected["status"], rejected["decisionReason"]) == (200, "REJECTED", "Podaje czyjś adres.")
    assert await seen(city, practice) == (False, False)
    assert refusal(await step(city, "reject", rejected, Role.MODERATOR, reason="x"))[1] == "ALREADY_REJECTED"
    assert refusal(await step(city, "change", rejected, Role.MODERATOR, title="x"))[1] == "ALREADY_REJECTED"


async def test_its_submitter_changes_it_until_it_is_decided_on(city: System) -> None:
    subject = new_id("sub")
    own, other = city.token(Role.RESIDENT, subject=subject), city.token(Role.RESIDENT, subject=new_id("sub"))
    _, practice = await submit(city, own)
    change = {"id": practice["id"], "expectedVersion": 1, "title": "Dwie ławki", "tags": ["ławki"]}
    # whoever does not see it does not learn that it is there
    unknown = await city.call("registry", "changePractice", change | {"id": new_id("prc")}, other)
    assert await city.call("registry", "changePractice", change, other) == unknown
    assert refusal(unknown) == (422, "UNKNOWN_PRACTICE", "id")
    status, changed = await city.call("registry", "changePractice", change, own)
    assert (status, changed["title"], changed["tags"], changed["text"]) == (
        200, "Dwie ławki", ["ławki"], "Sąsiedzi malują ławkę."
    )  # fmt: skip
    _, published = await step(city, "publish", changed, Role.EDITOR)
    change |= {"expectedVersion": published["version"]}
    assert refusal(await city.call("registry", "changePractice", change, own))[1] == "FORBIDDEN"
    assert (await step(city, "change", published, Role.EDITOR, title="Trzy ławki"))[1]["title"] == "Trzy ławki"


async def test_links_lead_to_what_is_there(city: System) -> None:
    token = city.token(Role.RESIDENT)
    for field, prefix, code in (
        ("organizationIds", "org", "UNKNOWN_ORGANIZATION"),
        ("projectIds", "prj", "UNKNOWN_PROJECT"),
        ("agreementIds", "agr", "UNKNOWN_AGREEMENT"),
        ("districtIds", "dis", "UNKNOWN_DISTRICT"),
    ):
        assert refusal(await submit(city, token, **{field: [new_id(prefix)]})) == (422, code, f"{field}.0")
    assert refusal(await submit(city, token, text="x" * 5_001))[2] == "text"
