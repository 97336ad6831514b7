"""Operations written by hand, each for something that the executors could answer differently."""

import asyncio
from typing import Any

import msgspec
import pytest
from graphql import get_introspection_query, parse, subscribe
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway import kinds
from gateway.execution.executor import Executor
from gateway.schema.root import schema
from shared.clock import now
from shared.contracts.changes import Change
from shared.contracts.organisations import Award
from shared.contracts.reading import Page
from tests.gateway.execution.both import answers, by_stock, context_in, planned, refusal, written
from tests.gateway.execution.town import TROUBLES, Town

TOWN = Town(7)
AWAY = Town(7, {"organizations": TROUBLES[0], "events": TROUBLES[1], "remarks": TROUBLES[2]})
ORG, CON, SNAPSHOT = (TOWN.ids[kind][0] for kind in (kinds.ORGANIZATIONS, kinds.CONSULTATIONS, kinds.SNAPSHOTS))

READ = [
    "{ __typename }",
    "{ organizations { __typename nodes { __typename id } } }",
    "{ organizations(first: 0) { nodes { id } edges { cursor } pageInfo { startCursor endCursor } totalCount } }",
    "{ organizations(first: 5) { edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage } } }",
    '{ organizations(first: 5, after: "x") { pageInfo { hasPreviousPage startCursor endCursor hasNextPage } } }',
    "{ organizations { totalCount facets { name values { value count __typename } } } }",
    "{ organizations { ...T } } fragment T on OrganizationConnection { ... on OrganizationConnection { totalCount } }",
    "{ organizations(orderBy: NEWEST, filter: { legalForm: [FOUNDATION], publicBenefit: true }) { nodes { id } } }",
    "{ organizations(filter: null, orderBy: null, after: null) { nodes { id } } }",
    "{ organizations { nodes { version awards { rank } contactPoints { hours { day opens } address { city } } } } }",
    "{ organizations { nodes { id } } organizations { nodes { name address { city } } } }",
    "{ organizations { nodes { address { city } } nodes { address { street c: city } } } }",
    "{ b: organizations { nodes { id } } a: districts { nodes { id } } c: __typename }",
    "{ organizations { nodes { name ...A ...B name } } } fragment A on Organization { id ...B } "
    "fragment B on Node { id x: id ... on Organization { name districts { name } } ... on District { city } }",
    "{ districts { nodes { organizations(first: 2) { nodes { consultations(first: 2) { nodes { organizers { name "
    "events(first: 1) { edges { node { title startsAt sessions { title hosts { name } } } } } } } } } } } } }",
    "{ organizations { nodes { parent { parent { parent { name } } } operator { id } founders { id "
    "federations { id } } } } }",
    "{ partnerships { nodes { name memberships { role organization { name } } members { name } } } }",
    "{ documents: consultations { nodes { documents { nodes { sections { heading paragraphs { text remarks(first: 1) { "
    "nodes { kind text } } } remarks(first: 1) { nodes { id } } } } } } } }",
    "{ corrections { nodes { id record { __typename id ... on Organization { name parent { name } } } } } }",
    "{ statistics { total byLegalForm { value count } byField { value } publicBenefit } }",
    "{ snapshots { nodes { total unreconciled counts { __typename } } } }",
    f'{{ node(id: "{ORG}") {{ id ... on Organization {{ name consultations {{ nodes {{ id }} }} }} }} }}',
    f'{{ node(id: "{CON}") {{ __typename ... on Organization {{ name }} ... on Node {{ id }} }} }}',
    f'{{ node(id: "{SNAPSHOT}") {{ __typename ... on Snapshot {{ unreconciled }} }} }}',
    '{ node(id: "nonsense") { id } organization(id: "dis_0") { id } }',
    f'{{ organization(id: "{CON}") {{ id }} node(id: "{"org_" + "0" * 26}") {{ id }} }}',
    "{ organizations { nodes { events(first: 1000) { nodes { id } } name } } }",
    "{ organizations(first: -1) { nodes { id } } districts(first: 101) { nodes { id } } }",
    "{ organizations @skip(if: true) { nodes { id } } }",
    "{ organizations { nodes @include(if: false) { id } } __typename @skip(if: false) }",
    "{ organizations { nodes { ... @include(if: true) { name } ... @skip(if: true) { id } } } }",
    '{ __type(name: "Organization") { name fields { name type { kind ofType { name } } } } }',
    '{ __type(name: "Nothing") { name } organizations { nodes { id } } }',
    "{ __schema { queryType { name } } organizations { nodes { id } } }",
]


@pytest.mark.parametrize("town", [TOWN, AWAY], ids=["well", "away"])
@pytest.mark.parametrize("text", READ)
async def test_what_is_read(text: str, town: Town) -> None:
    assert refusal(text) is None
    await _same(text, {}, town)


