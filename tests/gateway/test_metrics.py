"""What the gateway tells Prometheus of its services, of the bus and of budgets."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from gateway.breaker import FAILURES
from gateway.limits.settings import Limits
from gateway.settings import Cache
from tests.gateway.faulty import Proxy, breaks_off, gateway_behind_proxies, talks_nonsense
from tests.gateway.test_workers import workers
from tests.scraping import Scraped, scraped
from tests.system import System, free_port

EVENTS = "{ events { nodes { title } } }"


async def of(town: System, graphql: str) -> Scraped:
    return await scraped(town.session, graphql.removesuffix("/graphql"))


async def ask(town: System, graphql: str, query: str) -> int:
    async with town.session.post(graphql, json={"query": query}) as answer:
        await answer.read()
        return answer.status


async def test_calls_are_counted_by_service_and_by_how_they_ended(town: System) -> None:
    async with gateway_behind_proxies(town, cache=Cache(entities=0)) as (url, proxies):
        await ask(town, url, EVENTS)
        events: Proxy = proxies["events"]
        events.fault = talks_nonsense
        await ask(town, url, EVENTS)
        events.fault = breaks_off
        for _ in range(FAILURES):
            await ask(town, url, EVENTS)
        found = await of(town, url)
        outcomes = ("ok", "bad_answer", "unreachable", "resting")
        counts = [found.value("jasne_calls_total", service="events", outcome=outcome) or 0 for outcome in outcomes]
        assert counts[:2] == [1, 1]
        # what could not be reached was tried again within the same call, and in the end not at all
        assert counts[2] >= FAILURES - 1
        assert counts[3] > 0
        assert found.value("jasne_call_seconds_count", service="events") == sum(counts[:3])
        assert len(events.asked) > sum(counts[:3])
        assert found.value("jasne_calls_total", service="registry", outcome="ok") == 0


async def test_how_old_it_was_what_was_shown_is_told(town: System) -> None:
    await town.organization()
    query = "{ organizations(first: 1) { nodes { name } } }"
    async with gateway_behind_proxies(town, cache=Cache(answers=0)) as (url, proxies), asyncio.timeout(30):
        # what is known to be another by now would not be shown
        await town.told()
        while (await of(town, url)).value("jasne_watch_live") != 1:
            await asyncio.sleep(0.05)
        await ask(town, url, query)
        proxies["registry"].fault = breaks_off
        # one more: the list that is kept is not trusted once the bus has told of it, and cannot be asked for
        await town.organization()
        while not (found := await of(town, url)).sum("jasne_gateway_cache_stale_total"):
            await ask(town, url, query)
    ages = found.value("jasne_gateway_cache_stale_seconds_count", level="entities")
    assert ages == found.value("jasne_gateway_cache_stale_total", level="entities")
    assert found.value("jasne_gateway_cache_stale_seconds_bucket", level="entities", le="15.0") == ages


async def test_the_watch_is_live_and_not_behind_once_everything_is_told(town: System) -> None:
    await town.organization()
    await town.told()
    found = await of(town, town.graphql)
    assert found.value("jasne_watch_live") == 1
    assert found.value("jasne_bus_connected") == 1
    for service in town.urls:
        assert found.value("jasne_watch_behind", service=service) == 0


async def test_who_cannot_pay_is_counted(town: System) -> None:
    limits = Limits(budget=1, burst=1)
    async with gateway_behind_proxies(town, cache=Cache(entities=0), limits=limits) as (url, _):
        statuses = [await ask(town, url, EVENTS) for _ in range(3)]
        assert (await of(town, url)).value("jasne_budget_refusals_total", budget="points") == statuses.count(429) > 0


async def test_ready_names_who_is_away_and_is_ready_all_the_same(town: System) -> None:
    async with gateway_behind_proxies(town) as (url, _), town.session.get(url.replace("graphql", "ready")) as answer:
        # the proxies let no GET through
        assert answer.status == 200
        states = await answer.json()
    assert states.pop("bus") in ("ok", "away")  # it has only just begun to connect
    assert states == dict.fromkeys(town.urls, "away") | {"keys": "ok"}


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
async def test_on_a_port_of_its_own_are_the_metrics_of_all_workers(city: System, tmp_path: Path) -> None:
    aside = f"http://127.0.0.1:{(port := free_port())}"
    more = {"METRICS_PORT": str(port), "GATEWAY_WORKERS": "2"}
    async with workers(city, tmp_path, **more) as (_, url), aiohttp.ClientSession() as session:
        async with asyncio.timeout(20):
            while (found := await scraped(session, aside)).sum("jasne_watch_live") < 2:
                await asyncio.sleep(0.1)
        for number in range(2):
            assert found.value("jasne_watch_behind", worker=str(number), service="registry") == 0
            assert found.value("jasne_bus_connected", worker=str(number)) == 1
        for path, statuses in {"metrics": (404, 200), "ready": (200, 200), "live": (200, 200)}.items():
            for base, status in zip((url, aside), statuses, strict=True):
                async with session.get(f"{base}/{path}") as answer:
                    assert answer.status == status
        async with session.get(f"{aside}/graphql") as answer:
            assert answer.status == 404


async def test_however_often_a_balancer_asks_services_are_asked_once_a_second(town: System) -> None:
    async with gateway_behind_proxies(town) as (url, proxies):
        ready = url.replace("graphql", "ready")
        for _ in range(20):
            async with town.session.get(ready) as answer:
                assert answer.status == 200
        # this may take longer than a second on a busy machine, but not twenty
        assert 1 <= len(proxies["registry"].asked) < 10
