"""Who may not see a record learns nothing of it from any command: the answer is that to an id that is not there."""

from datetime import date

from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.agreements.test_agreements import report, request, signed
from tests.services.registry.calls.procedure import accepted, announced, content, evaluate, refusal, submitted
from tests.services.registry.grants import procedure as small
from tests.services.registry.moments import Travel
from tests.system import System

HIDDEN_COMMANDS = (
    ("withdrawOffer", "id", {"expectedVersion": 7}),
    ("changeOffer", "id", {"expectedVersion": 7, "content": content()}),
    ("evaluateOfferFormally", "id", {"expectedVersion": 7, "outcome": "ACCEPT"}),
    ("signAgreement", "offerId", {"signedOn": "2027-03-23"}),
)
HIDDEN_GRANT_COMMANDS = (
    ("withdrawSmallGrant", "id", {"expectedVersion": 7}),
    ("publishSmallGrant", "id", {"expectedVersion": 7}),
    ("decideSmallGrant", "id", {"expectedVersion": 7, "grant": True}),
    ("commentSmallGrant", "smallGrantId", {"text": "Popieram."}),
    ("signAgreement", "smallGrantId", {"signedOn": "2027-03-23"}),
)


async def test_no_command_reveals_a_record_that_its_sender_may_not_see(city: System, at: Travel) -> None:
    call = await announced(city, at)
    offer = await submitted(city, call)
    _, grant = await small.submit(city, await city.organization(), date(2027, 3, 10))
    agreement, token = await signed(city, at)
    _, change = await request(city, agreement, token)
    at(date(2027, 12, 31))
    _, made = await report(city, agreement, token)
    at(date(2027, 3, 12))
    hidden = [(*one, offer["id"]) for one in HIDDEN_COMMANDS]
    hidden += [(*one, grant["id"]) for one in HIDDEN_GRANT_COMMANDS]
    hidden += [("decideChange", "id", {"expectedVersion": 7, "accept": True}, change["id"])]
    hidden += [("decideTaskReport", "id", {"expectedVersion": 7, "accept": True}, made["id"])]
    roles = (Role.REPRESENTATIVE, Role.EVALUATOR, Role.RESIDENT)
    stranger = city.token(*roles, subject=new_id("sub"), organizations=[await city.organization()])
    rival = city.token(*roles, subject=new_id("sub"), organizations=(await submitted(city, call))["organizationIds"])
    for viewer in (stranger, rival):
        for name, field, more, id_ in hidden:
            there = await city.call("registry", name, {field: id_} | more, viewer)
            assert there[0] != 200
            assert there == await city.call("registry", name, {field: new_id(id_[:3])} | more, viewer), name
        there = await evaluate(city, call, offer, viewer)
        assert there == await evaluate(city, call, offer | {"id": new_id("ofr")}, viewer)


async def test_a_rival_learns_nothing_of_an_accepted_offer_and_a_committee_member_evaluates_it(
    city: System, at: Travel
) -> None:
    call = await announced(city, at)
    rivals = (await submitted(city, call))["organizationIds"]
    offer = await accepted(city, at, call)
    roles = (Role.REPRESENTATIVE, Role.EVALUATOR)
    rival = city.token(*roles, subject=new_id("sub"), organizations=rivals)
    assert refusal(await evaluate(city, call, offer, rival)) == (422, "UNKNOWN_OFFER", "offerId")
    # of its own offer it knows
    own = city.token(*roles, subject=new_id("sub"), organizations=offer["organizationIds"])
    assert refusal(await evaluate(city, call, offer, own)) == (403, "CONFLICT_OF_INTEREST", "offerId")
    member = city.token(*roles, subject=new_id("sub"), organizations=[await city.organization()])
    assert (await evaluate(city, call, offer, member))[0] == 200
