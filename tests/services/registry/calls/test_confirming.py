"""A joint offer in a call: each organisation that it names has a say before the committee gets it."""

from typing import Any

from tests.services.registry.calls.procedure import (
    CLOSED,
    Answer,
    announced,
    article,
    content,
    official,
    own,
    refusal,
    step,
    submit,
)
from tests.services.registry.moments import Travel
from tests.system import System

DAYS = {"startsOn": "2027-05-01", "endsOn": "2027-06-01"}


async def joint(city: System, call: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    lead, partner = await city.organization(), await city.organization()
    status, offer = await submit(city, call, lead, partner, content=shared(lead, partner))
    assert (status, offer["confirmedIds"]) == (200, [lead])
    return offer, lead, partner


def shared(*organizations: str) -> dict[str, Any]:
    return content(schedule=[{"name": "Spotkania", "organizationId": one} | DAYS for one in organizations])


async def confirm(city: System, offer: dict[str, Any], organization: str, token: str) -> Answer:
    return await step(city, "confirmOffer", offer, token, organizationId=organization)


async def test_a_joint_offer_is_accepted_formally_after_each_partner_has_confirmed_it(city: System, at: Travel) -> None:
    offer, lead, partner = await joint(city, await announced(city, at))
    assert refusal(await confirm(city, offer, partner, own(city, lead))) == (403, "FORBIDDEN", "organizationId")
    stranger = await city.organization()
    assert refusal(await confirm(city, offer, stranger, own(city, stranger))) == (422, "UNKNOWN_OFFER", "id")
    answer = await confirm(city, offer, stranger, official(city))
    assert refusal(answer) == (422, "NOT_A_PARTNER", "organizationId")
    at(CLOSED)
    answer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="ACCEPT")
    assert (refusal(answer), article(answer)) == ((409, "PARTNERS_NOT_CONFIRMED", None), "art. 14 ust. 2")
    status, offer = await confirm(city, offer, partner, own(city, partner))
    assert (status, offer["confirmedIds"]) == (200, [lead, partner])
    answer = await confirm(city, offer, partner, official(city))
    assert refusal(answer) == (409, "CONFIRMED_ALREADY", "organizationId")
    status, offer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="ACCEPT")
    assert (status, offer["status"]) == (200, "ACCEPTED")
    assert refusal(await confirm(city, offer, partner, official(city))) == (409, "WRONG_STATUS", None)


async def test_what_partners_confirmed_is_the_offer_as_it_stood(city: System, at: Travel) -> None:
    offer, lead, partner = await joint(city, await announced(city, at))
    _, offer = await confirm(city, offer, partner, official(city))
    said = shared(partner, lead)
    status, offer = await step(city, "changeOffer", offer, own(city, lead), content=said)
    assert (status, offer["confirmedIds"]) == (200, [lead])
    status, offer = await step(city, "changeOffer", offer, own(city, lead, partner), content=said)
    assert (status, offer["confirmedIds"]) == (200, [lead, partner])
    # without its partners it is as good as not made: it can be rejected, and sent back
    offer, *_ = await joint(city, await announced(city, at))
    at(CLOSED)
    status, offer = await step(
        city, "evaluateOfferFormally", offer, official(city), outcome="CORRECT", faults="Brak zgody partnera."
    )
    assert (status, offer["status"]) == (200, "TO_CORRECT")
