"""Offering a task without an open call, publishing the offer, and commenting on it."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.grants.procedure import article, offer, published, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System

DAY = date(2027, 4, 28)


@pytest.fixture
async def organization(city: System, at: Travel) -> str:
    at(DAY)
    return await city.organization()


async def test_the_city_has_seven_working_days_from_receipt_to_publish(city: System, organization: str) -> None:
    _, grant = await submit(city, organization, DAY)
    # Wednesday 28 April: then 29, 30, (1 and 2 weekend, 3 May a holiday), 4, 5, 6, 7, 10 May
    assert (grant["status"], grant["receivedOn"], grant["publishBy"]) == ("RECEIVED", "2027-04-28", "2027-05-10")


async def test_comments_end_seven_days_after_publication(city: System, at: Travel, organization: str) -> None:
    grant = await published(city, at, organization, date(2027, 5, 4))
    assert (grant["status"], grant["publishedOn"], grant["commentsUntil"]) == ("PUBLISHED", "2027-05-04", "2027-05-11")


async def test_a_comment_term_that_ends_on_a_day_off_moves(city: System, at: Travel, organization: str) -> None:
    # seven days from Monday 26 April end on 3 May, a holiday
    grant = await published(city, at, organization, date(2027, 4, 26))
    assert grant["commentsUntil"] == "2027-05-04"


async def test_an_amount_above_ten_thousand_is_refused(city: System, organization: str) -> None:
    answer = await submit(city, organization, DAY, amount="10000.01")
    assert refusal(answer) == (422, "AMOUNT_ABOVE_LIMIT", "amount")
    assert article(answer) == "art. 19a ust. 1 pkt 1"


async def test_a_task_longer_than_ninety_days_is_refused(city: System, organization: str) -> None:
    status, _ = await submit(city, organization, DAY, startsOn="2027-06-01", endsOn="2027-08-29")
    assert status == 200
    answer = await submit(city, organization, DAY, startsOn="2027-06-01", endsOn="2027-08-30")
    assert refusal(answer) == (422, "TASK_TOO_LONG", "endsOn")
    assert article(answer) == "art. 19a ust. 1 pkt 2"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"endsOn": "2027-05-01"}, "DAYS_REVERSED", "endsOn"),
        ({"startsOn": "2027-04-27"}, "TASK_BEGAN_BEFORE_OFFER", "startsOn"),
        ({"amount": "0.00"}, "AMOUNT_WRONG", "amount"),
        ({"amount": "2.00", "totalCost": "1.99"}, "AMOUNT_WRONG", "amount"),
        ({"amount": "1.00", "totalCost": "2.00", "mode": "ENTRUSTED"}, "ENTRUSTED_IS_PAID_IN_FULL", "totalCost"),
        ({"amount": "10 000"}, "INVALID_INPUT", "amount"),
        ({"amount": "1.5"}, "INVALID_INPUT", "amount"),
        ({"amount": "-1.00"}, "INVALID_INPUT", "amount"),
        ({"receivedOn": "2027-04-27"}, "RECEIPT_DAY_WRONG", "receivedOn"),
    ],
)
async def test_a_task_that_is_not_sound_is_refused(
    city: System, organization: str, wrong: dict[str, Any], code: str, field: str
) -> None:
    assert refusal(await submit(city, organization, DAY, **wrong)) == (422, code, field)


async def test_an_official_enters_an_offer_on_paper_by_its_day_of_receipt(city: System, organization: str) -> None:
    body = offer(organization, DAY, receivedOn="2027-04-26")
    status, grant = await city.call("registry", "submitSmallGrant", body, city.token(Role.OFFICIAL))
    assert (status, grant["receivedOn"], grant["publishBy"]) == (200, "2027-04-26", "2027-05-06")
    body["receivedOn"] = "2027-04-29"
    answer = await city.call("registry", "submitSmallGrant", body, city.token(Role.OFFICIAL))
    assert refusal(answer) == (422, "RECEIPT_DAY_WRONG", "receivedOn")


async def test_nobody_offers_for_an_organisation_of_others(city: System, organization: str) -> None:
    token = city.token(Role.REPRESENTATIVE, organizations=[new_id("org")])
    answer = await city.call("registry", "submitSmallGrant", offer(organization, DAY), token)
    assert refusal(answer) == (403, "FORBIDDEN", None)


async def test_a_public_body_gets_no_small_grant(city: System, at: Travel) -> None:
    at(DAY)
    office = await city.organization(legalForm="PUBLIC_BODY")
    assert refusal(await submit(city, office, DAY)) == (422, "NOT_AN_ORGANIZATION", "organizationId")


async def test_an_organisation_outside_the_register_is_refused(city: System, at: Travel) -> None:
    at(DAY)
    assert refusal(await submit(city, new_id("org"), DAY)) == (422, "UNKNOWN_ORGANIZATION", "organizationId")
    rejected = await city.organization(status="REJECTED")
    assert refusal(await submit(city, rejected, DAY)) == (422, "UNKNOWN_ORGANIZATION", "organizationId")


async def test_an_offer_is_the_organisations_and_the_citys_until_it_is_published(
    city: System, organization: str
) -> None:
    _, grant = await submit(city, organization, DAY)
    own = city.token(Role.REPRESENTATIVE, organizations=[organization])
    other = city.token(Role.REPRESENTATIVE, organizations=[new_id("org")])

    async def seen(token: str | None) -> set[int]:
        _, batch = await city.call("registry", "smallgrants/batch", {"ids": [grant["id"]]}, token)
        asked = {"filter": {"organizationId": organization}}
        _, found = await city.call("registry", "smallgrants/find", asked, token)
        related = {"by": "organization_id", "keys": [organization], "find": {}}
        _, pages = await city.call("registry", "smallgrants/related", related, token)
        return {len(batch["items"]), len(found["items"]), len(pages["pages"][0]["items"])}

    for token, count in [(None, 0), (other, 0), (own, 1), (city.token(Role.OFFICIAL), 1)]:
        assert await seen(token) == {count}
    await step(city, "publish", grant)
    for token in (None, other, own, city.token(Role.OFFICIAL)):
        assert await seen(token) == {1}


async def test_offers_that_must_be_published_soon_are_found(city: System, organization: str) -> None:
    _, grant = await submit(city, organization, DAY)
    for day, count in [("2027-05-10", 0), ("2027-05-11", 1)]:
        asked = {"filter": {"organizationId": organization, "publishBefore": day}}
        _, page = await city.call("registry", "smallgrants/find", asked, city.token(Role.OFFICIAL))
        assert len(page["items"]) == count
    await step(city, "publish", grant)
    _, page = await city.call("registry", "smallgrants/find", asked, city.token(Role.OFFICIAL))
    assert page["items"] == []


async def test_an_offer_published_after_its_last_day_is_marked_late(
    city: System, at: Travel, organization: str
) -> None:
    _, in_time = await submit(city, organization, DAY)
    _, late = await submit(city, organization, DAY)
    at(date(2027, 5, 10), 23, 59)
    _, in_time = await step(city, "publish", in_time)
    at(date(2027, 5, 11), 0, 0)
    _, late = await step(city, "publish", late)
    assert (in_time["publishedLate"], late["publishedLate"]) == (False, True)
    for mark, grant in [(False, in_time), (True, late)]:
        asked = {"filter": {"organizationId": organization, "publishedLate": mark}}
        _, page = await city.call("registry", "smallgrants/find", asked)
        assert [item["id"] for item in page["items"]] == [grant["id"]]


async def comment(city: System, grant: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"smallGrantId": grant["id"], "text": "Popieram."} | more
    return await city.call("registry", "commentSmallGrant", body, city.token(Role.RESIDENT, subject="private-subject"))


async def test_anyone_may_comment_for_seven_days_and_is_not_named(city: System, at: Travel, organization: str) -> None:
    grant = await published(city, at, organization, date(2027, 5, 4))
    at(date(2027, 5, 11), 23, 59)
    status, made = await comment(city, grant)
    assert status == 200
    _, page = await city.call("registry", "smallgrantcomments/find", {"filter": {"smallGrantId": grant["id"]}})
    assert [item["text"] for item in page["items"]] == ["Popieram."]
    assert "private-subject" not in str((made, page))
    at(date(2027, 5, 12), 0, 0)
    answer = await comment(city, grant)
    assert refusal(answer) == (422, "COMMENTS_OVER", "smallGrantId")
    assert article(answer) == "art. 19a ust. 4"


async def test_an_offer_that_is_not_published_takes_no_comments(city: System, organization: str) -> None:
    _, grant = await submit(city, organization, DAY)
    assert refusal(await comment(city, grant)) == (422, "UNKNOWN_SMALL_GRANT", "smallGrantId")


async def test_only_a_representative_comments_for_an_organisation(city: System, at: Travel, organization: str) -> None:
    grant = await published(city, at, organization, DAY)
    answer = await comment(city, grant, organizationId=organization)
    assert refusal(answer) == (403, "NOT_YOUR_ORGANIZATION", "organizationId")
