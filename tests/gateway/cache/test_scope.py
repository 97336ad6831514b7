"""What the cache takes for granted of every service: who sees what, what moves with time, what a list depends on."""

import inspect
import types
import typing
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

import pytest

from gateway.cache.scope import BY_CLOCK, OPEN, TOGETHER
from gateway.kinds import BY_ENTITY, KINDS
from services.consultations import queries as consultations
from services.events import queries as events
from services.registry import http as registry
from shared import clock
from shared.contracts.people import Role, Viewer
from shared.contracts.reading import described
from shared.service.reading import Listing, _all, _straight
from shared.service.writing import entity_name_of

LISTINGS: list[Listing[Any, Any]] = [*registry.LISTINGS, *consultations.LISTINGS, *events.LISTINGS]
each_listing = pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.collection.name)

VIEWERS = [
    Viewer(subject="somebody"),
    Viewer(subject="of an organisation", roles=frozenset({Role.REPRESENTATIVE}), organization_ids=frozenset({"org_1"})),
    *(Viewer(subject="with a role", roles=frozenset({role})) for role in Role),
]


def sample(annotation: Any) -> Any:
    """A value that a filter field may have."""
    plain, _ = described(annotation)
    if typing.get_origin(plain) in (typing.Union, types.UnionType):
        return sample(next(one for one in typing.get_args(plain) if one is not type(None)))
    if typing.get_origin(plain) is tuple:
        return (sample(typing.get_args(plain)[0]),)
    if isinstance(plain, type) and issubclass(plain, Enum):
        return next(iter(plain))
    values = {bool: True, int: 2024, date: date(2027, 3, 1), datetime: datetime(2027, 3, 1, tzinfo=UTC)}
    return values.get(plain, "sample")


def filters(listing: Listing[Any, Any]) -> dict[str, Any]:
    """One with each field, and one with none."""
    hints = typing.get_type_hints(listing.filter, include_extras=True)
    made = {name: listing.filter(**{name: sample(hints[name])}) for name in listing.filter.__struct_fields__}
    return made | {"": listing.filter()}


@each_listing
def test_a_change_names_the_kind_that_the_gateway_drops(listing: Listing[Any, Any]) -> None:
    kind = next(kind for kind in KINDS if kind.collection == listing.collection.name)
    assert BY_ENTITY[entity_name_of(listing.collection.type)] is kind


@each_listing
def test_of_an_open_collection_everybody_sees_the_same(listing: Listing[Any, Any]) -> None:
    if listing.collection.name not in OPEN:
        pytest.skip("asked for per caller")
    assert listing.visible is _all
    for asked in filters(listing).values():
        for viewer in VIEWERS:
            assert listing.conditions(asked, viewer) == listing.conditions(asked, None)


@each_listing
def test_only_what_the_cache_knows_of_moves_with_time(
    listing: Listing[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(moment: datetime) -> dict[str, Any]:
        module = inspect.getmodule(listing.conditions)
        for name, moved in (("now", moment), ("today", moment.date())):
            for place in (clock, module):
                if hasattr(place, name):
                    monkeypatch.setattr(place, name, lambda moved=moved: moved)
        return {name: listing.conditions(asked, None) for name, asked in filters(listing).items()}

    start = datetime(2027, 3, 1, 12, tzinfo=UTC)
    before, after = at(start), at(start + timedelta(days=400))
    assert {name for name in before if before[name] != after[name]} == set(BY_CLOCK.get(listing.collection.name, ()))


@each_listing
def test_a_record_speaks_of_itself_alone_or_changes_with_its_neighbours(listing: Listing[Any, Any]) -> None:
    assert (listing.read_from is _straight) is (listing.collection.name not in TOGETHER)


def test_every_kind_is_a_listing() -> None:
    assert {kind.collection for kind in KINDS} == {listing.collection.name for listing in LISTINGS}
    assert {kind.collection for kind in KINDS} >= OPEN
