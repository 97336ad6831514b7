"""What is shared between operations: one call for all who miss, nothing stored that is outdated, a bound on memory."""

import asyncio
from typing import Any

import pytest

from gateway import kinds
from gateway.cache.entities import Entities
from gateway.cache.recording import Recording
from gateway.clients import Clients
from gateway.kinds import Kind
from gateway.transport import Caller, Reason, ServiceRefusal, ServiceUnavailable
from shared.clock import now
from shared.contracts.base import Entity
from shared.contracts.changes import Change
from shared.contracts.organisations import District
from shared.contracts.reading import FindRequest, Page
from shared.contracts.refusals import Language, RefusalItem
from shared.ids import new_id

DISTRICTS = kinds.DISTRICTS
EVERYBODY = Caller()
ANY: FindRequest[Any] = FindRequest()


class Services(Clients):
    """Answers when it is let; counts what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.versions: dict[str, int] = {}
        self.fails: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def batch(self, kind: Kind, ids: Any, caller: Caller) -> dict[str, Entity]:
        assert caller.authorization is None
        self.calls.append(list(ids))
        # read now, answered later: what is written meanwhile is not in it
        found: dict[str, Entity] = {id_: self._district(id_) for id_ in ids if id_ in self.versions}
        await self.open.wait()
        if self.fails is not None:
            raise self.fails
        return found

    async def find(self, kind: Kind, request: FindRequest[Any], caller: Caller) -> Page[Any]:
        found = await self.batch(kind, list(self.versions), caller)
        return Page(items=tuple(found.values()), cursors=tuple(found))

    async def related(self, kind: Kind, by: str, keys: Any, request: FindRequest[Any], caller: Caller) -> Any:
        await self.batch(kind, keys, caller)
        return tuple(Page(items=(), cursors=()) for _ in keys)

    def _district(self, id_: str) -> District:
        moment = now()
        version = self.versions[id_]
        return District(
            id=id_, version=version, created_at=moment, updated_at=moment, name=f"Raków {version}", city="Częstochowa"
        )


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def entities(services: Services, time: Time) -> Entities:
    entities = Entities(services, 1 << 20, stale_for=60, clock=time)
    entities.look()
    return entities


def change(id_: str, version: int = 2) -> Change:
    return Change(
        id=new_id("chg"),
        service="registry",
        entity="district",
        verb="imported",
        entity_id=id_,
        version=version,
        at=now(),
    )


async def read(entities: Entities, id_: str, recording: Recording | None = None) -> Any:
    place = entities.by_id(DISTRICTS)
    entry = place.fresh(id_)
    return entry.value if entry else await place.fetch(id_, EVERYBODY, recording or entities.begin())


async def page(entities: Entities, recording: Recording | None = None) -> Any:
    place = entities.pages(DISTRICTS, ANY)
    entry = place.fresh("")
    return entry.value if entry else await place.fetch("", EVERYBODY, recording or entities.begin())


async def test_operations_at_the_same_time_ask_once_for_all_their_keys(entities: Entities, services: Services) -> None:
    one, two, three = (new_id("dis") for _ in range(3))
    services.versions = {one: 1, two: 1}
    found = await asyncio.gather(*(read(entities, id_) for id_ in (one, two, one, three, two)))
    assert services.calls == [[one, two, three]]
    assert [entity and entity.id for entity in found] == [one, two, one, None, two]
    # and what was found, and what was not there, is kept
    assert [await read(entities, id_) for id_ in (one, three)] == [found[0], None]
    assert len(services.calls) == 1


async def test_what_is_on_its_way_is_waited_for(entities: Entities, services: Services) -> None:
    id_ = new_id("dis")
    services.versions[id_] = 1
    services.open.clear()
    first = asyncio.create_task(read(entities, id_))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(read(entities, id_))
    await asyncio.sleep(0.01)
    services.open.set()
    assert (await first) is (await second)
    assert len(services.calls) == 1


async def test_what_was_asked_for_before_a_change_is_not_kept_after_it_nor_joined(
    entities: Entities, services: Services
) -> None:
    id_ = new_id("dis")
    for ask in (read(entities, id_), page(entities)):
        services.versions[id_] = 1
        services.open.clear()
        before = asyncio.create_task(ask)
        await asyncio.sleep(0.01)
        services.versions[id_] = 2
        entities.changed(change(id_))
        after = asyncio.create_task(read(entities, id_))
        after_page = asyncio.create_task(page(entities))
        await asyncio.sleep(0.01)
        services.open.set()
        await before
        assert (await after).version == 2
        assert [one.version for one in (await after_page).items] == [2]
        assert (await read(entities, id_)).version == 2
        entities.flush()


async def test_an_operation_in_whose_middle_something_changed_is_spoiled(
    entities: Entities, services: Services
) -> None:
    id_, other = new_id("dis"), new_id("dis")
    services.versions = {id_: 1, other: 1}
    touched, untouched = entities.begin(), entities.begin()
    touched.tags.add(id_)
    untouched.tags.add(other)
    entities.changed(change(id_))
    assert (touched.spoiled, untouched.spoiled) == (True, False)
    entities.flush()
    assert untouched.spoiled


async def test_one_who_goes_away_takes_nothing_from_the_others(entities: Entities, services: Services) -> None:
    id_ = new_id("dis")
    services.versions[id_] = 1
    services.open.clear()
    leaving = asyncio.create_task(read(entities, id_))
    staying = asyncio.create_task(read(entities, id_))
    await asyncio.sleep(0.01)
    leaving.cancel()
    services.open.set()
    assert (await staying).version == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_one_with_less_time_costs_the_others_nothing(entities: Entities, services: Services) -> None:
    id_ = new_id("dis")
    services.versions = {id_: 1}
    services.fails = ServiceUnavailable("registry", Reason.TIMEOUT)
    services.open.clear()
    place = entities.by_id(DISTRICTS)
    hasty = place.fetch(id_, Caller(until=1.0), entities.begin())
    await asyncio.sleep(0.01)
    patient = place.fetch(id_, Caller(until=2.0), entities.begin())
    services.open.set()
    with pytest.raises(ServiceUnavailable):
        await hasty
    services.fails = None
    assert (await patient).version == 1


async def test_an_error_is_told_to_all_who_wait_and_not_kept(entities: Entities, services: Services) -> None:
    id_ = new_id("dis")
    services.versions[id_] = 1
    services.fails = ServiceUnavailable("registry")
    results = await asyncio.gather(read(entities, id_), read(entities, id_), return_exceptions=True)
    assert [type(one) for one in results] == [ServiceUnavailable, ServiceUnavailable]
    services.fails = None
    assert (await read(entities, id_)).version == 1


async def test_a_refusal_reaches_each_in_their_own_language(entities: Entities, services: Services) -> None:
    services.fails = ServiceRefusal("registry", 422, (RefusalItem(code="X", message="X"),))
    place = entities.pages(DISTRICTS, ANY)
    asks = [place.fetch("", Caller(None, language), entities.begin()) for language in Language]
    await asyncio.gather(*asks, return_exceptions=True)
    assert len(services.calls) == len(Language)


async def test_no_call_asks_for_more_than_a_service_gives(entities: Entities, services: Services) -> None:
    place = entities.related(kinds.ORGANIZATIONS, "district_id", FindRequest(first=100))
    await asyncio.gather(*(place.fetch(new_id("dis"), EVERYBODY, entities.begin()) for _ in range(450)))
    assert [len(call) for call in services.calls] == [200, 200, 50]


async def test_while_a_service_is_away_what_was_known_is_served_and_says_its_age(
    entities: Entities, services: Services, time: Time
) -> None:
    id_, other = new_id("dis"), new_id("dis")
    services.versions = {id_: 1}
    kept, listed = await read(entities, id_), await page(entities)
    entities.flush()
    services.fails = ServiceUnavailable("registry")
    time.now += 30
    recording = entities.begin()
    assert (await read(entities, id_, recording), await page(entities, recording)) == (kept, listed)
    assert recording.ages == {"registry": 30}
    # a new record is missing from the old list, and does no harm
    entities.changed(change(other))
    assert await page(entities) == listed
    time.now += 31
    for asked in (read(entities, id_), page(entities)):
        with pytest.raises(ServiceUnavailable):
            await asked


async def test_a_service_that_hangs_is_waited_for_briefly_where_something_stale_can_be_shown(
    services: Services, time: Time
) -> None:
    entities = Entities(services, 1 << 20, stale_for=60, patience=0.01, clock=time)
    entities.look()
    id_, other = new_id("dis"), new_id("dis")
    services.versions = {id_: 1, other: 1}
    kept = await read(entities, id_)
    entities.flush()
    services.open.clear()
    time.now += 30
    for _ in range(2):
        # the second, who comes when that is known, does not wait
        recording = entities.begin()
        assert await read(entities, id_, recording) is kept
        assert recording.ages == {"registry": 30}
    unknown = asyncio.create_task(read(entities, other))
    await asyncio.sleep(0.05)
    assert not unknown.done()
    assert services.calls[1:] == [[id_], [other]]
    services.open.set()
    assert (await unknown).id == other
    recording = entities.begin()
    assert await read(entities, id_, recording) is not kept
    assert recording.ages == {}


async def test_what_is_known_to_have_changed_is_not_served_in_its_old_form(
    entities: Entities, services: Services
) -> None:
    id_ = new_id("dis")
    services.versions = {id_: 1}
    await read(entities, id_)
    await page(entities)
    services.fails = ServiceUnavailable("registry")
    entities.changed(change(id_))
    for asked in (read(entities, id_), page(entities)):
        with pytest.raises(ServiceUnavailable):
            await asked


async def test_without_the_bus_everything_is_kept_for_a_moment_only(services: Services, time: Time) -> None:
    live = True
    entities = Entities(services, 1 << 20, live=lambda: live, clock=time)
    id_ = new_id("dis")
    services.versions = {id_: 1}
    recording = entities.begin()
    await read(entities, id_, recording)
    assert recording.until == float("inf")
    live = False
    recording = entities.begin()
    await read(entities, id_, recording)
    assert (len(services.calls), recording.until) == (2, time.now + 1)
    await read(entities, id_)
    time.now += 1.1
    await read(entities, id_)
    assert len(services.calls) == 3


async def test_memory_has_a_bound_and_keeps_what_is_asked_for(services: Services) -> None:
    entities = Entities(services, 200_000)
    favourite, ids = new_id("dis"), [new_id("dis") for _ in range(1_000)]
    services.versions = dict.fromkeys((favourite, *ids), 1)
    for id_ in ids:
        await read(entities, favourite)
        await read(entities, id_)
        assert entities.figures.bytes <= 200_000
    assert sum(call.count(favourite) for call in services.calls) == 1
    assert entities.figures.evictions > 500
    assert entities.figures.entries == len(entities.by_id(DISTRICTS).entries)


async def test_lists_that_are_gone_leave_nothing_behind(services: Services) -> None:
    entities = Entities(services, 50_000)
    for first in range(100):
        for after in ("a", "b", "c"):
            place = entities.pages(DISTRICTS, FindRequest(first=first, after=after))
            await place.fetch("", EVERYBODY, entities.begin())
    shelf = entities._shelves[DISTRICTS.collection]
    assert len(shelf.lists) == entities.figures.entries < 300
