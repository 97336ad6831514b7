"""Partnerships: signing, joining, leaving, ending, and how they stood on any day."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.clock import today
from shared.contracts.partnerships import (
    Contribution,
    MemberKind,
    Membership,
    Partnership,
    PartnershipKind,
    ResourceKind,
)
from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

type Answer = tuple[int, dict[str, Any]]


def refusal(answer: Answer) -> tuple[int, str, str | None]:
    status, body = answer
    (error,) = body["errors"]
    return status, error["code"], error["field"]


async def sign(city: System, **more: Any) -> Answer:
    body = {"name": "Partnerstwo", "kind": "SECTORAL", "field": "HEALTH", "signedOn": "2016-10-30"} | more
    return await city.call("registry", "signPartnership", body, city.token(Role.OFFICIAL))


async def signed(city: System, **more: Any) -> dict[str, Any]:
    status, body = await sign(city, **more)
    assert status == 200, body
    return body


def organization(id_: str) -> dict[str, Any]:
    return {"kind": "ORGANIZATION", "organizationId": id_}


async def join(city: System, id_: str, member: Any, on: str, token: str | None = None) -> Answer:
    body = {"id": id_, "member": member, "joinedOn": on}
    return await city.call("registry", "joinPartnership", body, token or city.token(Role.OFFICIAL))


async def leave(city: System, partnership: dict[str, Any], on: str, place: int = 0, token: str | None = None) -> Answer:
    body = {"id": partnership["id"], "membershipId": partnership["memberships"][place]["id"], "leftOn": on}
    return await city.call("registry", "leavePartnership", body, token or city.token(Role.OFFICIAL))


async def end(city: System, id_: str, on: str) -> Answer:
    return await city.call("registry", "endPartnership", {"id": id_, "endedOn": on}, city.token(Role.OFFICIAL))


async def as_of(city: System, day: str, **filter_: Any) -> list[dict[str, Any]]:
    request = {"filter": {"asOf": day} | filter_, "first": 100}
    status, page = await city.call("registry", "partnerships/find", request)
    assert status == 200, page
    items: list[dict[str, Any]] = page["items"]
    return items


async def test_members_of_three_kinds_with_what_they_bring(city: System) -> None:
    body = await signed(
        city,
        members=[
            organization(await city.organization())
            | {"contributions": [{"kind": "PEOPLE", "text": "dwoje animatorów"}, {"kind": "TIME"}]},
            {"kind": "INSTITUTION", "name": "Szkoła Podstawowa nr 1"},
            {"kind": "PERSON", "role": "RESIDENT", "count": 12},
        ],
    )
    assert [m["kind"] for m in body["memberships"]] == ["ORGANIZATION", "INSTITUTION", "PERSON"]
    assert {m["joinedOn"] for m in body["memberships"]} == {"2016-10-30"}
    assert [c["kind"] for c in body["memberships"][0]["contributions"]] == ["PEOPLE", "TIME"]
    assert len(body["memberIds"]) == 1


@pytest.mark.parametrize(
    "member",
    [
        {"kind": "PERSON", "name": "Jan Kowalski"},
        {"kind": "PERSON", "name": "Jan Kowalski", "role": "RESIDENT"},
        {"kind": "PERSON"},
        {"kind": "PERSON", "count": 0},
        {"kind": "ORGANIZATION", "name": "Fundacja"},
        {"kind": "INSTITUTION"},
        {"kind": "INSTITUTION", "name": "Szkoła", "organizationId": new_id("org")},
    ],
)
async def test_a_member_is_named_as_its_kind_is_and_a_person_never(city: System, member: dict[str, Any]) -> None:
    assert refusal(await sign(city, members=[member])) == (422, "MEMBER_UNCLEAR", "members.0")


async def test_the_role_of_a_person_is_one_of_a_list(city: System) -> None:
    member = {"kind": "PERSON", "role": "Jan Kowalski"}
    assert refusal(await sign(city, members=[member])) == (422, "INVALID_INPUT", "members.0.role")


async def test_a_local_partnership_is_of_a_district_a_sectoral_one_of_a_field(city: System) -> None:
    assert refusal(await sign(city, kind="LOCAL")) == (422, "DISTRICT_REQUIRED", "districtId")
    assert refusal(await sign(city, field=None)) == (422, "FIELD_REQUIRED", "field")
    assert refusal(await sign(city, kind="LOCAL", districtId=new_id("dis")))[1] == "UNKNOWN_DISTRICT"


async def test_officials_sign_and_end(city: System) -> None:
    body = {"name": "P", "kind": "SECTORAL", "field": "HEALTH", "signedOn": "2016-10-30"}
    token = city.token(Role.REPRESENTATIVE)
    assert refusal(await city.call("registry", "signPartnership", body, token))[1] == "FORBIDDEN"
    partnership = await signed(city)
    ending = {"id": partnership["id"], "endedOn": "2020-01-01"}
    assert refusal(await city.call("registry", "endPartnership", ending, token))[1] == "FORBIDDEN"


async def test_a_representative_joins_and_leaves_for_the_own_organisation_only(city: System) -> None:
    own, other = await city.organization(), await city.organization()
    token = city.token(Role.REPRESENTATIVE, organizations=[own])
    partnership = await signed(city, members=[organization(other)])
    assert refusal(await join(city, partnership["id"], {"kind": "PERSON", "count": 1}, "2017-01-01", token))[0] == 403
    assert refusal(await leave(city, partnership, "2018-01-01", 0, token)) == (403, "FORBIDDEN", None)
    status, body = await join(city, partnership["id"], organization(own), "2017-01-01", token)
    assert (status, body["memberIds"]) == (200, [other, own])
    status, body = await leave(city, body, "2018-01-01", 1, token)
    assert (status, body["memberIds"]) == (200, [other])


async def test_no_member_twice_at_one_time(city: System) -> None:
    member = organization(await city.organization())
    assert refusal(await sign(city, members=[member, member])) == (409, "ALREADY_MEMBER", "members.1")
    partnership = await signed(city, members=[member, {"kind": "INSTITUTION", "name": "Szkoła nr 1"}])
    id_ = partnership["id"]
    assert refusal(await join(city, id_, member, "2017-01-01")) == (409, "ALREADY_MEMBER", "member")
    school = {"kind": "INSTITUTION", "name": "SZKOŁA NR 1"}
    assert refusal(await join(city, id_, school, "2017-01-01")) == (409, "ALREADY_MEMBER", "member")
    await leave(city, partnership, "2018-01-01")
    assert refusal(await join(city, id_, member, "2018-01-01"))[1] == "ALREADY_MEMBER"
    assert (await join(city, id_, member, "2018-01-02"))[0] == 200


async def test_of_joins_at_once_one_holds(city: System) -> None:
    id_, member = (await signed(city))["id"], organization(await city.organization())
    answers = await asyncio.gather(*(join(city, id_, member, "2017-01-01") for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 5


async def test_of_joins_leaves_and_an_end_at_once_none_is_lost_and_nobody_stays(city: System) -> None:
    partnership = await signed(city, members=[organization(await city.organization())])
    id_ = partnership["id"]
    others = [organization(await city.organization()) for _ in range(4)]
    answers = await asyncio.gather(
        *(join(city, id_, other, "2017-01-01") for other in others),
        *(leave(city, partnership, "2017-06-30") for _ in range(2)),
        end(city, id_, "2018-12-31"),
    )
    joins, leaves, ending = answers[:4], answers[4:6], answers[6]
    assert ending[0] == 200
    _, found = await city.call("registry", "partnerships/batch", {"ids": [id_]})
    memberships = found["items"][0]["memberships"]
    # whoever was let in is there, once; whoever came after the end was told so
    assert len(memberships) == 1 + [status for status, _ in joins].count(200)
    assert all(refusal(answer)[1] == "PARTNERSHIP_ENDED" for answer in joins if answer[0] != 200)
    assert all(membership["leftOn"] is not None for membership in memberships)
    assert [status for status, _ in leaves].count(200) <= 1
    assert all(refusal(answer)[1] == "ALREADY_LEFT" for answer in leaves if answer[0] != 200)
    assert found["items"][0]["version"] == 1 + [status for status, _ in answers].count(200)


def test_what_a_source_says_of_all_and_what_members_bring_is_said_once() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    brings = (Contribution(kind=ResourceKind.PEOPLE), Contribution(kind=ResourceKind.MATERIAL, text="sala"))
    partnership = Partnership(
        id=new_id("par"),
        version=1,
        created_at=moment,
        updated_at=moment,
        name="Partnerstwo",
        kind=PartnershipKind.LOCAL,
        resources=("ludzie", "pomysły"),
        memberships=(Membership(id=new_id("mem"), kind=MemberKind.PERSON, count=2, contributions=brings),),
    )
    assert partnership.resource_lines() == ("ludzie", "pomysły", "zasoby materialne: sala")


async def test_nobody_brings_anything_outside_of_the_membership(city: System) -> None:
    own = await city.organization()
    partnership = await signed(city, members=[organization(own)])
    body = {"id": partnership["id"], "membershipId": partnership["memberships"][0]["id"], "resource": {"kind": "TIME"}}

    async def bring(since: str, *organizations: str) -> Answer:
        token = city.token(Role.REPRESENTATIVE, organizations=organizations)
        return await city.call("registry", "bringResource", body | {"since": since}, token)

    assert refusal(await bring("2017-01-01", new_id("org"))) == (403, "FORBIDDEN", None)
    assert refusal(await bring("2016-10-29", own)) == (422, "NOT_A_MEMBER_THEN", "since")
    assert refusal(await bring((today() + timedelta(days=1)).isoformat(), own))[1] == "DAY_AHEAD"
    assert (await bring("2017-01-01", own))[0] == 200
    await leave(city, partnership, "2018-01-01")
    assert refusal(await bring("2017-01-01", own)) == (422, "NOT_A_MEMBER_THEN", "since")


async def test_nobody_leaves_before_joining_or_twice(city: System) -> None:
    partnership = await signed(city, members=[organization(await city.organization())])
    assert refusal(await leave(city, partnership, "2016-10-29")) == (422, "LEFT_BEFORE_JOINING", "leftOn")
    assert (await leave(city, partnership, "2016-10-30"))[0] == 200
    assert refusal(await leave(city, partnership, "2017-10-30")) == (409, "ALREADY_LEFT", "membershipId")


async def test_nobody_joins_before_signing_or_after_the_end(city: System) -> None:
    id_, member = (await signed(city))["id"], organization(await city.organization())
    assert refusal(await join(city, id_, member, "2016-10-29")) == (422, "JOINED_BEFORE_SIGNING", "joinedOn")
    assert (await end(city, id_, "2020-12-31"))[0] == 200
    assert refusal(await join(city, id_, member, "2021-01-01")) == (422, "JOINED_AFTER_END", "joinedOn")
    assert refusal(await join(city, id_, member, "2019-01-01")) == (409, "PARTNERSHIP_ENDED", "id")


async def test_an_end_comes_after_all_joins_and_ends_the_memberships(city: System) -> None:
    partnership = await signed(city)
    await join(city, partnership["id"], organization(await city.organization()), "2018-05-01")
    assert refusal(await end(city, partnership["id"], "2018-04-30")) == (422, "ENDED_TOO_EARLY", "endedOn")
    _, body = await end(city, partnership["id"], "2019-01-31")
    assert (body["memberships"][0]["leftOn"], body["memberIds"]) == ("2019-01-31", [])
    assert refusal(await end(city, partnership["id"], "2019-02-28")) == (409, "PARTNERSHIP_ENDED", "id")


async def test_a_day_ahead_is_not_recorded_yet(city: System) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert refusal(await sign(city, signedOn=tomorrow)) == (422, "DAY_AHEAD", "signedOn")


async def test_a_partnership_as_of_a_day_has_the_members_of_that_day(city: System) -> None:
    first, second = await city.organization(), await city.organization()
    partnership = await signed(city, members=[organization(first)])
    id_ = partnership["id"]
    await join(city, id_, organization(second), "2018-03-01")
    await leave(city, partnership, "2019-06-30")
    await end(city, id_, "2021-12-31")
    stood = {
        "2016-10-29": None,
        "2016-10-30": [first],
        "2018-02-28": [first],
        "2018-03-01": [first, second],
        "2019-06-30": [first, second],
        "2019-07-01": [second],
        "2021-12-31": [second],
        "2022-01-01": None,
    }
    for day, members in stood.items():
        found = [item for item in await as_of(city, day) if item["id"] == id_]
        assert [item["memberIds"] for item in found] == ([] if members is None else [members]), day
        assert all(item["asOf"] == day and len(item["memberships"]) == len(members or ()) for item in found)
        for member in (first, second):
            found = await as_of(city, day, memberId=member)
            assert [item["id"] for item in found] == ([id_] if member in (members or ()) else []), (day, member)
    _, whole = await city.call("registry", "partnerships/batch", {"ids": [id_]})
    assert [(m["joinedOn"], m["leftOn"]) for m in whole["items"][0]["memberships"]] == [
        ("2016-10-30", "2019-06-30"),
        ("2018-03-01", "2021-12-31"),
    ]


async def test_a_day_nobody_knows_excludes_nothing(city: System) -> None:
    known, unknown = await city.organization(), await city.organization()
    partnership = {"id": new_id("par"), "name": "Dawne", "kind": "LOCAL", "signedAsWritten": "30 października"}
    gone = {"kind": "ORGANIZATION", "organizationId": known, "leftAsWritten": "później", "id": new_id("mem")}
    await city.load(
        "registry",
        ("partnerships", partnership | {"memberIds": [unknown], "memberships": [gone | {"joinedOn": "2017-01-01"}]}),
    )
    for day, members in (("1990-01-01", [unknown]), ("2017-01-01", [known, unknown]), ("2050-01-01", [known, unknown])):
        (found,) = [item for item in await as_of(city, day) if item["id"] == partnership["id"]]
        assert found["memberIds"] == members
        assert (found["signedOn"], found["signedAsWritten"]) == (None, "30 października")
    status, body = await join(city, str(partnership["id"]), organization(known), "2019-01-01")
    assert (status, body["memberIds"]) == (200, [unknown, known])
    assert refusal(await join(city, str(partnership["id"]), organization(unknown), "2019-01-01"))[1] == "ALREADY_MEMBER"
