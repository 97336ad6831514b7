"""No PESEL number gets into any service: every text of every command is tried, and every way of importing."""

from typing import Any

import pytest

from services.consultations.http import ROUTES as CONSULTATIONS
from services.events.http import ROUTES as EVENTS
from services.registry.http import ROUTES as REGISTRY
from shared.contracts.base import Command
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.samples import body, texts
from tests.system import System

PESEL = "44051401359"
SENT = (f"Jan, {PESEL}", f"https://example.org/{PESEL}", f"{PESEL}@example.org")
COMMANDS = [
    (service, write.command)
    for service, routes in (("registry", REGISTRY), ("consultations", CONSULTATIONS), ("events", EVENTS))
    for write in routes.writes
]


@pytest.mark.parametrize(("service", "command"), COMMANDS)
async def test_no_text_of_a_command_takes_a_pesel_number(city: System, service: str, command: type[Command]) -> None:
    name = command.__name__[0].lower() + command.__name__[1:]
    for path, text in texts(command, *SENT):
        key = new_id("key")
        asked = body(command, path, text)
        status, answer = await city.call(service, name, asked, city.token(*Role), **{"Idempotency-Key": key})
        assert status == 422, (path, answer)
        (error,) = answer["errors"]
        assert (error["code"], error["field"]) == ("PERSONAL_NUMBER", path)
        assert PESEL not in str(answer)


async def test_nothing_is_kept_of_a_command_with_a_pesel_number(city: System) -> None:
    """Not even that it was sent: mended, it goes through under the same idempotency key."""
    key, token = {"Idempotency-Key": new_id("key")}, city.token(Role.RESIDENT)
    asked = {"name": f"Fundacja {new_id('org')}", "legalForm": "FOUNDATION", "description": f"Prezes: {PESEL}"}
    status, answer = await city.call("registry", "submitOrganization", asked, token, **key)
    assert (status, answer["errors"][0]["code"]) == (422, "PERSONAL_NUMBER")
    assert "PESEL" in answer["errors"][0]["message"]
    status, _ = await city.call("registry", "submitOrganization", asked | {"description": "Prezes"}, token, **key)
    assert status == 200


async def test_an_import_takes_no_pesel_number(city: System) -> None:
    line = (
        f'{{"collection": "districts", "entity": {{"id": "{new_id("dis")}", "version": 1, "city": "Częstochowa", '
        f'"name": "Raków {PESEL}", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}}}}'
    )
    headers = {"Authorization": f"Bearer {city.token(Role.OPERATOR)}"}
    url = f"{city.urls['registry']}/v1/import"
    async with city.session.post(url, data=line.encode(), headers=headers) as sent:
        answer: dict[str, Any] = await sent.json()
    assert (answer["stored"], [error["line"] for error in answer["errors"]]) == (0, [1])
    assert PESEL not in str(answer)


async def test_a_row_of_a_file_takes_no_pesel_number(city: System) -> None:
    row = {"name": "Fundacja", "legalForm": "FOUNDATION", "krs": "0000987654", "description": f"Prezes: {PESEL}"}
    asked = {"rows": [{"number": 1, "set": row}]}
    _, answer = await city.call("registry", "importOrganizations", asked, city.token(Role.OPERATOR))
    assert (answer["created"], [error["column"] for error in answer["errors"]]) == (0, ["description"])
    assert PESEL not in str(answer)


async def test_a_refusal_of_a_pesel_number_reaches_the_client(city: System) -> None:
    mutation = """mutation($name: String!) {
      submitOrganization(input: { name: $name, legalForm: OTHER }) { errors { code field } } }"""
    data = await city.ask(mutation, {"name": f"Jan {PESEL}"})
    assert data["submitOrganization"]["errors"] == [{"code": "PERSONAL_NUMBER", "field": "name"}]
