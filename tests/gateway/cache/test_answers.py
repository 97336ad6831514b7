"""Whole answers over HTTP: found by their bytes, gone with a change, revalidated, and marked where they may be old."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from gateway.http.negotiation import JSON, RESPONSE
from gateway.pulse import PAUSE
from gateway.transport import ServiceUnavailable, Transport
from shared.contracts.people import Role
from shared.ids import new_id
from tests.gateway.cache.conftest import Replicas
from tests.gateway.cache.gateways import Replica, live

GET = {"GraphQL-Require-Preflight": "1"}
NAMED = "query($id: ID!) { organization(id: $id) { name version events(first: 5) { totalCount } } }"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what the services are asked; a service under "away" does not answer."""
    counted: Counter[str] = Counter()
    ask = Transport._call

    async def counting(self: Transport, service: str, path: str, *rest: Any) -> Any:
        if counted[f"{service} away"]:
            raise ServiceUnavailable(service)
        counted[path] += 1
        return await ask(self, service, path, *rest)

    monkeypatch.setattr(Transport, "_call", counting)
    return counted


async def post(gateway: Replica, query: str, variables: Any = None, **headers: str) -> tuple[bytes, Mapping[str, str]]:
    await gateway.told()
    body = msgspec.json.encode({"query": query, "variables": variables})
    given = {"Content-Type": JSON, "Accept": JSON} | headers
    async with gateway.session.post(gateway.graphql, data=body, headers=given) as answer:
        return await answer.read(), answer.headers


