"""Finding organisations in GraphQL, with the real names of the seed: inflected, without diacritics, in Polish order."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from deploy.seed.records import seed_records
from shared.contracts.organisations import Organization
from tests.system import System

SEARCH = (
    "query($search: String) { organizations(first: 100, filter: { search: $search }) { nodes { name } totalCount } }"
)
FACETS = """query($filter: OrganizationFilter) { organizations(first: 0, filter: $filter) {
  totalCount facets { name values { value count } }
} }"""
ORGANIZATIONS = [entity for _, entity in seed_records() if isinstance(entity, Organization)]


@pytest.fixture(scope="module")
async def register(city: System) -> System:
    """The seed's organisations, and some whose names differ in Polish letters only."""
    lines = [
        ("organizations", {k: v for k, v in msgspec.to_builtins(one).items() if k not in ("createdAt", "updatedAt")})
        for one in ORGANIZATIONS
    ]
    await city.load("registry", *lines)
    return city


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("stowarzyszenia rodziny", "Stowarzyszenie na rzecz pomocy dziecku i rodzinie „Dla Rodziny”"),
        ("pomoc rodzinom", "Stowarzyszenie na rzecz pomocy dziecku i rodzinie „Dla Rodziny”"),
        ("aktywnosc seniora", "Częstochowskie Centrum Aktywności Seniorów"),
        ("centra aktywności senior", "Częstochowskie Centrum Aktywności Seniorów"),
        ("fundacji chrzescijanskiej", "Fundacja Chrześcijańska Adullam"),
        ("spoldzielnie socjalne jasne ze zmiana", "Spółdzielnia Socjalna „Jasne, że zmiana”"),
        ("wydzialy polityki spolecznej", "Wydział Polityki Społecznej Urzędu Miasta Częstochowy"),
        ("mops", "Miejski Ośrodek Pomocy Społecznej w Częstochowie"),
        ("MIEJSKIE OŚRODKI", "Miejski Ośrodek Pomocy Społecznej w Częstochowie"),
        ("instytutu mediacji", "Polski Instytut Mediacji i Integracji Społecznej"),
        ("towarzystwa przyjaciol kultury", "Towarzystwo Przyjaciół Kultury Żydowskiej"),
        ("uniwersytety trzeciego wieku", "Uniwersytet Trzeciego Wieku"),
        ("czerwonego krzyza", "Polski Czerwony Krzyż"),
        ("oczy brata", "Fundacja Oczami Brata"),
        ("cis feniksa", "Centrum Integracji Społecznej Fundacji Integracji Społecznej Feniks"),
    ],
)
async def test_an_inflected_name_is_found(register: System, search: str, name: str) -> None:
    data = await register.ask(SEARCH, {"search": search})
    assert name in [node["name"] for node in data["organizations"]["nodes"]]


async def test_every_organisation_is_found_by_its_name_and_each_alias_without_diacritics(register: System) -> None:
    plain = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
    for one in ORGANIZATIONS:
        for called in (one.name, one.name.translate(plain), one.name.upper(), *one.aliases):
            data = await register.ask(SEARCH, {"search": called})
            assert one.name in [node["name"] for node in data["organizations"]["nodes"]], called


async def test_names_are_ordered_by_the_polish_alphabet(register: System) -> None:
    names = ["Żagiel", "Zagiel", "Łan", "Lan", "Ląd", "Lad", "Ósma", "Osma", "Świt", "Swit", "Źródło", "„Zgoda”"]
    prefix = "Porządek"
    for name in names:
        await register.organization(name=f"{prefix} {name}")
    query = """query($after: String) { organizations(
      first: 5, after: $after, orderBy: NAME, filter: { nameStartsWith: "porzadek" }
    ) { nodes { name } pageInfo { endCursor hasNextPage } } }"""
    found: list[str] = []
    after = None
    while True:
        page = (await register.ask(query, {"after": after}))["organizations"]
        found += [node["name"].removeprefix(f"{prefix} ") for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [
        "Lad",
        "Lan",
        "Ląd",
        "Łan",
        "Osma",
        "Ósma",
        "Swit",
        "Świt",
        "Zagiel",
        "„Zgoda”",
        "Źródło",
        "Żagiel",
    ]


@pytest.mark.parametrize(
    "filter_",
    [
        {"search": "spolecznej"},
        {"search": "fundacja", "legalForm": ["FOUNDATION"]},
        {"field": ["LABOUR_MARKET_SOCIAL_AFFAIRS"], "search": "pomocy"},
        {"nameStartsWith": "Fundacja"},
    ],
)
async def test_facets_and_total_count_what_the_filter_leaves(register: System, filter_: dict[str, Any]) -> None:
    query = """query($filter: OrganizationFilter) { organizations(first: 100, filter: $filter) {
      nodes { legalForm fields publicBenefit districtIds }
    } }"""
    nodes = (await register.ask(query, {"filter": filter_}))["organizations"]["nodes"]
    assert nodes
    counted = (await register.ask(FACETS, {"filter": filter_}))["organizations"]
    assert counted["totalCount"] == len(nodes)
    facets = {facet["name"]: {one["value"]: one["count"] for one in facet["values"]} for facet in counted["facets"]}
    assert facets == {
        "legalForm": Counter(node["legalForm"] for node in nodes),
        "field": Counter(field for node in nodes for field in node["fields"]),
        "publicBenefit": Counter(str(node["publicBenefit"]).lower() for node in nodes),
        "district": Counter(id_ for node in nodes for id_ in node["districtIds"]),
    }
