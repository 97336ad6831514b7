"""Every role of the city's documents has a meaning, and a webmaster is an editor."""

import re
from pathlib import Path

from shared.contracts.people import Role
from tests.system import System

TABLE = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_table_of_roles_says_what_each_may_do() -> None:
    rows = re.findall(r"^\| `?(\w+)`? \| (.+) \| (.+) \|$", TABLE.read_text(), re.MULTILINE)
    assert {name for name, _, _ in rows} == {"Role", "visitor", *(role.value for role in Role)}


async def test_a_webmaster_may_do_what_an_editor_may(city: System) -> None:
    id_ = await city.organization(name="Fundacja Webmastera")
    body = {"id": id_, "expectedVersion": 1, "services": ["Porady"]}
    status, answer = await city.call("registry", "updateOrganization", body, city.token(Role.WEBMASTER))
    assert (status, answer["provenance"][0]["role"]) == (200, "editor")
    suspension = {"id": id_, "expectedVersion": 2, "reason": "Próba"}
    status, _ = await city.call("registry", "suspendOrganization", suspension, city.token(Role.WEBMASTER))
    assert status == 403


async def test_a_partner_and_an_animator_submit_and_find_it_again(city: System) -> None:
    for role in (Role.PARTNER, Role.ANIMATOR):
        token = city.token(role, subject=role)
        body = {"name": f"Stowarzyszenie {role} spod Jasnej Góry", "legalForm": "OTHER"}
        status, made = await city.call("registry", "submitOrganization", body, token)
        assert status == 200
        _, page = await city.call("registry", "organizations/find", {"filter": {"status": "SUBMITTED"}}, token)
        assert [item["id"] for item in page["items"]] == [made["id"]]