async def test_introspection() -> None:
    await _same(get_introspection_query(descriptions=False), {}, TOWN)


_CONDITIONED = """query($a: Boolean!, $b: Boolean = true) { organizations(first: 3) {
  nodes @include(if: $a) { id @skip(if: $b) name parent @include(if: $b) { id ...P @skip(if: $a) }
    ...P @include(if: $b) }
  totalCount @skip(if: $a)
} } fragment P on Organization { website }"""
_PAGED = """query($n: Int! = 2, $after: String, $filter: OrganizationFilter, $order: OrganizationOrder) {
  organizations(first: $n, after: $after, filter: $filter, orderBy: $order) {
    nodes { id events(first: $n) { nodes { id } } } pageInfo { hasPreviousPage } }
}"""
_FILTERED = """query($form: LegalForm!, $word: String) {
  organizations(filter: { legalForm: [$form], search: $word }) { nodes { id legalForm } } }"""
_ON_A_DAY = "query($day: Date) { partnerships(asOf: $day) { nodes { id } } centres(asOf: $day) { nodes { id } } }"

_PLAIN_PAGE = "query($after: String) { districts(after: $after) { nodes { name } pageInfo { hasPreviousPage } } }"
_FROM = "query($from: DateTime) { events(filter: { startsFrom: $from }) { nodes { id startsAt } } }"

GIVEN: list[tuple[str, list[dict[str, Any]]]] = [
    (_CONDITIONED, [{"a": a, **b} for a in (True, False) for b in ({}, {"b": True}, {"b": False}, {"b": None})]),
    (_CONDITIONED, [{}, {"a": None}, {"a": "true"}, {"a": 1}]),
    (_PAGED, [{}, {"n": 1}, {"n": None}, {"n": 2.0}, {"n": True}, {"n": 2**31}, {"n": 101}, {"n": "2"}]),
    (_PAGED, [{"after": "x"}, {"after": None}, {"after": 5}, {"order": "NEWEST"}, {"order": None}, {"order": "WORST"}]),
    (_PLAIN_PAGE, [{}, {"after": "x"}, {"after": None}]),
    ("query($n: Int) { organizations(first: $n) { nodes { id } } }", [{}, {"n": None}, {"n": 1}]),
    (_PAGED, [{"filter": None}, {"filter": {}}, {"filter": {"legalForm": "FOUNDATION", "nip": "5732745883"}}]),
    (_PAGED, [{"filter": {"nip": "57"}}, {"filter": {"nope": 1}}, {"filter": {"legalForm": ["X", 3]}}, {"filter": []}]),
    (_FILTERED, [{"form": "COMPANY"}, {"form": "COMPANY", "word": "a"}, {"form": "COMPANY", "word": None}, {}]),
    (_FROM, [{}, {"from": "2020-02-29T10:00:00Z"}, {"from": "9999-12-31T24:00:00Z"}, {"from": "soon"}, {"from": None}]),
    (_FROM, [{"from": "9999-12-31T23:59:59Z"}, {"from": "0001-01-01T00:00:00+14:00"}, {"from": "2020-01-01T00:00"}]),
    (_ON_A_DAY, [{}, {"day": None}, {"day": "2016-02-01"}, {"day": "2016-02-31"}, {"day": 5}]),
    ("query($id: ID!) { organization(id: $id) { name } }", [{"id": ORG}, {"id": 5}, {"id": None}, {"id": [ORG]}]),
]


@pytest.mark.parametrize(("text", "variables"), [(text, each) for text, given in GIVEN for each in given])
async def test_what_is_given(text: str, variables: dict[str, Any]) -> None:
    await _same(text, variables, TOWN)


@pytest.mark.parametrize(("text", "given"), GIVEN)
async def test_runs_of_one_operation_know_nothing_of_one_another(text: str, given: list[dict[str, Any]]) -> None:
    document = parse(text)
    operation = planned(document)
    for variables in (*given, *reversed(given)):
        stock = await by_stock(document, variables, TOWN)
        assert written(await operation.answer(variables, context_in(TOWN))) == stock


_WRITES = """mutation($name: String!) {
  a: submitOrganization(input: { name: "Nowa", legalForm: FOUNDATION }) { organization { id parent { name } }
    errors { code field message legalBasis } }
  b: submitOrganization(input: { name: $name, legalForm: FOUNDATION }) { organization { id } errors { code field } }
  c: signPartnership(input: { name: "", kind: LOCAL }) { partnership { id } errors { code field } __typename }
}"""


@pytest.mark.parametrize("town", [TOWN, AWAY], ids=["well", "away"])
async def test_what_is_written(town: Town) -> None:
    for name in ("inna", "refused", "\n"):
        await _same(_WRITES, {"name": name}, town)


