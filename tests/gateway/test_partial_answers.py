"""A service that is away, slow or answers nonsense costs its own fields and nothing else."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from gateway import transport
from gateway.breaker import FAILURES
from shared.contracts.deadline import HEADER
from shared.contracts.people import Role
from shared.ids import new_id
from tests.gateway.faulty import (
    Fault,
    Proxy,
    breaks_off,
    gateway_behind_proxies,
    is_replaced,
    once,
    talks_nonsense,
)
from tests.system import System

JOINED = """query ($id: ID!) { organization(id: $id) {
  name consultations { nodes { title } } events { nodes { title } } } }"""
OPEN = """mutation ($input: SubmitOrganizationInput!, $key: String) {
  submitOrganization(input: $input, idempotencyKey: $key) { organization { id } errors { code } } }"""


async def ask(city: System, url: str, query: str, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
    asked = {"query": query, "variables": variables}
    async with city.session.post(url, json=asked, headers={"Accept-Language": "en"} | headers) as answer:
        told: dict[str, Any] = await answer.json(content_type=None)
        return told


def paths(answer: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(error["path"]): error["extensions"] for error in answer.get("errors", ())}


async def too_much(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b'{"pages": []}', content_type="application/json")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (breaks_off, "unreachable"),
        (talks_nonsense, "bad_answer"),
        (too_much, "bad_answer"),
        (is_replaced, "unreachable"),
    ],
)
async def test_a_failing_service_costs_its_own_fields_only(city: System, fault: Fault, reason: str) -> None:
    id_ = await city.organization()
    async with gateway_behind_proxies(city) as (url, proxies):
        proxies["events"].fault = fault
        answer = await ask(city, url, JOINED, {"id": id_})
        organization = answer["data"]["organization"]
        assert organization == {"name": "Fundacja Próba", "consultations": {"nodes": []}, "events": None}
        told = paths(answer)[("organization", "events")]
        assert told == {"code": "SERVICE_UNAVAILABLE", "service": "events", "reason": reason}


async def test_a_slow_service_costs_its_own_fields_and_the_time_the_client_gave(city: System) -> None:
    id_ = await city.organization()
    async with gateway_behind_proxies(city) as (url, proxies):
        proxies["events"].fault = proxies["events"].hangs
        answer = await ask(city, url, JOINED, {"id": id_}, **{HEADER: "700"})
        assert answer["data"]["organization"]["consultations"] == {"nodes": []}
        assert paths(answer)[("organization", "events")]["reason"] == "timeout"
        # asked once only: what is slow does not become faster by asking twice
        assert len(proxies["events"].asked) == 1


async def test_the_deadline_flows_from_the_client_to_the_services(city: System) -> None:
    id_ = await city.organization()
    async with gateway_behind_proxies(city) as (url, proxies):
        await ask(city, url, JOINED, {"id": id_}, **{HEADER: "5000"})
        first, second = (int(proxies[name].asked[0].headers[HEADER]) for name in ("registry", "events"))
        # each level has what the levels before it left
        assert second < first <= 5000

    async with gateway_behind_proxies(city, longest=3000) as (url, proxies):
        await ask(city, url, JOINED, {"id": id_}, **{HEADER: "60000"})
        assert int(proxies["registry"].asked[0].headers[HEADER]) <= 3000


async def test_a_service_does_not_begin_what_nobody_waits_for(city: System) -> None:
    status, answer = await city.call("registry", "organizations/batch", {"ids": []}, **{HEADER: "0"})
    assert (status, answer["errors"][0]["code"]) == (504, "DEADLINE_PASSED")


@pytest.mark.parametrize("fault", [breaks_off, is_replaced])
async def test_a_read_is_tried_once_more(city: System, fault: Fault) -> None:
    id_ = await city.organization()
    async with gateway_behind_proxies(city) as (url, proxies):
        proxies["registry"].fault = once(fault)
        answer = await ask(city, url, "query ($id: ID!) { organization(id: $id) { name } }", {"id": id_})
        assert answer == {"data": {"organization": {"name": "Fundacja Próba"}}}
        assert len(proxies["registry"].asked) == 2


def stored_but_not_told(proxy: Proxy, stored: list[Any]) -> Fault:
    async def fault(request: web.Request) -> web.StreamResponse:
        async with proxy.session.post(
            f"{proxy.to}{request.path}", data=await request.read(), headers=request.headers
        ) as answer:
            stored.append(await answer.json())
        return await breaks_off(request)

    return fault


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_write_that_was_cut_off_is_sent_again_and_stored_once(city: System, signed_in: bool) -> None:
    """Without a key of the client's: the gateway gives each write one of its own."""
    headers = {"Authorization": f"Bearer {city.token(Role.REPRESENTATIVE)}"} if signed_in else {}
    given = {"name": f"Klub {new_id('org')}", "legalForm": "SPORTS_CLUB"}
    async with gateway_behind_proxies(city) as (url, proxies):
        registry, stored = proxies["registry"], list[Any]()
        registry.fault = once(stored_but_not_told(registry, stored))
        answer = await ask(city, url, OPEN, {"input": given}, **headers)
        told = answer["data"]["submitOrganization"]
        assert told == {"organization": {"id": stored[0]["id"]}, "errors": []}
        keys = [request.headers["Idempotency-Key"] for request in registry.asked]
        assert len(keys) == 2
        assert keys[0] == keys[1]
        # the next write has another: the same asked twice by a client is asked twice
        again = await ask(city, url, OPEN, {"input": given}, **headers)
        assert again["data"]["submitOrganization"]["errors"] == [{"code": "DUPLICATE_NAME"}]
        assert registry.asked[-1].headers["Idempotency-Key"] != keys[0]


