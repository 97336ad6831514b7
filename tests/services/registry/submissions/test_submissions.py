"""Submitting an organisation and deciding on it, at the registry itself."""

import asyncio
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

NIP = "5732745883"
VALID = ["5732745883", "5260250995", "7740001454", "5252344078", "1132853869"]


def submission(**more: Any) -> dict[str, Any]:
    # a name of its own each time: an equal one would be a duplicate
    return {"name": f"Stowarzyszenie {new_id('org')}", "legalForm": "ASSOCIATION"} | more


async def submit(city: System, token: str | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
    token = token or city.token(Role.RESIDENT)
    return await city.call("registry", "submitOrganization", submission(**more), token)


def refusal(answer: tuple[int, dict[str, Any]]) -> tuple[int, str, str | None]:
    status, body = answer
    (error,) = body["errors"]
    return status, error["code"], error["field"]


async def test_a_submission_waits_for_a_decision(city: System) -> None:
    status, body = await submit(city)
    assert (status, body["status"], body["version"]) == (200, "SUBMITTED", 1)


async def test_who_submitted_is_never_sent(city: System) -> None:
    token = city.token(Role.RESIDENT, subject="private-subject")
    _, body = await submit(city, token)
    assert "private-subject" not in str(body)
    _, seen = await city.call("registry", "organizations/batch", {"ids": [body["id"]]}, token)
    assert len(seen["items"]) == 1
    assert "private-subject" not in str(seen)


async def test_a_submission_is_seen_by_its_submitter_and_reviewers_only(city: System) -> None:
    _, body = await submit(city, city.token(Role.RESIDENT, subject="first"))
    for token, count in [
        (city.token(Role.RESIDENT, subject="first"), 1),
        (city.token(Role.RESIDENT, subject="second"), 0),
        (city.token(Role.OFFICIAL, subject="third"), 1),
        (None, 0),
    ]:
        _, seen = await city.call("registry", "organizations/batch", {"ids": [body["id"]]}, token)
        assert len(seen["items"]) == count


async def test_lists_show_visitors_published_organisations_only(city: System) -> None:
    name = f"Fundacja Szukana {new_id('org')}"
    await submit(city, name=name)
    request = {"filter": {"nameStartsWith": name}}
    _, page = await city.call("registry", "organizations/find", request)
    assert page["items"] == []
    _, page = await city.call("registry", "organizations/find", request, city.token(Role.OFFICIAL))
    assert [item["name"] for item in page["items"]] == [name]
    wanted = {"filter": {"nameStartsWith": name, "status": "SUBMITTED"}}
    _, page = await city.call("registry", "organizations/find", wanted)
    assert page["items"] == []


async def test_a_submitter_finds_the_own_submissions(city: System) -> None:
    name = f"Fundacja Własna {new_id('org')}"
    await submit(city, city.token(Role.RESIDENT, subject="own"), name=name)
    request = {"filter": {"nameStartsWith": name, "status": "SUBMITTED"}}
    for subject, count in (("own", 1), ("other", 0)):
        token = city.token(Role.RESIDENT, subject=subject)
        _, page = await city.call("registry", "organizations/find", request, token)
        assert len(page["items"]) == count


async def test_a_search_of_signs_alone_finds_nothing(city: System) -> None:
    await city.organization()
    for search in ("!!!", "%", "🙂", "* * *"):
        _, page = await city.call("registry", "organizations/find", {"filter": {"search": search}})
        assert page["items"] == []


async def test_a_nip_with_a_wrong_check_digit_is_refused(city: System) -> None:
    assert refusal(await submit(city, nip="5732745884")) == (422, "CHECKSUM_WRONG", "nip")


async def test_a_regon_with_a_wrong_check_digit_is_refused(city: System) -> None:
    assert refusal(await submit(city, regon="151399003")) == (422, "CHECKSUM_WRONG", "regon")


@pytest.mark.parametrize("padded", ["61018820100000", "30204683000000", "00200376400000"])
async def test_a_regon_padded_by_the_krs_register_is_taken_without_the_padding(city: System, padded: str) -> None:
    status, body = await submit(city, regon=padded)
    assert (status, body["regon"]) == (200, padded[:9])


async def test_two_submissions_of_one_nip_at_once_are_one_organisation(city: System) -> None:
    answers = await asyncio.gather(*(submit(city, nip=NIP) for _ in range(10)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 9
    assert {refusal(answer) for answer in answers if answer[0] == 409} == {(409, "DUPLICATE_IDENTIFIER", "nip")}


async def test_an_unknown_district_is_refused(city: System) -> None:
    assert refusal(await submit(city, districtIds=[new_id("dis")])) == (422, "UNKNOWN_DISTRICT", "districtIds.0")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"legalForm": "NO_SUCH"}, "legalForm"),
        ({"krs": "12"}, "krs"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"districtIds": "x"}, "districtIds"),
        ({"districtIds": ["x"]}, "districtIds.0"),
        ({"fields": ["HEALTH"] * 7}, "fields"),
        ({"surprise": 1}, None),
    ],
)
async def test_bad_input_names_the_field_and_stores_nothing(
    city: System, wrong: dict[str, Any], field: str | None
) -> None:
    before = await count(city)
    assert refusal(await submit(city, **wrong)) == (422, "INVALID_INPUT", field)
    assert await count(city) == before