async def test_one_of_several_operations() -> None:
    text = "query A { organizations { nodes { id } } } query B { districts { nodes { id } } }"
    for name in ("A", "B"):
        stock, *planned = await answers(text, {}, TOWN, name)
        assert all(each == stock for each in planned)


async def test_a_number_beyond_int_takes_what_may_not_be_null_with_it() -> None:
    town = Town(7)
    found: list[str] = []
    kind = kinds.ORGANIZATIONS
    some = list(town.entities[kind].items())
    for id_, entity in some[:6]:
        town.entities[kind][id_] = msgspec.structs.replace(entity, version=2**31)
    for id_, entity in some[6:]:
        town.entities[kind][id_] = msgspec.structs.replace(entity, awards=(Award(name="a", rank=2**40),))
    for text in (
        "{ organizations(first: 5) { nodes { id version name parent { id version } } totalCount } }",
        "{ organizations(first: 5) { edges { node { version districts { name } } } } districts { nodes { id } } }",
        "{ districts { nodes { organizations(first: 5) { nodes { awards { rank } version founders { id } } } } } }",
        f'{{ organization(id: "{some[0][0]}") {{ name version parent {{ id }} }} }}',
    ):
        _, errors = await _same(text, {}, town)
        found += errors
    assert len(found) > 5


async def test_what_a_service_should_not_have_answered() -> None:
    town = Town(7)
    district = next(iter(town.entities[kinds.DISTRICTS].values()))
    for id_ in list(town.entities[kinds.ORGANIZATIONS])[:5]:
        town.entities[kinds.ORGANIZATIONS][id_] = district
    for text in (
        "{ organizations(first: 5) { nodes { id name parent { name } } } }",
        "{ organizations(first: 5) { nodes { id } edges { node { name } } } }",
        f'{{ node(id: "{town.ids[kinds.ORGANIZATIONS][0]}") {{ id ... on District {{ name }} }} }}',
        "{ consultations { nodes { organizers { name } } } partnerships { nodes { members { name "
        "events { nodes { id } } } } } }",
    ):
        await _same(text, {}, town)


async def test_a_page_with_a_hole_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(7)

    async def holed(*_: Any) -> Page[Any]:
        return Page(items=(None, *list(town.entities[kinds.ORGANIZATIONS].values())[:2]), cursors=("a", "b", "c"))

    monkeypatch.setattr(town, "find", holed)
    for text in ("{ organizations { nodes { id } } }", "{ organizations { edges { node { parent { id } } } } }"):
        await _same(text, {}, town)


async def test_fragments_that_ask_for_more_than_a_plan_could_hold() -> None:
    levels = 40
    nobody = Town(7)
    nobody.entities[kinds.ORGANIZATIONS] = {}
    nobody.ids[kinds.ORGANIZATIONS] = []
    fragments = [
        f"fragment F{n} on Organization {{ parent {{ ...F{n + 1} }} operator {{ ...F{n + 1} }} }}"
        for n in range(levels)
    ]
    last = f"fragment F{levels} on Organization {{ id }}"
    async with asyncio.timeout(20):
        for root in ("organizations { nodes { ...F0 } }", "smallGrants { nodes { organization { ...F0 } } }"):
            for town in (AWAY, nobody):
                await _same(f"{{ {root} }} " + " ".join([*fragments, last]), {}, town)


async def test_each_event_of_a_subscription() -> None:
    text = "subscription { changes { __typename id verb version at related node { id ... on Event { title } } } }"
    told = []
    for executor in (StrawberryGraphQLCoreExecutionContext, Executor):
        context = context_in(TOWN)
        begun: Any = subscribe(schema._schema, parse(text), context_value=context, executor_class=executor)
        stream = await begun
        taken = asyncio.ensure_future(anext(stream))
        while context.feed.listeners == 0:
            await asyncio.sleep(0)
        results = []
        for change in CHANGES:
            await context.feed.publish(change)
            results.append(written(await taken))
            taken = asyncio.ensure_future(anext(stream))
        taken.cancel()
        await asyncio.gather(taken, return_exceptions=True)
        await stream.aclose()
        told.append(results)
    assert told[0] == told[1]


CHANGES = [
    Change(
        id="chg_" + "0" * 26,
        service=kind.service,
        entity=kind.name.lower(),
        verb="moved",
        entity_id=TOWN.ids[kind][1],
        version=version,
        at=now(),
        related=(ORG,),
    )
    for kind, version in ((kinds.EVENTS, 1), (kinds.ORGANIZATIONS, 2), (kinds.EVENTS, 2**40))
]


async def _same(text: str, variables: dict[str, Any], town: Town) -> tuple[bytes, list[str]]:
    stock, *planned = await answers(text, variables, town)
    for each in planned:
        assert each == stock
    return stock
