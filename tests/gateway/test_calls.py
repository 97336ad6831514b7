"""An open call as clients see it: from the announcement to the results, with relations both ways."""

from datetime import date

from shared.contracts.people import Role
from tests.services.registry.moments import Travel, at
from tests.system import System

__all__ = ["at"]

ANNOUNCE = """mutation($organizer: ID!, $until: Date!) { announceCall(input: {
  title: "Seniorzy", organizerId: $organizer,
  tasks: [{ title: "Klub", mode: SUPPORTED, amount: "30000000.00", startsOn: "2051-05-01", endsOn: "2051-12-31" }],
  criteria: [{ name: "Jakość", maxPoints: 100 }],
  announcedInBipOn: "2051-03-01", announcedOnBoardOn: "2051-03-02", announcedOnWebsiteOn: "2051-03-01",
  offersUntil: $until
}) { call { id version amount offersUntil tasks { id } criteria { id } } errors { code field legalBasis } } }"""
SUBMIT = """mutation($call: ID!, $task: ID!, $organization: ID!, $total: String!) { submitOffer(input: {
  callId: $call, taskId: $task, organizationIds: [$organization], content: {
    title: "Klub w Rakowie", description: "Spotkania.",
    schedule: [{ name: "Spotkania", startsOn: "2051-05-01", endsOn: "2051-06-01", organizationId: $organization }],
    budget: [{ name: "Sala", total: "100.00", grant: "90.00", own: "10.00" }],
    total: $total, grant: "90.00", own: "10.00"
} }) { offer { id version status } errors { code field } } }"""
FORMALLY = """mutation($id: ID!) { evaluateOfferFormally(input: { id: $id, expectedVersion: 1, outcome: ACCEPT }) {
  offer { status } errors { code } } }"""
EVALUATE = """mutation($id: ID!, $criterion: ID!) { evaluateOffer(input: { offerId: $id, justification: "Dobra.",
  scores: [{ criterionId: $criterion, points: 90 }] }) {
  offerEvaluations { evaluations { total } offer { id } } errors { code } } }"""
PUBLISH = """mutation($id: ID!, $offer: ID!) { publishResults(input: { id: $id, expectedVersion: 1,
  funded: [{ offerId: $offer, grant: "90.00" }] }) { call { status resultsOn } errors { code } } }"""
SIGN = """mutation($offer: ID!) { signAgreement(input: { offerId: $offer, signedOn: "2051-03-28" }) {
  agreement { id grant reportUntil offer { agreements { nodes { id } } } } errors { code } } }"""
REPORT = """mutation($id: ID!) { submitTaskReport(input: { agreementId: $id, description: "Było.", spent: "89.99" }) {
  taskReport { inTime agreement { reports { nodes { spent } } } } errors { code legalBasis } } }"""
JOINED = """query($organizer: ID!) { organization(id: $organizer) {
  calls(first: 3) { nodes { title offers(first: 5) { totalCount nodes {
  status points granted content { title schedule { organization { id } } }
  organizations { offers(first: 5) { nodes { call { title } } } }
  evaluations(first: 5) { nodes { evaluations { total } } }
} } } } } }"""


async def test_an_open_call_from_the_announcement_to_the_results(city: System, at: Travel) -> None:
    organizer = await city.organization(legalForm="PUBLIC_BODY")
    organization = await city.organization()
    official, own = city.token(Role.OFFICIAL), city.token(Role.REPRESENTATIVE, organizations=[organization])
    at(date(2051, 3, 5))
    answer = (await city.ask(ANNOUNCE, {"organizer": organizer, "until": "2051-03-22"}, official))["announceCall"]
    (error,) = answer["errors"]
    assert (answer["call"], error["code"], error["field"]) == (None, "TERM_TOO_SHORT", "offersUntil")
    assert error["legalBasis"].startswith("art. 13 ust. 1 ustawy")
    answer = (await city.ask(ANNOUNCE, {"organizer": organizer, "until": "2051-03-25"}, official))["announceCall"]
    call = answer["call"]
    # Saturday 25 March moves to Monday
    assert (answer["errors"], call["amount"], call["offersUntil"]) == ([], "30000000.00", "2051-03-27")

    offer = {"call": call["id"], "task": call["tasks"][0]["id"], "organization": organization, "total": "100.01"}
    answer = (await city.ask(SUBMIT, offer, own))["submitOffer"]
    assert answer == {"offer": None, "errors": [{"code": "BUDGET_DOES_NOT_ADD_UP", "field": "content.total"}]}
    answer = (await city.ask(SUBMIT, offer | {"total": "100.00"}, own))["submitOffer"]
    assert (answer["errors"], answer["offer"]["status"]) == ([], "SUBMITTED")
    id_ = {"id": answer["offer"]["id"]}
    for token, count in [(None, 0), (own, 1)]:
        data = await city.ask(JOINED, {"organizer": organizer}, token)
        assert data["organization"]["calls"]["nodes"][0]["offers"]["totalCount"] == count

    at(date(2051, 3, 28))
    assert (await city.ask(FORMALLY, id_, official))["evaluateOfferFormally"]["offer"] == {"status": "ACCEPTED"}
    evaluated = await city.ask(EVALUATE, id_ | {"criterion": call["criteria"][0]["id"]}, city.token(Role.EVALUATOR))
    assert evaluated["evaluateOffer"]["offerEvaluations"] == {"evaluations": [{"total": 90}], "offer": id_}
    answer = (await city.ask(PUBLISH, {"id": call["id"], "offer": id_["id"]}, official))["publishResults"]
    assert answer == {"call": {"status": "DECIDED", "resultsOn": "2051-03-28"}, "errors": []}

    (seen,) = (await city.ask(JOINED, {"organizer": organizer}))["organization"]["calls"]["nodes"]
    assert seen["offers"]["nodes"] == [
        {
            "status": "FUNDED",
            "points": "90.00",
            "granted": "90.00",
            "content": {"title": "Klub w Rakowie", "schedule": [{"organization": {"id": organization}}]},
            "organizations": [{"offers": {"nodes": [{"call": {"title": "Seniorzy"}}]}}],
            "evaluations": {"nodes": [{"evaluations": [{"total": 90}]}]},
        }
    ]

    agreement = (await city.ask(SIGN, {"offer": id_["id"]}, official))["signAgreement"]["agreement"]
    assert (agreement["grant"], agreement["reportUntil"]) == ("90.00", "2052-01-30")
    assert agreement["offer"]["agreements"]["nodes"] == [{"id": agreement["id"]}]
    answer = (await city.ask(REPORT, {"id": agreement["id"]}, own))["submitTaskReport"]
    assert (answer["taskReport"], answer["errors"][0]["code"]) == (None, "TASK_NOT_OVER")
    at(date(2052, 1, 30))
    answer = (await city.ask(REPORT, {"id": agreement["id"]}, own))["submitTaskReport"]
    assert answer["taskReport"] == {"inTime": True, "agreement": {"reports": {"nodes": [{"spent": "89.99"}]}}}
