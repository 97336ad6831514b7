"""The bus in metrics: what a scrape shows of it, while it is there and while it is away."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from deploy.embedded.nats import NatsServer
from shared.bus import work
from shared.bus.metrics import BusMetrics
from shared.bus.nats import Bus
from shared.contracts.changes import Change
from shared.ids import new_id
from tests.shared.bus.samples import change_of, comes_true

REGISTRY = ["changes.registry.>"]


def registry_of(bus: Bus) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(BusMetrics(bus))
    return registry


def of_calendar(registry: CollectorRegistry, name: str) -> float | None:
    return registry.get_sample_value(name, {"durable": "calendar"})


async def test_changes_that_wait_are_pending_and_those_in_hand_unacknowledged(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ACK_WAIT", 0.9)  # NATS is asked three times as often
    monkeypatch.setattr(work, "_ROOM", 4)
    registry = registry_of(bus)
    goes_on = asyncio.Event()

    async def hangs(_: Change) -> None:
        await goes_on.wait()

    for _ in range(10):
        await bus.publish(change_of(new_id("nte")))
    bus.work("calendar", REGISTRY, hangs)

    async def four_in_hand() -> bool:
        found = [of_calendar(registry, f"jasne_consumer_{name}") for name in ("pending", "unacknowledged")]
        return found == [6, 4]

    await comes_true(four_in_hand)
    goes_on.set()

    async def none_left() -> bool:
        found = [of_calendar(registry, f"jasne_consumer_{name}") for name in ("pending", "unacknowledged")]
        return found == [0, 0]

    await comes_true(none_left)


async def test_dead_letters_are_counted_from_none_on(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FIRST_PAUSE", 0.001)
    registry = registry_of(bus)

    async def fails(_: Change) -> None:
        raise ValueError("never")

    bus.work("calendar", REGISTRY, fails)
    assert of_calendar(registry, "jasne_dead_letters_total") == 0
    await bus.publish(change_of(new_id("nte")))

    async def one_dead() -> bool:
        return of_calendar(registry, "jasne_dead_letters_total") == 1

    await comes_true(one_dead)


async def test_while_nats_is_away_consumers_are_left_out_and_dead_letters_stay(bus: Bus, server: NatsServer) -> None:
    registry = registry_of(bus)

    async def handles(_: Change) -> None:
        pass

    bus.work("calendar", REGISTRY, handles)
    assert registry.get_sample_value("jasne_bus_connected") == 1
    assert of_calendar(registry, "jasne_consumer_pending") is not None
    await server.kill()

    async def away() -> bool:
        return registry.get_sample_value("jasne_bus_connected") == 0

    await comes_true(away)
    assert of_calendar(registry, "jasne_consumer_pending") is None
    assert of_calendar(registry, "jasne_dead_letters_total") == 0
