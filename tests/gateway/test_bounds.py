"""Limits as a client meets them: over HTTP, in a batch, over WebSocket; and the budget of each client."""

import asyncio
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from gateway.limits.settings import Limits
from gateway.settings import Cache
from shared.contracts.people import Role
from tests.gateway.faulty import gateway_behind_proxies
from tests.gateway.test_changes import connected
from tests.system import System

WIDE = "{ organizations(first: 100) { nodes { events(first: 20) { nodes { consultation { title } } } } } }"
NOTHING_KEPT = Cache(entities=0, answers=0)
"""What is in memory costs nobody anything."""
REFUSED = [
    (WIDE, "FAN_OUT_TOO_WIDE", "FAN_OUT_MAX"),
    ("{ organizations(first: 101) { nodes { id } } }", "PAGE_TOO_LARGE", "PAGE_MAX"),
    ("{ districts " + "{ nodes { organizations " * 8 + "{ totalCount }" + " } }" * 8 + " }", "TOO_DEEP", "DEPTH_MAX"),
    ("{ " + " ".join(f"a{n}: __typename" for n in range(51)) + " }", "TOO_MANY_ALIASES", "ALIASES_MAX"),
    ("{ __typename " * 2_001 + "}" * 2_001, "TOO_MANY_TOKENS", "TOKENS_MAX"),
    ("{ " + "...F " * 100 + "} fragment F on Query { __typename }", "TOO_MANY_FRAGMENTS", "FRAGMENTS_MAX"),
    (
        "{ organizations(first: 50) { nodes { events(first: 20) { nodes { organizers { districts { name } } } } } } }",
        "TOO_COSTLY",
        "COST_MAX",
    ),
]


@pytest.mark.parametrize(("query", "code", "setting"), REFUSED, ids=[code for _, code, _ in REFUSED])
async def test_what_asks_too_much_is_refused_before_it_runs_and_names_the_limit(
    city: System, query: str, code: str, setting: str
) -> None:
    headers = {"Accept": "application/graphql-response+json", "Accept-Language": "en"}
    async with city.session.post(city.graphql, json={"query": query}, headers=headers) as answer:
        told = await answer.json(content_type=None)
    assert answer.status == 400
    assert "data" not in told
    assert code in [error["extensions"]["code"] for error in told["errors"]]
    assert setting in str(told["errors"])


async def test_the_same_limits_hold_over_websocket(city: System) -> None:
    async with connected(city) as socket:
        assert (await socket.receive_json())["type"] == "connection_ack"
        for query, code, _ in REFUSED:
            await socket.send_json({"type": "subscribe", "id": code, "payload": {"query": query}})
            told = await socket.receive_json()
            assert told["type"] == "error"
            assert code in [error["extensions"]["code"] for error in told["payload"]]


async def ask(city: System, url: str, body: Any, **headers: str) -> tuple[int, str | None, Any]:
    async with city.session.post(url, json=body, headers={"Accept-Language": "en"} | headers) as answer:
        return answer.status, answer.headers.get("Retry-After"), await answer.json(content_type=None)


async def test_who_has_spent_the_budget_waits_and_others_do_not(city: System) -> None:
    limits = Limits(budget=60, burst=30)
    async with gateway_behind_proxies(city, limits=limits, proxies=1, cache=NOTHING_KEPT) as (url, _):
        page = {"query": "{ organizations(first: 18) { nodes { id } } }"}
        assert (await ask(city, url, page, **{"X-Forwarded-For": "192.0.2.1"}))[0] == 200
        status, wait, told = await ask(city, url, page, **{"X-Forwarded-For": "192.0.2.1"})
        assert (status, told["errors"][0]["extensions"]["code"]) == (429, "BUDGET_SPENT")
        assert 1 <= int(wait or 0) <= 15
        assert (await ask(city, url, page, **{"X-Forwarded-For": "192.0.2.2"}))[0] == 200
        # a person has a budget of their own, wherever they ask from
        token = city.token(Role.RESIDENT, subject="anna")
        assert (await ask(city, url, page, Authorization=f"Bearer {token}"))[0] == 200
        assert (await ask(city, url, page, Authorization=f"Bearer {token}"))[0] == 429


async def test_a_batch_spends_for_each_of_its_operations(city: System) -> None:
    async with gateway_behind_proxies(city, limits=Limits(budget=60, burst=30)) as (url, _):
        page = {"query": "{ organizations(first: 18) { nodes { id } } }"}
        _, _, told = await ask(city, url, [page, page])
        assert told[0]["data"] is not None
        assert told[1]["errors"][0]["extensions"]["code"] == "BUDGET_SPENT"


def invalid(number: int) -> dict[str, str]:
    return {"query": f"{{ nope{number} }} #" + "x" * 300}