async def get(gateway: Replica, query: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    await gateway.told()
    url = f"{gateway.graphql}?query={quote(query)}"
    async with gateway.session.get(url, headers=GET | headers) as answer:
        return answer.status, await answer.read(), answer.headers


def hits(gateway: Replica) -> int:
    assert gateway.answers is not None
    return gateway.answers.figures.hits


async def rename(gateway: Replica, id_: str, version: int, name: str) -> None:
    query = """mutation($in: UpdateOrganizationInput!) { updateOrganization(input: $in) { errors { message } } }"""
    given = {"id": id_, "expectedVersion": version, "name": name}
    data = await gateway.ask(query, {"in": given}, gateway.token(Role.OFFICIAL))
    assert data["updateOrganization"]["errors"] == []


async def test_an_equal_question_is_answered_with_the_same_bytes_until_something_in_it_changes(
    replicas: Replicas, calls: Counter[str]
) -> None:
    near, far = replicas.near, replicas.far
    id_ = await near.organization(name="Fundacja Pierwsza")
    before = hits(near)
    answers = [(await post(near, NAMED, {"id": id_}))[0] for _ in range(3)]
    assert len(set(answers)) == 1
    assert (hits(near) - before, calls.total()) == (2, 2)
    # what else it depends on is asked for apart, though of what is known already
    for other in ({"Accept": RESPONSE}, {"Accept-Language": "en"}):
        await post(near, NAMED, {"id": id_}, **other)
    assert (hits(near) - before, calls.total()) == (2, 2)
    await post(far, NAMED, {"id": id_})
    # one's own write is seen at once; through the other replica, when the bus has shown it
    await rename(near, id_, 1, "Fundacja Druga")
    assert b"Fundacja Druga" in (await post(near, NAMED, {"id": id_}))[0]
    far.awaited[id_] = 2
    assert b"Fundacja Druga" in (await post(far, NAMED, {"id": id_}))[0]


async def test_what_is_asked_at_the_same_time_is_executed_once(replicas: Replicas, calls: Counter[str]) -> None:
    near = replicas.near
    id_ = await near.organization()
    await near.told()
    answers = await asyncio.gather(*(post(near, NAMED, {"id": id_}) for _ in range(20)))
    assert len({body for body, _ in answers}) == 1
    assert calls == {"organizations/batch": 1, "events/related": 1}


async def test_an_error_is_told_once_to_all_who_ask_at_the_same_time(replicas: Replicas, calls: Counter[str]) -> None:
    near = replicas.near
    id_ = await near.organization()
    await near.told()
    calls["events away"] = 1
    answers = await asyncio.gather(*(post(near, NAMED, {"id": id_}) for _ in range(5)))
    assert len({body for body, _ in answers}) == 1
    assert b"SERVICE_UNAVAILABLE" in answers[0][0]
    calls["events away"] = 0
    assert b"errors" not in (await post(near, NAMED, {"id": id_}))[0]


async def test_whoever_sends_a_token_is_answered_by_it_and_leaves_nothing(replicas: Replicas) -> None:
    near = replicas.near
    name = new_id("xyz")
    own = near.token(Role.RESIDENT, subject=name)
    query = "mutation($in: SubmitOrganizationInput!) { submitOrganization(input: $in) { organization { id } } }"
    given = {"name": f"Klub {name}", "legalForm": "ASSOCIATION"}
    id_ = (await near.ask(query, {"in": given}, own))["submitOrganization"]["organization"]["id"]
    assert near.answers is not None
    # what the bus has yet to tell of would let go of what is counted here
    near.awaited[id_] = 1
    await near.told()
    assert near.seen[id_] == 1
    near.answers.changed(None)
    mine = "{ organizations(filter: { status: SUBMITTED }) { nodes { name } } }"
    for _ in range(2):
        assert name.encode() not in (await post(near, NAMED, {"id": id_}))[0]
        assert name.encode() not in (await post(near, mine))[0]
        for asked in ((NAMED, {"id": id_}), (mine, None)):
            assert name.encode() in (await post(near, *asked, Authorization=f"Bearer {own}"))[0]
    assert near.answers.figures.entries == 2
    other = near.token(Role.RESIDENT, subject="other")
    assert name.encode() not in (await post(near, NAMED, {"id": id_}, Authorization=f"Bearer {other}"))[0]


async def test_a_token_that_is_not_good_finds_nothing(replicas: Replicas) -> None:
    await post(replicas.near, "{ districts { nodes { name } } }")
    body, _ = await post(replicas.near, "{ districts { nodes { name } } }", Authorization="Bearer nonsense")
    assert b"UNAUTHENTICATED" in body


async def test_an_answer_with_an_error_and_a_mutation_are_not_kept(replicas: Replicas) -> None:
    near = replicas.near
    before = hits(near)
    refused = "mutation { takeSnapshot(input: {}) { errors { code } } }"
    for query in ('{ organizations(after: "x") { nodes { id } } }', "{ nonsense }", refused):
        assert (await post(near, query))[0] == (await post(near, query))[0]
    assert hits(near) == before


async def test_a_get_is_asked_again_by_its_entity_tag(replicas: Replicas) -> None:
    near = replicas.near
    id_ = await near.organization(name="Fundacja Stara")
    query = f'{{ organization(id: "{id_}") {{ name }} }}'
    status, body, headers = await get(near, query)
    tag = headers["ETag"]
    assert (status, headers["Cache-Control"]) == (200, "no-cache")
    assert "Authorization" in headers["Vary"]
    for _ in range(2):
        assert (await get(near, query))[1:2] == (body,)
        for given in (tag, f'"other", W/{tag}', "*"):
            status, empty, headers = await get(near, query, **{"If-None-Match": given})
            assert (status, empty, headers["ETag"]) == (304, b"", tag)
    # every replica has the same tag for the same bytes
    assert (await get(replicas.far, query))[2]["ETag"] == tag
    await rename(near, id_, 1, "Fundacja Nowa")
    status, body, headers = await get(near, query, **{"If-None-Match": tag})
    assert (status, headers["ETag"] != tag) == (200, True)
    assert b"Fundacja Nowa" in body
    _, _, headers = await get(near, query, Authorization=f"Bearer {near.token(Role.RESIDENT)}")
    assert headers["Cache-Control"] == "private, no-cache"
    _, _, headers = await get(near, '{ organizations(after: "x") { nodes { id } } }')
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers


async def test_while_a_service_is_away_what_is_old_says_so_and_costs_the_others_nothing(
    replicas: Replicas, calls: Counter[str]
) -> None:
    near = replicas.near
    id_, other = await near.organization(name="Fundacja Trwała"), await near.organization()
    await post(near, NAMED, {"id": id_})
    assert near.entities is not None
    near.entities.flush()
    calls["events away"] = 1
    for _ in range(2):
        body, headers = await post(near, NAMED, {"id": id_})
        told = msgspec.json.decode(body)
        assert told["data"]["organization"] == {"name": "Fundacja Trwała", "version": 1, "events": {"totalCount": 0}}
        assert list(told["extensions"]["stale"]) == ["events"]
        assert "errors" not in told
        assert headers["Jasne-Stale"].startswith("events=")
    # what was never read is missed, with an error that names the service
    told = msgspec.json.decode((await post(near, NAMED, {"id": other}))[0])
    assert (told["data"]["organization"]["version"], told["data"]["organization"]["events"]) == (1, None)
    assert told["errors"][0]["extensions"]["service"] == "events"
    calls["events away"] = 0
    told = msgspec.json.decode((await post(near, NAMED, {"id": id_}))[0])
    assert "extensions" not in told


async def test_both_levels_are_counted(replicas: Replicas) -> None:
    near = replicas.near
    for _ in range(2):
        await post(near, "{ districts { totalCount } }")
    async with near.session.get(near.graphql.replace("/graphql", "/metrics")) as answer:
        told = await answer.text()
    for level in ("entities", "answers"):
        assert f'jasne_gateway_cache_hits_total{{level="{level}"}}' in told
        assert f'jasne_gateway_cache_bytes{{level="{level}"}}' in told


async def test_after_a_pause_of_the_process_nothing_counts_that_was_kept_before(
    replicas: Replicas, calls: Counter[str]
) -> None:
    near, far = replicas.near, replicas.far
    id_ = await near.organization(name="Fundacja Przed")
    for _ in range(2):
        await post(far, NAMED, {"id": id_})
    before = calls["organizations/batch"]
    assert far.entities is not None
    # what runs on this loop stands still, as when the machine is frozen
    time.sleep(2 * PAUSE)  # noqa: ASYNC251
    assert not far.entities.look()
    await live(far.entities)
    await post(far, NAMED, {"id": id_})
    assert calls["organizations/batch"] == before + 1
