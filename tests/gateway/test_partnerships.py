"""Partnerships in the schema: written by mutations, and the graph as of any day."""

from shared.contracts.people import Role
from tests.system import System

SIGN = """mutation($input: SignPartnershipInput!) {
  signPartnership(input: $input) { partnership { id memberships { kind role } } errors { code field } }
}"""
JOIN = """mutation($input: JoinPartnershipInput!) {
  joinPartnership(input: $input) { partnership { members { id } } errors { code field message } }
}"""
AS_OF = """query($day: Date!, $member: ID!) {
  partnerships(asOf: $day) { nodes { id asOf members { id } memberships { organization { id } joinedOn leftOn } } }
  organization(id: $member) { partnerships(filter: { asOf: $day }) { totalCount nodes { members { id } } } }
}"""


async def test_the_graph_of_partnerships_as_of_a_day(city: System) -> None:
    official = city.token(Role.OFFICIAL)
    first, second = await city.organization(), await city.organization()
    signing = {
        "name": "Partnerstwo Zdrowie",
        "kind": "SECTORAL",
        "field": "HEALTH",
        "signedOn": "2016-10-30",
        "members": [
            {"kind": "ORGANIZATION", "organizationId": first, "contributions": [{"kind": "IDEAS"}]},
            {"kind": "PERSON", "role": "RESIDENT", "count": 3},
        ],
    }
    made = (await city.ask(SIGN, {"input": signing}, official))["signPartnership"]
    assert made["errors"] == []
    id_ = made["partnership"]["id"]
    joining = {"id": id_, "member": {"kind": "ORGANIZATION", "organizationId": second}, "joinedOn": "2018-01-01"}
    joined = (await city.ask(JOIN, {"input": joining}, official))["joinPartnership"]
    assert joined == {"partnership": {"members": [{"id": first}, {"id": second}]}, "errors": []}
    again = (await city.ask(JOIN, {"input": joining}, official))["joinPartnership"]
    assert [error["code"] for error in again["errors"]] == ["ALREADY_MEMBER"]

    before = await city.ask(AS_OF, {"day": "2017-12-31", "member": second})
    (node,) = before["partnerships"]["nodes"]
    assert (node["id"], node["asOf"], node["members"]) == (id_, "2017-12-31", [{"id": first}])
    assert [m["organization"] for m in node["memberships"]] == [{"id": first}, None]
    assert before["organization"]["partnerships"] == {"totalCount": 0, "nodes": []}
    after = await city.ask(AS_OF, {"day": "2018-01-01", "member": second})
    both = {"members": [{"id": first}, {"id": second}]}
    assert after["organization"]["partnerships"] == {"totalCount": 1, "nodes": [both]}
