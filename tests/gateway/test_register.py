"""The register through GraphQL: an organisation's life, its updates, where its fields come from."""

from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

FIELDS = "organization { id version status decisionReason dissolvedOn provenance { field source decisionId } }"


async def do(city: System, name: str, role: Role, input_: dict[str, Any], **token: Any) -> dict[str, Any]:
    type_ = name[0].upper() + name[1:] + "Input"
    query = f"mutation($input: {type_}!) {{ {name}(input: $input) {{ {FIELDS} errors {{ code field }} }} }}"
    data = await city.ask(query, {"input": input_}, city.token(role, **token))
    payload: dict[str, Any] = data[name]
    return payload


async def submitted(city: System) -> str:
    name = f"Fundacja {new_id('org')[-12:]}"
    made = await do(city, "submitOrganization", Role.RESIDENT, {"name": name, "legalForm": "FOUNDATION"})
    id_: str = made["organization"]["id"]
    return id_


async def test_from_submission_to_dissolution(city: System) -> None:
    id_ = await submitted(city)
    seen = (
        "query($id: ID!) { organization(id: $id) { status decisionReason } organizations(first: 100) { nodes { id } }}"
    )
    steps: list[tuple[str, Role, dict[str, Any], str, bool, bool]] = [
        ("verifyOrganization", Role.MODERATOR, {}, "VERIFIED", False, False),
        ("publishOrganization", Role.EDITOR, {}, "PUBLISHED", True, True),
        ("suspendOrganization", Role.OFFICIAL, {"reason": "Brak sprawozdań"}, "SUSPENDED", True, False),
        ("reinstateOrganization", Role.OFFICIAL, {}, "PUBLISHED", True, True),
        ("dissolveOrganization", Role.OFFICIAL, {"dissolvedOn": "2026-03-01"}, "DISSOLVED", True, False),
    ]
    for version, (name, role, more, status, public, listed) in enumerate(steps, start=1):
        payload = await do(city, name, role, {"id": id_, "expectedVersion": version} | more)
        assert payload["errors"] == []
        assert (payload["organization"]["status"], payload["organization"]["version"]) == (status, version + 1)
        assert payload["organization"]["decisionReason"] == more.get("reason")
        data = await city.ask(seen, {"id": id_})
        assert (data["organization"] is not None) is public
        assert (id_ in [node["id"] for node in data["organizations"]["nodes"]]) is listed
    again = await do(city, "suspendOrganization", Role.OFFICIAL, {"id": id_, "expectedVersion": 6, "reason": "x"})
    assert again["errors"] == [{"code": "WRONG_STATUS", "field": "id"}]


async def test_visitors_find_suspended_ones_when_they_ask_for_them(city: System) -> None:
    id_ = await city.organization(status="SUSPENDED")
    query = "query($status: OrganizationStatus) { organizations(first: 100, filter: {status: $status}) { nodes { id }}}"
    for status, found in (("SUSPENDED", True), (None, False), ("PUBLISHED", False)):
        data = await city.ask(query, {"status": status})
        assert (id_ in [node["id"] for node in data["organizations"]["nodes"]]) is found
    await submitted(city)
    assert (await city.ask(query, {"status": "SUBMITTED"}))["organizations"]["nodes"] == []


async def test_a_rejection_after_verification_keeps_its_reason(city: System) -> None:
    id_ = await submitted(city)
    await do(city, "verifyOrganization", Role.OFFICIAL, {"id": id_, "expectedVersion": 1})
    input_ = {"id": id_, "expectedVersion": 2, "reason": "Nie działa w mieście"}
    payload = await do(city, "rejectOrganization", Role.EDITOR, input_)
    assert payload["organization"]["status"] == "REJECTED"
    assert payload["organization"]["decisionReason"] == "Nie działa w mieście"


async def test_an_update_leaves_where_its_fields_come_from(city: System) -> None:
    id_ = await city.organization(provenance=[{"field": "name", "source": "KRS", "on": "2020-01-01"}])
    point = {"name": "Biuro", "phones": ["34 370 76 30"]}
    input_ = {"id": id_, "expectedVersion": 1, "website": "https://example.org", "contactPoints": [point]}
    payload = await do(city, "updateOrganization", Role.REPRESENTATIVE, input_, organizations=[id_])
    assert payload["errors"] == []
    assert {(one["field"], one["source"]) for one in payload["organization"]["provenance"]} == {
        ("name", "KRS"),
        ("website", "update"),
        ("contactPoints", "update"),
    }


async def test_a_representative_does_not_rename_nor_touch_others(city: System) -> None:
    own, other = await city.organization(), await city.organization()
    input_ = {"id": own, "expectedVersion": 1, "name": "Inna"}
    payload = await do(city, "updateOrganization", Role.REPRESENTATIVE, input_, organizations=[own])
    assert payload["errors"] == [{"code": "FIELD_NOT_YOURS", "field": "name"}]
    input_ = {"id": other, "expectedVersion": 1, "website": "https://example.org"}
    payload = await do(city, "updateOrganization", Role.REPRESENTATIVE, input_, organizations=[own])
    assert payload["errors"] == [{"code": "FORBIDDEN", "field": None}]


async def test_representatives_are_a_name_and_a_function(city: System) -> None:
    id_ = await city.organization()
    people = [{"name": "Anna Nowak", "function": "prezes zarządu"}]
    await do(city, "updateOrganization", Role.EDITOR, {"id": id_, "expectedVersion": 1, "representatives": people})
    data = await city.ask(
        "query($id: ID!) { organization(id: $id) { representatives { name function } } }", {"id": id_}
    )
    assert data["organization"]["representatives"] == people
