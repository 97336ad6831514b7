from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
import strawberry
from msgspec import Meta

from gateway.schema.expose import expose, given, input_of
from shared.contracts.base import Command, Id, Record


class Colour(StrEnum):
    """Of a thing."""

    RED = "RED"


class Inner(Record, frozen=True, kw_only=True):
    postal_code: str


class Thing(Record, frozen=True, kw_only=True):
    """A thing. With a second sentence."""

    id: Id
    label: Annotated[str | None, Meta(description="What it is called")] = None
    colours: tuple[Colour, ...] = ()
    inner: Inner | None = None
    secret: str = "secret"


class Look(Command, frozen=True, kw_only=True):
    at_most: Annotated[int, Meta(ge=1)] = 3
    colours: tuple[Colour, ...] = ()
    since: datetime | None = None
    inner: Inner | None = None
    near: Id | None = None


@expose(Thing, show=("id", "label", "colours", "inner"))
class Shown: ...


SEEN: list[Any] = []


async def thing(look: Any = None) -> Any:
    SEEN.append(given(look, Look))
    return Thing(id="thi_" + "0" * 26, colours=(Colour.RED,), inner=Inner(postal_code="42-217"))


thing.__annotations__ = {"look": input_of(Look), "return": Shown}


@strawberry.type
class Query:
    thing = strawberry.field(resolver=thing)


SCHEMA = strawberry.Schema(Query)


def test_a_type_is_derived_with_ids_enums_lists_and_descriptions() -> None:
    text = SCHEMA.as_str()
    assert '"""A thing. With a second sentence."""\ntype Shown {\n  id: ID!' in text
    assert '"""What it is called"""\n  label: String' in text
    assert "colours: [Colour!]!" in text
    assert "inner: Inner\n" in text
    assert "type Inner {\n  postalCode: String!" in text


def test_what_is_not_named_in_show_is_not_shown() -> None:
    assert "secret" not in SCHEMA.as_str()


def test_an_input_is_derived_with_its_defaults() -> None:
    text = SCHEMA.as_str()
    assert "atMost: Int! = 3" in text
    assert "colours: [Colour!]! = []" in text
    assert "near: ID" in text


async def test_contract_objects_are_resolved_as_they_are() -> None:
    result = await SCHEMA.execute("{ thing(look: {}) { id colours inner { postalCode } label } }")
    assert result.errors is None
    assert result.data == {
        "thing": {"id": "thi_" + "0" * 26, "colours": ["RED"], "inner": {"postalCode": "42-217"}, "label": None}
    }


async def test_what_a_client_sent_becomes_the_contract() -> None:
    look = '{ atMost: 5, colours: [RED], since: "2026-01-01T10:00:00Z", inner: { postalCode: "42-200" } }'
    result = await SCHEMA.execute(f"{{ thing(look: {look}) {{ id }} }}")
    assert result.errors is None
    assert SEEN[-1] == Look(
        at_most=5,
        colours=(Colour.RED,),
        since=datetime(2026, 1, 1, 10, tzinfo=UTC),
        inner=Inner(postal_code="42-200"),
    )


async def test_a_bound_of_the_contract_is_checked_with_the_clients_field_name() -> None:
    result = await SCHEMA.execute("{ thing(look: { atMost: 0 }) { id } }")
    assert result.errors is not None
    assert "$.atMost" in str(result.errors[0].original_error)


def test_given_takes_no_unknown_field() -> None:
    with pytest.raises(msgspec.ValidationError):
        given({"surprise": 1}, Look)
