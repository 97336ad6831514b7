"""A joint offer without an open call: each organisation that it names has a say before it goes on."""

from datetime import date
from typing import Any

import pytest

from services.registry.offers import confirming
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.grants.procedure import article, confirm, offer, plan, refusal, step, submit
from tests.services.registry.moments import Travel
from tests.system import System

DAY = date(2061, 5, 4)


@pytest.fixture
async def parties(city: System, at: Travel) -> tuple[str, str]:
    at(DAY)
    return await city.organization(), await city.organization()


def waiting(answer: tuple[int, dict[str, Any]], *organizations: str) -> bool:
    message = answer[1]["errors"][0]["message"]
    return refusal(answer) == (409, "PARTNERS_NOT_CONFIRMED", None) and all(id_ in message for id_ in organizations)


async def test_a_joint_offer_is_published_after_each_partner_has_confirmed_it(
    city: System, parties: tuple[str, str]
) -> None:
    lead, partner = parties
    third = await city.organization()
    _, grant = await submit(city, lead, DAY, partnerIds=[partner, third])
    assert grant["confirmedIds"] == [lead]
    answer = await step(city, "publish", grant)
    assert waiting(answer, partner, third)
    assert article(answer) == "art. 14 ust. 2"
    status, grant = await confirm(city, grant, partner)
    assert (status, grant["confirmedIds"]) == (200, [lead, partner])
    assert waiting(await step(city, "publish", grant), third)
    # what came on paper is entered by an official
    _, grant = await confirm(city, grant, third, Role.OFFICIAL)
    status, grant = await step(city, "publish", grant)
    assert (status, grant["status"]) == (200, "PUBLISHED")


async def test_who_names_another_as_the_first_does_not_speak_for_it(city: System, parties: tuple[str, str]) -> None:
    lead, partner = parties
    token = city.token(Role.REPRESENTATIVE, organizations=[partner])
    body = offer(lead, DAY, partnerIds=[partner])
    _, grant = await city.call("registry", "submitSmallGrant", body, token)
    assert grant["confirmedIds"] == [partner]
    assert waiting(await step(city, "publish", grant), lead)
    # who represents both has confirmed for both; on paper the first has signed, and its partners are asked
    for token, confirmed in [
        (city.token(Role.REPRESENTATIVE, organizations=[lead, partner]), [lead, partner]),
        (city.token(Role.OFFICIAL), [lead]),
    ]:
        _, grant = await city.call("registry", "submitSmallGrant", body, token)
        assert grant["confirmedIds"] == confirmed


async def test_only_a_partners_representative_or_an_official_confirms_and_once(
    city: System, parties: tuple[str, str]
) -> None:
    lead, partner = parties
    _, grant = await submit(city, lead, DAY, partnerIds=[partner])
    other = await city.organization()
    body = {"id": grant["id"], "expectedVersion": 1, "organizationId": partner}
    for token in (city.token(Role.REPRESENTATIVE, organizations=[lead]), city.token(Role.EVALUATOR)):
        answer = await city.call("registry", "confirmSmallGrant", body, token)
        assert refusal(answer) == (403, "FORBIDDEN", "organizationId")
    # the offer is not published: nobody else learns that it is there
    assert refusal(await confirm(city, grant, other)) == (422, "UNKNOWN_SMALL_GRANT", "id")
    assert refusal(await confirm(city, {"id": new_id("smg"), "version": 1}, other))[1] == "UNKNOWN_SMALL_GRANT"
    assert refusal(await confirm(city, grant, other, Role.OFFICIAL)) == (422, "NOT_A_PARTNER", "organizationId")
    _, grant = await confirm(city, grant, partner)
    assert refusal(await confirm(city, grant, partner)) == (409, "CONFIRMED_ALREADY", "organizationId")
    assert refusal(await confirm(city, grant | {"version": 1}, partner))[1] == "VERSION_OUTDATED"


async def test_nothing_is_granted_to_a_partner_that_was_not_asked(
    city: System, at: Travel, parties: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offers that were published before partners were asked are in the register."""
    lead, partner = parties
    await plan(city, 2061, "1000000.00")
    _, grant = await submit(city, lead, DAY, partnerIds=[partner])
    with monkeypatch.context() as before:
        before.setattr(confirming, "all_take_part", lambda *_: None)
        _, grant = await step(city, "publish", grant)
    at(date(2061, 6, 1))
    assert waiting(await step(city, "decide", grant, grant=True), partner)
    _, grant = await confirm(city, grant, partner)
    status, grant = await step(city, "decide", grant, grant=True)
    assert (status, grant["status"]) == (200, "GRANTED")


async def test_an_offer_that_partners_did_not_confirm_can_be_declined_and_withdrawn(
    city: System, parties: tuple[str, str]
) -> None:
    lead, partner = parties
    _, grant = await submit(city, lead, DAY, partnerIds=[partner])
    status, declined = await step(city, "decide", grant, grant=False, reason="Bez partnera nie ma zadania.")
    assert (status, declined["status"]) == (200, "DECLINED")
    _, grant = await submit(city, lead, DAY, partnerIds=[partner])
    body = {"id": grant["id"], "expectedVersion": 1}
    token = city.token(Role.REPRESENTATIVE, organizations=[partner])
    status, grant = await city.call("registry", "withdrawSmallGrant", body, token)
    assert (status, grant["status"]) == (200, "WITHDRAWN")
