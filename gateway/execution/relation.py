"""What the schema says of a field that leads to other entities, so that a plan can follow it for all parents at once.

Each stands beside the field's own resolver, which does the same for one parent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from strawberry.types.field import StrawberryField

from gateway.kinds import Kind
from shared.contracts.reading import FindRequest, Page

type Request = Callable[..., FindRequest[Any]]
"""The question that a connection's arguments make; its first parameter says whether a sub-field is selected."""

type Shown = Callable[[Page[Any], FindRequest[Any]], Any]
"""What a connection's fields are resolved on: the page, and what was asked."""


@dataclass(frozen=True)
class One:
    """The entity whose id is in the parent's `field`."""

    kind: Kind
    field: str


@dataclass(frozen=True)
class Several:
    """Those entities whose ids are in the parent's `field` that are there to be seen."""

    kind: Kind
    field: str


@dataclass(frozen=True)
class Named:
    """The entity whose id is the argument `id`; `kind_of` refuses what is no id."""

    kind_of: Callable[[str], Kind]


@dataclass(frozen=True)
class Many:
    """The page of entities that belong to the parent."""

    kind: Kind
    by: str
    request: Request
    shown: Shown


@dataclass(frozen=True)
class Every:
    """A page of all entities of the kind."""

    kind: Kind
    request: Request
    shown: Shown


@dataclass(frozen=True)
class Listed:
    """The entities whose ids are in the argument `ids`, in their order; each with an error of its own."""

    kind_of: Callable[[str], Kind]


type Relation = One | Several | Named | Many | Every

_KEY = "relation"


def marked(relation: Relation | Listed) -> dict[str, Relation | Listed]:
    """Metadata for a strawberry field."""
    return {_KEY: relation}


def relation_of(field: StrawberryField) -> Relation | Listed | None:
    metadata: Mapping[Any, Any] = field.metadata or {}
    relation: Relation | Listed | None = metadata.get(_KEY)
    return relation
