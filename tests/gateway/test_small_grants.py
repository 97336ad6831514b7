"""The small grants procedure as clients see it: typed mutations, refusals as data, relations both ways."""

from datetime import date

from services.registry.law.rules import ACT
from shared.contracts.law import Limit
from shared.contracts.people import Role
from tests.services.registry.moments import Travel, at
from tests.system import System

__all__ = ["at"]

SUBMIT = """mutation($organization: ID!, $amount: String!) { submitSmallGrant(input: {
  organizationId: $organization, title: "Piknik", description: "Piknik dla sąsiadów.", mode: SUPPORTED,
  amount: $amount, totalCost: "20000.00", startsOn: "2050-07-01", endsOn: "2050-07-31"
}) { smallGrant { id version status publishBy } errors { code field legalBasis } } }"""
PUBLISH = """mutation($id: ID!) { publishSmallGrant(input: { id: $id, expectedVersion: 1 }) {
  smallGrant { commentsUntil } errors { code } } }"""
COMMENT = """mutation($id: ID!) { commentSmallGrant(input: { smallGrantId: $id, text: "Popieram." }) {
  smallGrantComment { id } errors { code } } }"""
PLAN = """mutation($funder: ID!) { setGrantPlan(input: { year: 2050, funderId: $funder, planned: "30000000.00" }) {
  grantPlan { planned smallGrants funder { id } } errors { code } } }"""
DECIDE = """mutation($id: ID!) { decideSmallGrant(input: { id: $id, expectedVersion: 2, grant: true }) {
  smallGrant { status granted } errors { code } } }"""
JOINED = """query($id: ID!) { organization(id: $id) { smallGrants { totalCount nodes {
  title organization { id } comments { nodes { text smallGrant { status } } } } } }
  grantPlans(filter: { year: 2050 }) { nodes { planned smallGrants } } }"""


async def test_a_small_grant_from_offer_to_decision(city: System, at: Travel) -> None:
    organization = await city.organization()
    funder = await city.organization(legalForm="PUBLIC_BODY")
    own, official = city.token(Role.REPRESENTATIVE, organizations=[organization]), city.token(Role.OFFICIAL)
    at(date(2050, 5, 4))
    offer = {"organization": organization, "amount": "10000.01"}
    answer = (await city.ask(SUBMIT, offer, own))["submitSmallGrant"]
    (error,) = answer["errors"]
    assert (answer["smallGrant"], error["code"], error["field"]) == (None, "AMOUNT_ABOVE_LIMIT", "amount")
    assert error["legalBasis"].startswith("art. 19a ust. 1 pkt 1 ustawy")

    answer = (await city.ask(SUBMIT, offer | {"amount": "10000.00"}, own))["submitSmallGrant"]
    grant = answer["smallGrant"]
    assert (answer["errors"], grant["status"], grant["publishBy"]) == ([], "RECEIVED", "2050-05-13")
    id_ = {"id": grant["id"]}
    assert (await city.ask(JOINED, {"id": organization}))["organization"]["smallGrants"]["totalCount"] == 0

    answer = (await city.ask(PUBLISH, id_, official))["publishSmallGrant"]
    assert answer == {"smallGrant": {"commentsUntil": "2050-05-11"}, "errors": []}
    answer = (await city.ask(COMMENT, id_, city.token(Role.RESIDENT)))["commentSmallGrant"]
    assert answer["errors"] == []
    # more than GraphQL's whole numbers hold in grosze
    answer = (await city.ask(PLAN, {"funder": funder}, official))["setGrantPlan"]
    assert answer == {
        "grantPlan": {"planned": "30000000.00", "smallGrants": "0.00", "funder": {"id": funder}},
        "errors": [],
    }
    assert (await city.ask(DECIDE, id_, official))["decideSmallGrant"]["errors"] == [{"code": "COMMENTS_NOT_OVER"}]
    at(date(2050, 5, 12))
    answer = (await city.ask(DECIDE, id_, official))["decideSmallGrant"]
    assert answer == {"smallGrant": {"status": "GRANTED", "granted": "10000.00"}, "errors": []}

    data = await city.ask(JOINED, {"id": organization})
    assert data["organization"]["smallGrants"]["nodes"] == [
        {
            "title": "Piknik",
            "organization": {"id": organization},
            "comments": {"nodes": [{"text": "Popieram.", "smallGrant": {"status": "GRANTED"}}]},
        }
    ]
    assert data["grantPlans"]["nodes"] == [{"planned": "30000000.00", "smallGrants": "10000.00"}]


WHOLE_LAW = """{
  of: legalSettings(filter: { name: CALL_OFFER_DAYS }) { nodes { id value builtIn validUntil } }
  then: legalSettings(asOf: "2030-01-01") { totalCount nodes { name } }
  one: legalSetting(name: CALL_OFFER_DAYS, asOf: "2097-12-31") { value unit legalBasis }
  later: legalSetting(name: CALL_OFFER_DAYS, asOf: "2098-01-01") { value }
  before: legalSetting(name: CALL_OFFER_DAYS, asOf: "2010-03-11") { value }
}"""


async def test_the_whole_law_is_shown_with_what_an_operator_enters_and_by_the_day(city: System) -> None:
    mutation = """mutation { setLegalSetting(input: { name: CALL_OFFER_DAYS, value: 30, validFrom: "2098-01-01",
      legalBasis: "art. 13 ust. 1" }) { legalSetting { id value unit } errors { code } } }"""
    answer = (await city.ask(mutation, token=city.token(Role.OPERATOR)))["setLegalSetting"]
    assert (answer["errors"], answer["legalSetting"]["unit"]) == ([], "DAYS")
    data = await city.ask(WHOLE_LAW)
    assert data["of"]["nodes"][0]["id"] == answer["legalSetting"]["id"]
    assert [(node["value"], node["builtIn"], node["validUntil"]) for node in data["of"]["nodes"]] == [
        (30, False, None),
        (21, True, "2097-12-31"),
    ]
    # one of each limit holds on a day, and the page of one goes on to the next
    assert data["then"]["totalCount"] == len(Limit)
    assert len({node["name"] for node in data["then"]["nodes"]}) == len(Limit)
    assert data["one"] == {"value": 21, "unit": "DAYS", "legalBasis": f"art. 13 ust. 1 {ACT}"}
    assert (data["later"], data["before"]) == ({"value": 30}, None)
    page = "query($after: String) { legalSettings(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }"
    seen, after = [], None
    while (found := (await city.ask(page, {"after": after}))["legalSettings"])["nodes"]:
        seen.append(found["nodes"][0]["id"])
        after = found["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == len(Limit) + 2
    node = "query($id: ID!) { node(id: $id) { ... on LegalSetting { value validUntil } } }"
    assert (await city.ask(node, {"id": seen[-1]}))["node"]["value"] > 0
