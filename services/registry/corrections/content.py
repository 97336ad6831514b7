"""What of a record can be corrected, and how a text becomes the value of a field; pure decisions, no store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.cooperation.collections import COOPERATIONS
from services.registry.corrections.collections import StoredCorrection
from services.registry.indicators.collections import INDICATORS
from services.registry.indicators.rules import tells_of_nobody
from services.registry.lists import each_once
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import STAFF, acting
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.practices.collections import PRACTICES, StoredPractice
from services.registry.projects import rules as projects
from services.registry.projects.collections import PROJECTS
from services.registry.statistics.collections import SNAPSHOTS
from shared.contracts.base import Command, Entity
from shared.contracts.centres import Centre, ChangeCentre
from shared.contracts.correcting import cannot, corrected_value
from shared.contracts.corrections import DecideCorrection
from shared.contracts.handovers import Kept
from shared.contracts.indicators import Indicator
from shared.contracts.lifecycle import UpdateOrganization
from shared.contracts.organisations import Organization, OrganizationStatus
from shared.contracts.paths import annotation_at
from shared.contracts.people import Role, Viewer
from shared.contracts.practices import PracticeStatus
from shared.contracts.projects import ChangeProject, Project
from shared.contracts.refusals import Refused
from shared.store.port import Collection


@dataclass(frozen=True)
class Correctable:
    """A kind of record that an accepted report changes by itself, and which fields of it (as clients know them).

    `roles` are those who change such a record otherwise, too. `sound` is what must be so of a changed one.
    """

    collection: Collection[Any]
    contract: type[Entity]
    fields: frozenset[str]
    roles: tuple[Role, ...] = (Role.OFFICIAL,)
    sound: Callable[[Any], None] | None = None


_MADE_HERE = {"id", "version", "created_at", "updated_at", "status", "decision_reason", "dissolved_on", "provenance"}
"""Of an organisation: what follows from decisions, and is no fact that a source could know better."""


def _every_fact_of(contract: type[Entity]) -> frozenset[str]:
    return frozenset(f.encode_name for f in msgspec.structs.fields(contract) if f.name not in _MADE_HERE | {"source"})


def _texts_of(collection: Collection[Any], *fields: str, **more: Any) -> Correctable:
    return Correctable(collection, collection.type, frozenset(fields), **more)


def _tells_of_nobody(indicator: Indicator) -> None:
    tells_of_nobody(indicator.name, indicator.value)


CORRECTABLE: Mapping[str, Correctable] = MappingProxyType(
    {
        "org": Correctable(ORGANIZATIONS, Organization, _every_fact_of(Organization), STAFF),
        "dis": _texts_of(DISTRICTS, "name", "city", roles=STAFF),
        "cen": _texts_of(CENTRES, "name", "activities", "targetGroups"),
        "par": _texts_of(PARTNERSHIPS, "name", "resources", "signedAsWritten"),
        "prj": _texts_of(PROJECTS, "name", "programme", "funders", "fundingNote", sound=projects.is_sound),
        "prc": _texts_of(PRACTICES, "title", "text", "tags", roles=STAFF),
        "coo": _texts_of(COOPERATIONS, "description"),
        "ind": _texts_of(INDICATORS, "value", sound=_tells_of_nobody),
        # its numbers stay as they were published, whatever they should have been
        "snp": _texts_of(SNAPSHOTS, "note"),
    }
)
"""By the first letters of the record's id. What other services keep is passed on to them; procedures have editors."""

_ASKED: Mapping[type[Entity], type[Command]] = MappingProxyType(
    {Organization: UpdateOrganization, Centre: ChangeCentre, Project: ChangeProject}
)
"""The command by which the same could be changed: what it takes, and no more, a correction takes."""


def of_record(record_id: str) -> Correctable | None:
    return CORRECTABLE.get(record_id.partition("_")[0])


def field_is_known(record_id: str, field: str | None) -> None:
    """Of the registry's own records; of the others' the gateway knows the names."""
    kind = of_record(record_id)
    if kind is not None and field is not None and annotation_at(kind.contract, field) is None:
        raise unknown_field(kind.contract, field)