async def test_a_slow_write_is_not_sent_again(city: System) -> None:
    given = {"name": f"Klub {new_id('org')}", "legalForm": "SPORTS_CLUB"}
    async with gateway_behind_proxies(city) as (url, proxies):
        proxies["registry"].fault = proxies["registry"].hangs
        answer = await ask(city, url, OPEN, {"input": given}, **{HEADER: "300"})
        assert paths(answer)[("submitOrganization",)]["reason"] == "timeout"
        assert len(proxies["registry"].asked) == 1


async def test_a_write_that_never_got_an_answer_is_repeated_by_its_key(
    city: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client's way out of not knowing: stored once, however often it is sent."""
    monkeypatch.setattr(transport, "PAUSES", (0.01,))
    token = city.token(Role.REPRESENTATIVE)
    given = {"name": f"Klub {new_id('org')}", "legalForm": "SPORTS_CLUB"}
    async with gateway_behind_proxies(city) as (url, proxies):
        registry, stored = proxies["registry"], list[Any]()
        registry.fault = stored_but_not_told(registry, stored)
        sent = {"input": given, "key": "one and the same"}
        first = await ask(city, url, OPEN, sent, Authorization=f"Bearer {token}")
        assert first["data"]["submitOrganization"] is None
        assert len(stored) == 2
        registry.fault = None
        again = await ask(city, url, OPEN, sent, Authorization=f"Bearer {token}")
        assert {again["data"]["submitOrganization"]["organization"]["id"]} == {one["id"] for one in stored}


async def test_a_service_that_keeps_failing_is_left_alone_and_tried_again(
    city: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "PAUSES", (0.01,))
    id_ = await city.organization()
    query = "query ($id: ID!) { organization(id: $id) { events { nodes { title } } } }"
    async with gateway_behind_proxies(city) as (url, proxies):
        events: Proxy = proxies["events"]
        events.fault = breaks_off
        # each of these calls is made twice, and is one failure
        answers = [await ask(city, url, query, {"id": id_}) for _ in range(FAILURES + 1)]
        asked = len(events.asked)
        assert asked == 2 * FAILURES
        assert paths(answers[-1])[("organization", "events")]["reason"] == "resting"
        async with city.session.get(url.replace("/graphql", "/metrics")) as told:
            assert 'jasne_gateway_breaker{service="events"} 2.0' in await told.text()

        events.fault = None
        async with asyncio.timeout(10):
            while (answer := await ask(city, url, query, {"id": id_})).get("errors"):
                # not asked while it rests
                assert len(events.asked) == asked
                await asyncio.sleep(0.1)
        assert answer["data"]["organization"]["events"] == {"nodes": []}
