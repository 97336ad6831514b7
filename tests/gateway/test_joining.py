"""Relations across the services: right, in both directions, and in one round of batch calls per level."""

from collections import Counter
from typing import Any

import pytest

from gateway.transport import Transport
from shared.ids import new_id
from tests.system import System


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the real calls to the services by service and path."""
    counted: Counter[str] = Counter()
    ask = Transport._call

    async def counting(self: Transport, service: str, path: str, *rest: Any) -> Any:
        counted[f"{service} {path}"] += 1
        return await ask(self, service, path, *rest)

    monkeypatch.setattr(Transport, "_call", counting)
    return counted


@pytest.fixture(scope="module")
async def district(city: System) -> str:
    """A district with twenty organisations, each with three consultations and three upcoming events."""
    district = new_id("dis")
    await city.load("registry", ("districts", {"id": district, "name": "Raków", "city": "Częstochowa"}))
    organizations = [
        await city.organization(name=f"Fundacja {number:02}", districtIds=[district]) for number in range(20)
    ]
    consultations = [
        {"id": new_id("con"), "title": f"Konsultacje {n}", "status": "OPEN", "organizerIds": [id_]}
        for id_ in organizations
        for n in range(3)
    ]
    await city.load("consultations", *(("consultations", consultation) for consultation in consultations))
    times = {"startsAt": "2098-05-01T10:00:00Z", "endsAt": "2098-05-01T12:00:00Z"}
    events = [
        {"id": new_id("evt"), "title": f"Spotkanie {n}", "kind": "MEETING", "organizerIds": [id_]} | times
        for id_ in organizations
        for n in range(3)
    ]
    past = {"startsAt": "2020-05-01T10:00:00Z", "endsAt": "2020-05-01T12:00:00Z"}
    events.append({"id": new_id("evt"), "title": "Dawne", "kind": "MEETING", "organizerIds": [organizations[0]]} | past)
    await city.load("events", *(("events", event) for event in events))
    return district


JOINED = """query($id: ID!) {
  district(id: $id) {
    organizations(first: 20) {
      totalCount
      nodes {
        name
        consultations(first: 3) { nodes { title organizers { name } } }
        events(first: 3, filter: { upcoming: true }) { nodes { title startsAt organizers { name } } }
      }
    }
  }
}"""


async def test_organisations_of_a_district_with_consultations_and_events_take_one_call_per_service_and_level(
    city: System, district: str, calls: Counter[str]
) -> None:
    data = await city.ask(JOINED, {"id": district})
    organizations = data["district"]["organizations"]
    assert organizations["totalCount"] == 20
    assert [node["name"] for node in organizations["nodes"]] == [f"Fundacja {number:02}" for number in range(20)]
    for node in organizations["nodes"]:
        assert len(node["consultations"]["nodes"]) == 3
        assert {event["title"] for event in node["events"]["nodes"]} == {"Spotkanie 0", "Spotkanie 1", "Spotkanie 2"}
        for thing in (*node["consultations"]["nodes"], *node["events"]["nodes"]):
            assert thing["organizers"] == [{"name": node["name"]}]
    assert calls == {
        "registry districts/batch": 1,
        "registry organizations/related": 1,
        "consultations consultations/related": 1,
        "events events/related": 1,
        # the organisers of consultations and events stand on one level: one call for both
        "registry organizations/batch": 1,
    }


async def test_the_same_relation_with_other_arguments_is_another_call(
    city: System, district: str, calls: Counter[str]
) -> None:
    query = """query($id: ID!) { district(id: $id) { organizations(first: 5) { nodes {
      past: events(filter: { upcoming: false }) { nodes { title } }
      next: events(first: 1, orderBy: LATEST) { nodes { title } }
    } } } }"""
    data = await city.ask(query, {"id": district})
    first, *others = data["district"]["organizations"]["nodes"]
    assert first["past"]["nodes"] == [{"title": "Dawne"}]
    assert all(node["past"]["nodes"] == [] and len(node["next"]["nodes"]) == 1 for node in others)
    assert calls["events events/related"] == 2


async def test_the_next_page_of_a_nested_connection_goes_on_where_the_first_ended(city: System, district: str) -> None:
    query = """query($id: ID!, $after: String) { district(id: $id) { organizations(first: 7, after: $after) {
      nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor }
    } } }"""
    names, after, pages = [], None, 0
    while True:
        page = (await city.ask(query, {"id": district, "after": after}))["district"]["organizations"]
        names += [node["name"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (pages > 0)
        after, pages = page["pageInfo"]["endCursor"], pages + 1
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (pages, names) == (3, [f"Fundacja {number:02}" for number in range(20)])


async def test_node_answers_every_kind_by_its_id(city: System, district: str) -> None:
    data = await city.ask(
        "query($id: ID!) { node(id: $id) { id __typename ... on District { name } } }", {"id": district}
    )
    assert data["node"] == {"id": district, "__typename": "District", "name": "Raków"}
    for prefix in ("org", "cen", "par", "prj", "con", "doc", "rem", "evt"):
        data = await city.ask("query($id: ID!) { node(id: $id) { id } }", {"id": new_id(prefix)})
        assert data["node"] is None


async def test_units_founders_operators_and_members_are_joined_both_ways(city: System) -> None:
    office = await city.organization(name="Urząd Miasta", legalForm="PUBLIC_BODY")
    unit = await city.organization(name="Biuro", legalForm="UNIT", parentId=office)
    cooperative = await city.organization(
        name="Spółdzielnia", legalForm="SOCIAL_COOPERATIVE", founderIds=[office], operatorId=unit
    )
    partnership = {"id": new_id("par"), "name": "Partnerstwo", "kind": "LOCAL", "memberIds": [office, cooperative]}
    await city.load("registry", ("partnerships", partnership))
    data = await city.ask(
        """query($office: ID!, $cooperative: ID!) {
          office: organization(id: $office) {
            units { nodes { name parent { name } } }
            founded { nodes { name } }
            partnerships { nodes { members { name } } }
          }
          cooperative: organization(id: $cooperative) {
            founders { name }
            operator { name operates { nodes { name } } }
          }
        }""",
        {"office": office, "cooperative": cooperative},
    )
    assert data == {
        "office": {
            "units": {"nodes": [{"name": "Biuro", "parent": {"name": "Urząd Miasta"}}]},
            "founded": {"nodes": [{"name": "Spółdzielnia"}]},
            "partnerships": {"nodes": [{"members": [{"name": "Urząd Miasta"}, {"name": "Spółdzielnia"}]}]},
        },
        "cooperative": {
            "founders": [{"name": "Urząd Miasta"}],
            "operator": {"name": "Biuro", "operates": {"nodes": [{"name": "Spółdzielnia"}]}},
        },
    }
    assert unit


async def test_facets_count_what_the_filter_leaves(city: System) -> None:
    word = new_id("xyz")
    for form in ("FOUNDATION", "FOUNDATION", "ASSOCIATION"):
        await city.organization(name=f"{word} {form}", legalForm=form, fields=["HEALTH", "ECONOMY"])
    data = await city.ask(
        """query($word: String) {
          organizations(filter: { search: $word }) { totalCount facets { name values { value count } } }
        }""",
        {"word": word},
    )
    facets = {facet["name"]: facet["values"] for facet in data["organizations"]["facets"]}
    assert data["organizations"]["totalCount"] == 3
    assert facets["legalForm"] == [{"value": "FOUNDATION", "count": 2}, {"value": "ASSOCIATION", "count": 1}]
    assert {value["value"]: value["count"] for value in facets["field"]} == {"HEALTH": 3, "ECONOMY": 3}


async def test_many_ids_at_once_come_in_their_order_and_by_one_call(
    city: System, district: str, calls: Counter[str]
) -> None:
    found = await city.ask("query($id: ID!) { district(id: $id) { organizations { nodes { id } } } }", {"id": district})
    ids = [node["id"] for node in found["district"]["organizations"]["nodes"]]
    asked = [*reversed(ids), new_id("org"), "nonsense"]
    calls.clear()
    _, answer = await city.send(
        {"query": "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": {"ids": asked}}
    )
    assert [node and node["id"] for node in answer["data"]["nodes"]] == [*reversed(ids), None, None]
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["nodes", len(ids) + 1], "ID_INVALID")
    ]
    assert calls == {"registry organizations/batch": 1}