def unknown_field(contract: type[Entity], field: str) -> Refused:
    names = ", ".join(one.encode_name for one in msgspec.structs.fields(contract))
    return Refused(
        "UNKNOWN_FIELD",
        pl=f"Ten zapis nie ma pola „{field}”; podaj jedno z pól: {names}, albo pomiń je.",
        en=f'This record has no field "{field}"; give one of: {names}, or leave it out.',
        field="field",
    )


def correctable(record_id: str, field: str | None) -> Correctable:
    """Raises Refused for what nobody here can change by a decision alone."""
    kind = of_record(record_id)
    if kind is None:
        raise cannot(
            "ten zapis prowadzi inna usługa albo procedura; wprowadzi zmianę jej redaktor",
            "another service or procedure keeps this record; its editor carries it out",
        )
    place_of(kind, field)
    return kind


def place_of(kind: Correctable | Kept, field: str | None) -> tuple[str, Any]:
    """The field, and what may stand there. Raises Refused for one that is not to be changed so."""
    if field is None or field.partition(".")[0] not in kind.fields:
        fields = ", ".join(sorted(kind.fields))
        raise cannot(f"tak można zmienić tylko pola: {fields}", f"only these fields can be changed so: {fields}")
    if (annotation := annotation_at(kind.contract, field)) is None:
        raise unknown_field(kind.contract, field)
    return field, annotation


def proposed(correction: StoredCorrection, command: DecideCorrection) -> str:
    """The text that an accepted report puts into the field."""
    text = command.value if command.value is not None else correction.proposed
    if text is None:
        raise cannot("zgłoszenie nie podaje nowej wartości, a polecenie też nie", "no new value is given", "value")
    return text


def is_as_reported(correction: StoredCorrection, command: DecideCorrection, value_now: str | None) -> None:
    """What was proposed was proposed for what stood there then; whoever decides may say that it still holds."""
    if command.value is None and value_now != correction.old_value:
        raise Refused(
            "CHANGED_SINCE",
            pl="To pole zmieniło się od zgłoszenia błędu; obejrzyj zapis i podaj właściwą wartość (value).",
            en="This field was changed since the report; look at the record, and give the right `value`.",
            field="value",
            status=409,
        )


def is_new(old_value: str | None, new_value: str | None) -> None:
    if old_value == new_value:
        raise cannot("ta wartość już tam jest", "this value stands there already", "value")


def may_apply(viewer: Viewer, kind: Correctable | Kept) -> Role:
    """As which role. A report is no way round the roles: it is applied by those who may change such a record."""
    if (role := acting(viewer, kind.roles)) is None:
        names = ", ".join(kind.roles)
        raise Refused(
            "FORBIDDEN",
            pl=f"Ten zapis zmienia tylko rola: {names}; przyjmij zgłoszenie bez „apply” albo zostaw je tej roli.",
            en=f"This record is changed by the role {names} only; accept without `apply`, or leave it to that role.",
            field="apply",
            status=403,
        )
    return role


def can_be_corrected(record: Entity) -> None:
    """What is over, an organisation that was dissolved or a project that ended, is not changed any more, but an error
    in what is said of it is an error still. What never came into the register is not corrected."""
    if isinstance(record, StoredOrganization) and record.status is OrganizationStatus.REJECTED:
        raise cannot("zgłoszenie tej organizacji odrzucono", "this organisation's submission was rejected")
    if isinstance(record, StoredPractice) and record.status is PracticeStatus.REJECTED:
        raise cannot("tę praktykę odrzucono", "this practice was rejected")


def remains_sound(kind: Correctable, written: Entity, attribute: str) -> None:
    """By the rules of a change. None of them is of a name, which so can be corrected in what came in unsound."""
    if kind.sound is not None and attribute != "name":
        kind.sound(written)


def corrected(record: Entity, contract: type[Entity], field: str, text: str) -> tuple[str, Any]:
    """The attribute that the field belongs to, and its whole new value."""
    attribute, value = corrected_value(record, contract, field, text, _ASKED.get(contract))
    return attribute, each_once({attribute: value})[attribute]
