"""Whatever is sent, the answer is a clear error, never a stack trace, and nothing has changed."""

import json
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"null", 400),
    (b'"text"', 400),
    (b"5", 400),
    (b"[]", 400),
    (b"{}", 400),
    (b'{"query": null}', 400),
    (b'{"query": 5}', 400),
    (b'{"query": ""}', 400),
    (b'{"query": "{ districts { nodes { id } } }", "variables": []}', 400),
    (b'{"query": "{ districts { nodes { id } } }", "variables": NaN}', 400),
    (b'{"query": "\xff\xfe"}', 400),
    (b'{"query": "{ a }", "variables": {"a": "\\ud800"}}', 400),
    (b'{"query": "{ a }", "variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    (b'{"query": "' + b"x" * 2_000_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
async def test_a_body_that_is_no_request(city: System, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    async with city.session.post(city.graphql, data=body, headers=headers) as answer:
        text = await answer.text()
        assert answer.status == status, text
        _is_clear(json.loads(text)["errors"])


OPERATIONS: list[tuple[str, str | None]] = [
    ("{ nope }", None),
    ("{ districts", None),
    ("{" * 5_000, None),
    ("query($a: Int!) { districts(first: $a) { nodes { id } } }", None),
    ('{ districts(first: "many") { nodes { id } } }', None),
    ("{ districts(first: -1) { nodes { id } } }", "INVALID_INPUT"),
    ("{ districts(first: 101) { nodes { id } } }", "PAGE_TOO_LARGE"),
    ('{ districts(after: "") { nodes { id } } }', "CURSOR_INVALID"),
    ('{ districts(after: "zażółć") { nodes { id } } }', "CURSOR_INVALID"),
    ('{ districts(after: "bm90IGpzb24") { nodes { id } } }', "CURSOR_INVALID"),
    ('{ node(id: "") { id } }', "ID_INVALID"),
    ('{ node(id: "org_1") { id } }', "ID_INVALID"),
    ('{ node(id: "xyz_00000000000000000000000000") { id } }', "ID_INVALID"),
    ('{ organization(id: "dis_00000000000000000000000000") { id } }', "ID_INVALID"),
    ('{ organizations(filter: { search: "' + "a" * 201 + '" }) { nodes { id } } }', "INVALID_INPUT"),
    ('{ organizations(filter: { search: "' + "a" * 900_000 + '" }) { nodes { id } } }', "INVALID_INPUT"),
    ('{ organizations(filter: { nip: "1" }) { nodes { id } } }', "INVALID_INPUT"),
    ('{ events(filter: { startsFrom: "2026-01-01T10:00:00" }) { nodes { id } } }', "INVALID_INPUT"),
    ('{ events(filter: { startsFrom: "yesterday" }) { nodes { id } } }', None),
]


@pytest.mark.parametrize(("query", "code"), OPERATIONS, ids=range(len(OPERATIONS)))
async def test_an_operation_that_asks_wrongly(city: System, query: str, code: str | None) -> None:
    status, answer = await city.send({"query": query})
    assert status == 200, answer
    _is_clear(answer["errors"])
    assert answer["errors"][0].get("extensions", {}).get("code") == code


async def test_a_cursor_of_another_list_or_order_is_refused(city: System) -> None:
    for _ in range(3):
        await city.organization()
    page = "{ organizations(first: 1, orderBy: %s) { pageInfo { endCursor } } }"
    by_name = (await city.ask(page % "NAME"))["organizations"]["pageInfo"]["endCursor"]
    for foreign in ("organizations(after: $c, orderBy: NEWEST)", "districts(after: $c)", "events(after: $c)"):
        query = f"query($c: String) {{ {foreign} {{ nodes {{ id }} }} }}"
        _, answer = await city.send({"query": query, "variables": {"c": by_name}})
        assert answer["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"
    query = "query($c: String) { organizations(after: $c, orderBy: NAME) { nodes { id } } }"
    assert await city.ask(query, {"c": by_name})


async def test_one_bad_id_does_not_spoil_its_neighbours(city: System) -> None:
    organization = await city.organization(name="Dobra")
    query = 'query($id: ID!) { good: node(id: $id) { id } bad: node(id: "bad") { id } }'
    _, answer = await city.send({"query": query, "variables": {"id": organization}})
    assert answer["data"] == {"good": {"id": organization}, "bad": None}


MUTATIONS: list[tuple[str, str, dict[str, Any], str, str | None]] = [
    ("submitOrganization", "organization", {"name": "", "legalForm": "FOUNDATION"}, "INVALID_INPUT", "name"),
    ("submitOrganization", "organization", {"name": " \t ", "legalForm": "FOUNDATION"}, "INVALID_INPUT", "name"),
    ("submitOrganization", "organization", {"name": "x" * 900_000, "legalForm": "FOUNDATION"}, "INVALID_INPUT", "name"),
    (
        "submitOrganization",
        "organization",
        {"name": "F", "legalForm": "FOUNDATION", "nip": "1234567890"},
        "CHECKSUM_WRONG",
        "nip",
    ),
    ("submitRemark", "remark", {"consultationId": "x", "text": "U"}, "INVALID_INPUT", "consultationId"),
    (
        "submitRemark",
        "remark",
        {"consultationId": new_id("con"), "text": "U"},
        "UNKNOWN_CONSULTATION",
        "consultationId",
    ),
    (
        "submitRemark",
        "remark",
        {"consultationId": new_id("con"), "text": "U", "organizationId": new_id("org")},
        "UNKNOWN_ID",
        "organizationId",
    ),
    (
        "openConsultation",
        "consultation",
        {"title": "T", "organizerIds": [new_id("org")], "opensOn": "2098-01-01", "closesOn": "2098-02-01"},
        "UNKNOWN_ID",
        "organizerIds.0",
    ),
    (
        "scheduleEvent",
        "event",
        {"title": "T", "organizerIds": [], "startsAt": "2098-01-01T10:00:00Z", "endsAt": "2098-01-01T11:00:00Z"},
        "INVALID_INPUT",
        "organizerIds",
    ),
    (
        "scheduleEvent",
        "event",
        {
            "title": "T",
            "organizerIds": [new_id("dis")],
            "startsAt": "2098-01-01T10:00:00Z",
            "endsAt": "2098-01-01T11:00:00Z",
        },
        "UNKNOWN_ID",
        "organizerIds.0",
    ),
]


@pytest.mark.parametrize(("name", "result", "command", "code", "field"), MUTATIONS, ids=range(len(MUTATIONS)))
async def test_a_mutation_with_bad_input_tells_the_field_as_data(
    city: System, name: str, result: str, command: dict[str, Any], code: str, field: str | None
) -> None:
    type_ = name[0].upper() + name[1:] + "Input"
    query = f"mutation($i: {type_}!) {{ {name}(input: $i) {{ {result} {{ id }} errors {{ code field message }} }} }}"
    data = await city.ask(query, {"i": command}, city.token(*Role))
    (error,) = data[name]["errors"]
    assert (data[name][result], error["code"], error["field"]) == (None, code, field)
    assert error["message"]


async def test_messages_are_polish_unless_english_is_asked_for(city: System) -> None:
    query = {"query": '{ node(id: "x") { id } }'}
    messages = {}
    for language in ("pl", "en-GB,en;q=0.9", "de"):
        _, answer = await city.send(query, language=language)
        messages[language] = answer["errors"][0]["message"]
    assert messages["pl"] == messages["de"] != messages["en-GB,en;q=0.9"]


async def test_a_bad_token_is_told_at_once(city: System) -> None:
    status, answer = await city.send({"query": "{ __typename }"}, token="nonsense")  # noqa: S106
    assert (status, answer["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


async def test_writing_by_get_is_refused(city: System) -> None:
    query = 'mutation { submitRemark(input: { consultationId: "x", text: "y" }) { errors { code } } }'
    headers = {"GraphQL-Require-Preflight": "1"}
    async with city.session.get(city.graphql, params={"query": query}, headers=headers) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        _is_clear((await answer.json())["errors"])


def _is_clear(errors: list[dict[str, Any]]) -> None:
    assert errors
    for error in errors:
        assert 5 < len(error["message"]) < 1_000
        for internal in ("Traceback", 'File "', ".py", "object at 0x"):
            assert internal not in error["message"]
