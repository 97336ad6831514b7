"""Schedule and budget of a small grant: checked as in a call, carried into the agreement, and changed there."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from services.registry.grants.content import is_sound
from shared.contracts.grants import SmallGrant, SmallGrantStatus, SubmitSmallGrant
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from tests.services.registry.grants.procedure import Answer, content, offer, plan, published, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System

DAY = date(2062, 5, 4)
LEAD, PARTNER = "org_" + "a" * 26, "org_" + "b" * 26
FIRST = str(DAY + timedelta(days=30))


def grant_with(said: dict[str, Any] | None, **more: Any) -> SmallGrant:
    command = msgspec.convert(offer(LEAD, DAY, content=said, **more), SubmitSmallGrant)
    received = {"id": "smg_" + "0" * 26, "version": 1, "created_at": None, "updated_at": None}
    rest = {"status": SmallGrantStatus.RECEIVED, "received_on": DAY, "publish_by": DAY}
    return SmallGrant(**(msgspec.structs.asdict(command) | received | rest))


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"title": "Inny piknik"}, "CONTENT_DIFFERS", "content.title"),
        ({"grant": "9999.99"}, "CONTENT_DIFFERS", "content.grant"),
        ({"total": "10000.01"}, "CONTENT_DIFFERS", "content.total"),
        ({"own": "0.01"}, "BUDGET_DOES_NOT_ADD_UP", "content.own"),
        (
            {"budget": [{"name": "Scena", "total": "10000.00", "grant": "9999.99"}]},
            "POSITION_DOES_NOT_ADD_UP",
            "content.budget.0.total",
        ),
        (
            {"schedule": [{"name": "Za wcześnie", "startsOn": str(DAY), "endsOn": FIRST}]},
            "ACTION_OUTSIDE_TASK",
            "content.schedule.0",
        ),
    ],
)
def test_schedule_and_budget_agree_with_themselves_and_with_the_offer(
    wrong: dict[str, Any], code: str, field: str
) -> None:
    is_sound(grant_with(None))
    is_sound(grant_with(content(DAY)))
    with pytest.raises(Refused) as refused:
        is_sound(grant_with(content(DAY, **wrong)))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_joint_small_grant_with_a_schedule_says_who_does_what() -> None:
    with pytest.raises(Refused, match="JOINT_OFFER_UNDIVIDED"):
        is_sound(grant_with(content(DAY), partnerIds=[PARTNER]))
    days = {"startsOn": FIRST, "endsOn": FIRST}
    divided = [{"name": "Scena", "organizationId": one} | days for one in (LEAD, PARTNER)]
    is_sound(grant_with(content(DAY, schedule=divided), partnerIds=[PARTNER]))


def less(**more: Any) -> dict[str, Any]:
    budget = [{"name": "Scena", "total": "7000.00", "grant": "7000.00"}]
    return content(DAY, budget=budget, total="7000.00", grant="7000.00", **more)


async def sign(city: System, grant: dict[str, Any], **more: Any) -> Answer:
    body = {"smallGrantId": grant["id"], "signedOn": "2062-06-01"} | more
    return await city.call("registry", "signAgreement", body, city.token(Role.OFFICIAL))


async def test_the_agreement_on_a_small_grant_holds_its_schedule_and_budget_and_changes_them(
    city: System, at: Travel
) -> None:
    at(DAY)
    organization = await city.organization()
    await plan(city, 2062, "1000000.00")
    answer = await submit(city, organization, DAY, content=content(DAY, own="1.00"))
    assert refusal(answer) == (422, "BUDGET_DOES_NOT_ADD_UP", "content.own")
    grant = await published(city, at, organization, DAY, content=content(DAY))
    at(date(2062, 6, 1))
    _, grant = await step(city, "decide", grant, grant=True, amount="7000.00")
    # less was granted than the budget of the offer says
    assert refusal(await sign(city, grant)) == (422, "BUDGET_NOT_UPDATED", "content")
    status, agreement = await sign(city, grant, content=less(title="Mniejszy piknik"))
    assert (status, agreement["title"], agreement["content"]["grant"]) == (200, "Mniejszy piknik", "7000.00")

    own = city.token(Role.REPRESENTATIVE, organizations=[organization])
    asked = {"agreementId": agreement["id"], "reason": "Deszcz."}
    answer = await city.call("registry", "requestChange", asked | {"content": content(DAY)}, own)
    assert refusal(answer) == (422, "BUDGET_NOT_UPDATED", "content")
    last = [{"name": "Piknik pod dachem", "startsOn": "2062-07-03", "endsOn": "2062-07-03"}]
    status, wanted = await city.call("registry", "requestChange", asked | {"content": less(schedule=last)}, own)
    assert status == 200, wanted
    body = {"id": wanted["id"], "expectedVersion": 1, "accept": True}
    assert (await city.call("registry", "decideChange", body, city.token(Role.OFFICIAL)))[0] == 200
    _, page = await city.call("registry", "agreements/batch", {"ids": [agreement["id"]]})
    assert [item["content"]["schedule"][0]["name"] for item in page["items"]] == ["Piknik pod dachem"]


async def test_what_an_agreement_on_a_small_grant_is_given_is_checked_and_kept(city: System, at: Travel) -> None:
    await plan(city, 2062, "1000000.00")
    grant = await published(city, at, await city.organization(), DAY)
    at(date(2062, 6, 1))
    _, grant = await step(city, "decide", grant, grant=True)
    days = {"startsOn": "2062-01-01", "endsOn": "2062-01-02"}
    answer = await sign(city, grant, content=content(DAY, schedule=[{"name": "Kiedyś"} | days]))
    assert refusal(answer) == (422, "ACTION_OUTSIDE_TASK", "content.schedule.0")
    assert refusal(await sign(city, grant, content=content(DAY, own="5.00")))[1] == "BUDGET_DOES_NOT_ADD_UP"
    assert refusal(await sign(city, grant, content=less()))[1] == "BUDGET_NOT_UPDATED"
    status, agreement = await sign(city, grant, content=content(DAY))
    assert (status, [one["name"] for one in agreement["content"]["budget"]]) == (200, ["Scena", "Gry"])