async def count(city: System) -> int:
    request = {"first": 0, "total": True}
    _, page = await city.call("registry", "organizations/find", request, city.token(Role.OFFICIAL))
    total: int = page["total"]
    return total


async def test_names_are_kept_without_blanks_around_and_composed(city: System) -> None:
    _, body = await submit(city, name="  Fundacja O\u0301sma ")
    assert body["name"] == "Fundacja Ósma"


async def test_the_same_request_sent_again_is_done_once(city: System) -> None:
    token, key = city.token(Role.RESIDENT), new_id("key")
    path, body = "submitOrganization", submission(name=f"Fundacja {key}")
    answers = [
        await city.call("registry", path, body, token, **{"Idempotency-Key": key}),
        *await asyncio.gather(
            *(city.call("registry", path, body, token, **{"Idempotency-Key": key}) for _ in range(10))
        ),
    ]
    assert {status for status, _ in answers} == {200}
    assert len({answer["id"] for _, answer in answers}) == 1


async def test_ten_first_sendings_at_once_are_done_once(city: System) -> None:
    token, key = city.token(Role.RESIDENT), new_id("key")
    body = submission(name=f"Fundacja {key}")
    answers = await asyncio.gather(
        *(city.call("registry", "submitOrganization", body, token, **{"Idempotency-Key": key}) for _ in range(10))
    )
    assert {status for status, _ in answers} == {200}
    assert len({answer["id"] for _, answer in answers}) == 1


async def test_an_idempotency_key_is_not_taken_for_another_command(city: System) -> None:
    token, key = city.token(Role.RESIDENT), new_id("key")
    await city.call("registry", "submitOrganization", submission(), token, **{"Idempotency-Key": key})
    other = submission(name="Fundacja Inna")
    answer = await city.call("registry", "submitOrganization", other, token, **{"Idempotency-Key": key})
    assert refusal(answer) == (409, "IDEMPOTENCY_KEY_REUSED", "idempotencyKey")


async def test_two_people_may_choose_the_same_idempotency_key(city: System) -> None:
    key, ids = new_id("key"), set()
    for subject in ("one", "two"):
        token = city.token(Role.RESIDENT, subject=subject)
        _, body = await city.call("registry", "submitOrganization", submission(), token, **{"Idempotency-Key": key})
        ids.add(body["id"])
    assert len(ids) == 2


async def test_a_published_submission_is_everyones(city: System) -> None:
    _, body = await submit(city)
    decision = {"id": body["id"], "expectedVersion": 1, "publish": True}
    status, published = await city.call("registry", "reviewOrganization", decision, city.token(Role.OFFICIAL))
    assert (status, published["status"], published["version"]) == (200, "PUBLISHED", 2)
    _, seen = await city.call("registry", "organizations/batch", {"ids": [body["id"]]})
    assert len(seen["items"]) == 1


async def test_a_rejection_needs_a_reason(city: System) -> None:
    _, body = await submit(city)
    decision = {"id": body["id"], "expectedVersion": 1, "publish": False}
    answer = await city.call("registry", "reviewOrganization", decision, city.token(Role.OFFICIAL))
    assert refusal(answer) == (422, "REASON_REQUIRED", "reason")


async def test_a_rejected_number_can_be_submitted_again(city: System) -> None:
    nip = VALID[1]
    _, body = await submit(city, nip=nip)
    decision = {"id": body["id"], "expectedVersion": 1, "publish": False, "reason": "Nie działa w mieście"}
    await city.call("registry", "reviewOrganization", decision, city.token(Role.OFFICIAL))
    status, _ = await submit(city, nip=nip)
    assert status == 200


async def test_of_two_decisions_at_once_one_holds(city: System) -> None:
    _, body = await submit(city)
    decision = {"id": body["id"], "expectedVersion": 1, "publish": True}
    token = city.token(Role.OFFICIAL)
    answers = await asyncio.gather(*(city.call("registry", "reviewOrganization", decision, token) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409]


async def test_a_resident_does_not_decide(city: System) -> None:
    _, body = await submit(city)
    decision = {"id": body["id"], "expectedVersion": 1, "publish": True}
    answer = await city.call("registry", "reviewOrganization", decision, city.token(Role.RESIDENT))
    assert refusal(answer) == (403, "FORBIDDEN", None)
