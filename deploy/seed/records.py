"""The seed files as contract entities: one JSON Lines file per collection, with slugs where the services have ids.

A record has a `slug` in place of its id, and so do the sections, paragraphs, meetings and memberships inside it.
Another record is referred to as "@slug". Slugs are unique across all files, and an id depends on its slug alone:
records can be edited and moved between lines without becoming other records.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from shared.contracts.base import Entity, Record, encode
from shared.contracts.centres import Centre
from shared.contracts.consultations import Consultation, Document, Remark
from shared.contracts.cooperation import Cooperation
from shared.contracts.events import Event
from shared.contracts.indicators import Indicator
from shared.contracts.organisations import District, Organization
from shared.contracts.partnerships import Partnership
from shared.contracts.practices import Practice
from shared.contracts.projects import Project
from shared.contracts.statistics import Snapshot
from shared.ids import id_of

DATA = Path(__file__).parent / "data"
SEEDED_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""A fixed instant, so that seeding twice stores the same bytes."""


class Kind(NamedTuple):
    type: type[Entity]
    prefix: str
    service: str


# In an order in which a collection refers only to itself and to those before it.
KINDS: Mapping[str, Kind] = {
    "districts": Kind(District, "dis", "registry"),
    "organizations": Kind(Organization, "org", "registry"),
    "centres": Kind(Centre, "cen", "registry"),
    "partnerships": Kind(Partnership, "par", "registry"),
    "projects": Kind(Project, "prj", "registry"),
    "practices": Kind(Practice, "prc", "registry"),
    "cooperations": Kind(Cooperation, "coo", "registry"),
    "indicators": Kind(Indicator, "ind", "registry"),
    "snapshots": Kind(Snapshot, "snp", "registry"),
    "consultations": Kind(Consultation, "con", "consultations"),
    "documents": Kind(Document, "doc", "consultations"),
    "remarks": Kind(Remark, "rem", "consultations"),
    "events": Kind(Event, "evt", "events"),
}
SERVICE_OF = {collection: kind.service for collection, kind in KINDS.items()}
NESTED = {"sections": "sec", "paragraphs": "pgr", "meetings": "mtg", "memberships": "mem"}
"""Lists inside a record whose items are themselves referred to."""

_ORGANIZATIONS = (
    "parentId operatorId founderIds federationIds coordinatorId organizationId memberIds leaderId partnerIds "
    "organizerIds participantIds hostIds speakerOrganizationIds organizationIds authorityId"
)
REFERS_TO: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_ORGANIZATIONS.split(), ("org",)),
    "districtId": ("dis",),
    "districtIds": ("dis",),
    "partnershipIds": ("par",),
    "projectId": ("prj",),
    "projectIds": ("prj",),
    "consultationId": ("con",),
    "documentId": ("doc",),
    "anchorId": ("sec", "pgr"),
    "agreedAtMeetingId": ("mtg",),
}


class SeedError(Exception):
    """A seed file says something that cannot be stored. The message names file, line and field."""


class Line(NamedTuple):
    collection: str
    place: str
    record: dict[str, Any]


def seed_records(data: Path = DATA) -> Iterator[tuple[str, Entity]]:
    """Every seed record with the name of its collection; what is referred to comes first."""
    lines = list(_read(data))
    prefixes: dict[str, str] = {}
    for line in lines:
        for prefix, slug in _slugs(line.record, KINDS[line.collection].prefix, line.place):
            if slug in prefixes:
                raise SeedError(f"{line.place}: slug {slug!r} is used twice")
            prefixes[slug] = prefix
    for line in lines:
        yield line.collection, _entity(line, prefixes)


def line_of(collection: str, entity: Record) -> bytes:
    """One line of an import, without its newline."""
    return encode({"collection": collection, "entity": entity})


def _read(data: Path) -> Iterator[Line]:
    for collection in KINDS:
        path = data / f"{collection}.jsonl"
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{path.name}:{number}"
            try:
                record = msgspec.json.decode(text, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise SeedError(f"{place}: {error}") from error
            yield Line(collection, place, record)


def _slugs(record: dict[str, Any], prefix: str, place: str) -> Iterator[tuple[str, str]]:
    slug = record.get("slug")
    if not isinstance(slug, str):
        raise SeedError(f"{place}: a record or an item of {', '.join(NESTED)} has no slug")
    yield prefix, slug
    for name, inner in NESTED.items():
        for item in record.get(name, ()):
            yield from _slugs(item, inner, place)


def _entity(line: Line, prefixes: Mapping[str, str]) -> Entity:
    kind = KINDS[line.collection]
    raw = _with_ids(line.record, kind.prefix, "", line.place, prefixes)
    raw |= {"version": 1, "createdAt": SEEDED_AT, "updatedAt": SEEDED_AT}
    try:
        entity = msgspec.convert(raw, kind.type)
    except msgspec.ValidationError as error:
        raise SeedError(f"{line.place}: {error}") from error
    for path in _unknown(raw, msgspec.to_builtins(entity)):
        raise SeedError(f"{line.place}: {kind.type.__name__} has no field {path}")
    return entity


def _with_ids(value: Any, prefix: str, path: str, place: str, prefixes: Mapping[str, str]) -> Any:
    """The record with ids in place of slugs. `prefix` is that of the next slug inside."""
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for name, inner in value.items():
        at = f"{path}.{name}".removeprefix(".")
        if name == "slug":
            out["id"] = id_of(prefix, f"seed:{inner}")
        elif name in REFERS_TO:
            given = inner if isinstance(inner, list) else [inner]
            found = [_resolve(reference, REFERS_TO[name], f"{place}: {at}", prefixes) for reference in given]
            out[name] = found if isinstance(inner, list) else found[0]
        elif isinstance(inner, list):
            out[name] = [_with_ids(item, NESTED.get(name, prefix), at, place, prefixes) for item in inner]
        else:
            out[name] = _with_ids(inner, prefix, at, place, prefixes)
    return out


def _resolve(reference: Any, allowed: tuple[str, ...], at: str, prefixes: Mapping[str, str]) -> str:
    if not isinstance(reference, str) or not reference.startswith("@"):
        raise SeedError(f"{at}: {reference!r} is not a reference (@slug)")
    slug = reference.removeprefix("@")
    if slug not in prefixes:
        raise SeedError(f"{at}: unknown slug {slug!r}")
    if prefixes[slug] not in allowed:
        raise SeedError(f"{at}: {slug!r} is a {prefixes[slug]}, not a {' or '.join(allowed)}")
    return id_of(prefixes[slug], f"seed:{slug}")


def _unknown(raw: Any, built: Any, path: str = "") -> Iterator[str]:
    """Fields that the contract skipped: in a file of ours they are misspellings."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            at = f"{path}.{name}".removeprefix(".")
            if name not in built:
                yield at
            else:
                yield from _unknown(value, built[name], at)
    elif isinstance(raw, list):
        for index, (item, made) in enumerate(zip(raw, built, strict=True)):
            yield from _unknown(item, made, f"{path}.{index}")
