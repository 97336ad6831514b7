"""Good practices and ideas: what worked and what might, put forward by anybody, published by those who moderate."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Entity, Id, Instant, Line, Source, Text
from shared.contracts.organisations import Field, FieldSource

type Version = Annotated[int, Meta(ge=1)]
type Prose = Annotated[str, Meta(min_length=1, max_length=5_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$(?!\n)")]
"""Bounded, because all of it can be searched."""
type Tag = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^(?=.*\w)[\w .,()/-]*$(?!\n)")]
type Links = Annotated[tuple[Id, ...], Meta(max_length=30)]


class PracticeKind(StrEnum):
    GOOD_PRACTICE = "GOOD_PRACTICE"
    IDEA = "IDEA"


class PracticeStatus(StrEnum):
    SUBMITTED = "SUBMITTED"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"


class Practice(Entity, frozen=True, kw_only=True):
    """A good practice or an idea, linked to those who did it and to what it was done in.

    Until it is published, and once it is rejected, only its submitter, moderators and editors see it.
    """

    kind: PracticeKind
    title: Line
    text: Prose
    status: PracticeStatus
    fields: tuple[Field, ...] = ()
    tags: tuple[Tag, ...] = ()
    organization_ids: tuple[Id, ...] = ()
    project_ids: tuple[Id, ...] = ()
    agreement_ids: Annotated[tuple[Id, ...], Meta(description="Granted tasks in which it was done")] = ()
    district_ids: tuple[Id, ...] = ()
    published_at: Instant | None = None
    decision_reason: Annotated[Text | None, Meta(description="Why it was rejected, where it was")] = None
    source: Source | None = None
    provenance: Annotated[tuple[FieldSource, ...], Meta(description="Sources of corrected fields")] = ()


class SubmitPractice(Command, frozen=True, kw_only=True):
    """Put a good practice or an idea forward. Write of no person by name."""

    kind: PracticeKind
    title: Line
    text: Prose
    fields: Annotated[tuple[Field, ...], Meta(max_length=6)] = ()
    tags: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    organization_ids: Links = ()
    project_ids: Links = ()
    agreement_ids: Links = ()
    district_ids: Links = ()


class ChangePractice(Command, frozen=True, kw_only=True):
    """Change what is submitted or published. What is not given stays; a list replaces the whole list."""

    id: Id
    expected_version: Version
    kind: PracticeKind | None = None
    title: Line | None = None
    text: Prose | None = None
    fields: Annotated[tuple[Field, ...], Meta(max_length=6)] | None = None
    tags: Annotated[tuple[Tag, ...], Meta(max_length=20)] | None = None
    organization_ids: Links | None = None
    project_ids: Links | None = None
    agreement_ids: Links | None = None
    district_ids: Links | None = None


class PublishPractice(Command, frozen=True, kw_only=True):
    """Publish what was submitted."""

    id: Id
    expected_version: Version


class RejectPractice(Command, frozen=True, kw_only=True):
    """Reject what was submitted, or take back what was published, with a reason."""

    id: Id
    expected_version: Version
    reason: Text


class PracticeFilter(Command, frozen=True, kw_only=True):
    """All given conditions hold at once."""

    search: Annotated[Annotated[str, Meta(max_length=200)] | None, Meta(description="In title, text and tags")] = None
    kind: PracticeKind | None = None
    status: Annotated[PracticeStatus | None, Meta(description="What is not published: one's own only")] = None
    field: Field | None = None
    tag: Annotated[str, Meta(max_length=60)] | None = None
    organization_id: Id | None = None
    project_id: Id | None = None
    agreement_id: Id | None = None
    district_id: Id | None = None
