"""What a service tells Prometheus, and that it tells it whoever is away."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.nats import NatsServer
from services.events.http import SERVICE as EVENTS
from shared.contracts.deadline import HEADER
from shared.service import metrics
from shared.service.process import running
from shared.service.settings import Settings
from shared.store import mongo as mongo_store
from tests.scraping import Scraped, scraped
from tests.shared.store.databases import mongo_on_the_wire, with_database
from tests.system import System, free_port, system


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    folder = tmp_path_factory.mktemp("town")
    server = NatsServer(folder / "nats")
    await server.start()
    async with system(folder, server.url) as town:
        yield town
    await server.stop()


async def of(town: System, service: str) -> Scraped:
    return await scraped(town.session, town.urls[service])


async def test_each_operation_is_counted_by_outcome_and_timed(town: System) -> None:
    await town.call("consultations", "remarks/find", {})
    await town.call("consultations", "submitRemark", {})
    await town.call("consultations", "consultations/find", {}, **{HEADER: "0"})
    found = await of(town, "consultations")
    for operation, outcome in (("remarks/find", "ok"), ("submitRemark", "refused"), ("consultations/find", "fault")):
        labels = {"service": "consultations", "operation": operation}
        assert found.value("jasne_requests_total", **labels, outcome=outcome) == 1
        assert found.value("jasne_request_seconds_count", **labels) == 1


async def test_no_path_that_a_client_makes_up_becomes_a_label(town: System) -> None:
    async with aiohttp.ClientSession(town.urls["events"]) as session:
        for number in range(20):
            await session.get(f"/v1/made-up-{number}")
        await session.get("/v1/events/find")  # known, but not by this method
    found = await of(town, "events")
    assert found.value("jasne_requests_total", service="events", operation="other", outcome="refused") == 21
    assert found.sum("jasne_requests_total", service="events") == 21


async def test_probes_and_scrapes_are_nobodys_requests(town: System) -> None:
    before = (await of(town, "registry")).sum("jasne_requests_total")
    for path in ("live", "ready", "metrics"):
        async with town.session.get(f"{town.urls['registry']}/{path}") as answer:
            assert answer.status == 200
    assert (await of(town, "registry")).sum("jasne_requests_total") == before


async def test_what_waits_in_the_outbox_is_told_while_nats_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "LOOK", 0.0)
    async with system(tmp_path, f"nats://127.0.0.1:{free_port()}") as alone:
        await alone.organization()
        found = await of(alone, "registry")
        assert found.value("jasne_bus_connected") == 0
        assert found.value("jasne_outbox_changes") == 1
        age = found.value("jasne_outbox_age_seconds")
        assert age is not None
        assert age > 0


async def test_many_scrapes_are_one_look_into_the_outbox(town: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "LOOK", 3600.0)
    await of(town, "registry")
    looks = [(await of(town, "registry")).value("jasne_store_seconds_count", operation="count") for _ in range(3)]
    assert len(set(looks)) == 1


async def test_without_its_store_a_service_tells_the_rest_and_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "LOOK", 0.0)
    monkeypatch.setattr(mongo_store, "_SELECTION_MS", 300)  # how long its driver looks for a server that is gone
    no_nats = f"nats://127.0.0.1:{free_port()}"
    keys = Keys(tmp_path)
    keys.ensure()
    async with contextlib.AsyncExitStack() as database:
        mongo = with_database(await database.enter_async_context(mongo_on_the_wire()), "events")
        settings = Settings("127.0.0.1", 0, mongo, no_nats, 1, keys.jwks_url, ISSUER)
        async with running(EVENTS, settings) as port, aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{port}"
            assert (await scraped(session, url)).value("jasne_outbox_changes") == 0
            async with session.get(f"{url}/ready") as answer:
                assert answer.status == 200
            await database.aclose()
            found = await scraped(session, url)
            assert found.value("jasne_outbox_changes") is None
            assert found.value("jasne_bus_connected") == 0
            async with session.get(f"{url}/ready") as answer:
                state = await answer.json()
                assert (answer.status, state["store"], state["keys"]) == (503, "away", "ok")
            async with session.get(f"{url}/live") as answer:
                assert answer.status == 200
            async with session.post(f"{url}/v1/events/find", json={}) as answer:
                assert answer.status == 503
            found = await scraped(session, url)
            fault = {"service": "events", "operation": "events/find", "outcome": "fault"}
            assert found.value("jasne_requests_total", **fault) == 1
            assert found.sum("jasne_store_failures_total", kind="unavailable") > 0


async def test_on_a_port_of_its_own_is_what_operators_ask_and_nothing_else(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    keys.ensure()
    aside = free_port()
    settings = Settings(
        "127.0.0.1",
        0,
        f"sqlite://{tmp_path}/events.db",
        f"nats://127.0.0.1:{free_port()}",
        1,
        keys.jwks_url,
        ISSUER,
        metrics_port=aside,
    )

    async def statuses(session: aiohttp.ClientSession, port: int) -> dict[str, int]:
        found = {}
        for path in ("live", "ready", "metrics", "v1/export/anything"):
            async with session.get(f"http://127.0.0.1:{port}/{path}") as answer:
                found[path] = answer.status
        return found

    async with running(EVENTS, settings) as port, aiohttp.ClientSession() as session:
        at_main, at_aside = await statuses(session, port), await statuses(session, aside)
    assert at_main == {"live": 200, "ready": 200, "metrics": 404, "v1/export/anything": 404}
    assert at_aside == {"live": 200, "ready": 200, "metrics": 200, "v1/export/anything": 404}
