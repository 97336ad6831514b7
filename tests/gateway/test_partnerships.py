"""Partnerships in the schema: written by mutations, and the graph as of any day."""

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

SIGN = """mutation($input: SignPartnershipInput!) {
  signPartnership(input: $input) { partnership { id memberships { id kind role } } errors { code field } }
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


RESOURCES = """query($day: Date) {
  partnerships(asOf: $day, filter: { field: CULTURE_ART }) {
    nodes { resources brought { kind text memberKind organization { id } } signingEvent { title } }
  }
}"""


async def test_what_members_bring_as_of_a_day(city: System) -> None:
    official, first, second = city.token(Role.OFFICIAL), await city.organization(), await city.organization()
    event = new_id("evt")
    await city.load("events", ("events", {"id": event, "title": "Podpisanie", "kind": "SIGNING"}))
    signing = {
        "name": "Partnerstwo Kultura",
        "kind": "SECTORAL",
        "field": "CULTURE_ART",
        "signedOn": "2016-10-30",
        "signingEventId": event,
        "members": [
            {"kind": "ORGANIZATION", "organizationId": first, "contributions": [{"kind": "MATERIAL", "text": "sala"}]},
            {"kind": "PERSON", "role": "VOLUNTEER", "count": 4, "contributions": [{"kind": "TIME"}]},
        ],
    }
    made = (await city.ask(SIGN, {"input": signing}, official))["signPartnership"]
    assert made["errors"] == []
    id_, membership = made["partnership"]["id"], made["partnership"]["memberships"][0]["id"]
    member = {"kind": "ORGANIZATION", "organizationId": second, "contributions": [{"kind": "TIME"}]}
    await city.call("registry", "joinPartnership", {"id": id_, "member": member, "joinedOn": "2018-01-01"}, official)
    bring = {"id": id_, "membershipId": membership, "since": "2017-05-01", "resource": {"kind": "IDEAS"}}
    assert (await city.call("registry", "bringResource", bring, official))[0] == 200
    leave = {"id": id_, "membershipId": membership, "leftOn": "2019-12-31"}
    assert (await city.call("registry", "leavePartnership", leave, official))[0] == 200
    shown = {
        "2016-10-30": ["zasoby materialne: sala", "wolny czas"],
        "2017-05-01": ["zasoby materialne: sala", "pomysły", "wolny czas"],
        "2018-01-01": ["zasoby materialne: sala", "pomysły", "wolny czas"],
        "2020-01-01": ["wolny czas"],
        None: ["wolny czas"],
    }
    for day, resources in shown.items():
        (node,) = (await city.ask(RESOURCES, {"day": day}))["partnerships"]["nodes"]
        assert node["resources"] == resources, day
        assert node["signingEvent"] == {"title": "Podpisanie"}
    assert node["brought"] == [
        {"kind": "TIME", "text": None, "memberKind": "PERSON", "organization": None},
        {"kind": "TIME", "text": None, "memberKind": "ORGANIZATION", "organization": {"id": second}},
    ]
    unknown = (await city.ask(SIGN, {"input": signing | {"signingEventId": new_id("evt")}}, official))[
        "signPartnership"
    ]
    assert unknown["errors"] == [{"code": "UNKNOWN_ID", "field": "signingEventId"}]