async def test_operations_that_are_not_valid_are_paid_for_as_well(city: System) -> None:
    async with gateway_behind_proxies(city, limits=Limits(budget=60, burst=40)) as (url, _):
        assert [(await ask(city, url, invalid(number)))[0] for number in range(3)] == [200, 200, 429]
        # what is known to be invalid costs nothing
        assert (await ask(city, url, invalid(0)))[0] == 200
        _, _, told = await ask(city, url, [invalid(4)])
        assert told[0]["errors"][0]["extensions"]["code"] == "BUDGET_SPENT"
        async with city.session.ws_connect(url, protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json({"type": "connection_init"})
            await socket.receive_json(timeout=5)
            await socket.send_json({"type": "subscribe", "id": "1", "payload": invalid(5)})
            told = await socket.receive_json(timeout=5)
            assert told["payload"][0]["extensions"]["code"] == "BUDGET_SPENT"


async def test_mutations_without_a_token_have_a_budget_of_their_own(city: System) -> None:
    mutation = 'mutation { submitOrganization(input: {name: "Klub", legalForm: SPORTS_CLUB}) { errors { code } } }'
    async with gateway_behind_proxies(city, limits=Limits(anonymous_writes=2)) as (url, _):
        statuses = [(await ask(city, url, {"query": mutation}))[0] for _ in range(3)]
        assert statuses == [200, 200, 429]
        token = city.token(Role.RESIDENT)
        assert (await ask(city, url, {"query": mutation}, Authorization=f"Bearer {token}"))[0] == 200


async def test_many_mutations_in_one_operation_are_as_many(city: System) -> None:
    one = 'a{}: submitOrganization(input: {{name: "Klub", legalForm: SPORTS_CLUB}}) {{ errors {{ code }} }}'
    query = "mutation { " + " ".join(one.format(n) for n in range(3)) + " }"
    async with gateway_behind_proxies(city, limits=Limits(anonymous_writes=2)) as (url, _):
        _, _, told = await ask(city, url, {"query": query})
        assert told["errors"][0]["extensions"]["code"] == "TOO_MANY_WRITES"


COSTLY = """subscription { changes { id node { ... on Organization { districts { organizations(first: 20) { nodes {
  id name } } } } } } }"""
STREAM = {"Accept": "text/event-stream", "Accept-Language": "en"}


async def test_each_event_is_paid_for_and_who_cannot_pay_is_told(city: System) -> None:
    async with (
        gateway_behind_proxies(city, limits=Limits(budget=60, burst=600)) as (url, _),
        city.session.ws_connect(url, protocols=["graphql-transport-ws"]) as socket,
    ):
        await socket.send_json({"type": "connection_init"})
        await socket.receive_json(timeout=5)
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": COSTLY}})
        async with city.session.post(url, json={"query": "subscription { changes { id } }"}, headers=STREAM) as stream:
            assert await stream.content.readuntil(b"\n\n") == b":\n\n"
            await listeners(city, url, 2)
            got: list[Any] = []
            while not got or (got[-1]["type"] == "next" and "errors" not in got[-1]["payload"]):
                await city.organization()
                got.append(await socket.receive_json(timeout=5))
            assert len(got) <= 6
            assert "BUDGET_SPENT" in str(got[-1])
            assert (await socket.receive_json(timeout=5))["type"] == "complete"
            said = ""
            while "complete" not in said:
                await city.organization()
                said += (await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)).decode()
            assert "BUDGET_SPENT" in said
        await listeners(city, url, 0)


async def test_a_client_has_only_so_many_subscriptions_and_sockets(city: System) -> None:
    query = {"query": "subscription { changes { id } }"}
    async with gateway_behind_proxies(city, limits=Limits(subscriptions=2, sockets=1)) as (url, _):
        async with city.session.ws_connect(url, protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json({"type": "connection_init"})
            await socket.receive_json(timeout=5)
            for id_ in ("1", "2"):
                await socket.send_json({"type": "subscribe", "id": id_, "payload": query})
            await listeners(city, url, 2)
            async with city.session.post(url, json=query, headers=STREAM) as stream:
                assert "SUBSCRIPTIONS_MAX" in await stream.text()
            with pytest.raises(WSServerHandshakeError, match="429"):
                await city.session.ws_connect(url, protocols=["graphql-transport-ws"])
            await socket.send_json({"type": "complete", "id": "1"})
            await listeners(city, url, 1)
            async with city.session.post(url, json=query, headers=STREAM):
                await listeners(city, url, 2)
        await listeners(city, url, 0)
        async with city.session.ws_connect(url, protocols=["graphql-transport-ws"]):
            pass


async def listeners(city: System, url: str, count: int) -> None:
    """Returns when the gateway has so many."""
    async with asyncio.timeout(5):
        while True:
            async with city.session.get(url.replace("/graphql", "/metrics")) as answer:
                if f"jasne_feed_listeners {count}.0" in await answer.text():
                    return
            await asyncio.sleep(0.02)
