"""What of a record can be corrected, and how a text becomes the value of a field; pure decisions, no store."""

import json
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

import msgspec

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.corrections.collections import StoredCorrection
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.projects.collections import PROJECTS
from shared.contracts.base import Entity
from shared.contracts.corrections import DecideCorrection
from shared.contracts.organisations import Organization, OrganizationStatus
from shared.contracts.paths import annotation_at, plain
from shared.contracts.refusals import Refused, invalid
from shared.contracts.tidying import tidy
from shared.store.port import Collection


@dataclass(frozen=True)
class Correctable:
    """A kind of record that an accepted report changes by itself, and which fields of it (as clients know them)."""

    collection: Collection[Any]
    contract: type[Entity]
    fields: frozenset[str]


_MADE_HERE = {"id", "version", "created_at", "updated_at", "status", "decision_reason", "dissolved_on", "provenance"}
"""Of an organisation: what follows from decisions, and is no fact that a source could know better."""


def _every_fact_of(contract: type[Entity]) -> frozenset[str]:
    return frozenset(f.encode_name for f in msgspec.structs.fields(contract) if f.name not in _MADE_HERE | {"source"})


def _texts_of(collection: Collection[Any], *fields: str) -> Correctable:
    return Correctable(collection, collection.type, frozenset(fields))


CORRECTABLE: Mapping[str, Correctable] = MappingProxyType(
    {
        "org": Correctable(ORGANIZATIONS, Organization, _every_fact_of(Organization)),
        "dis": _texts_of(DISTRICTS, "name", "city"),
        "cen": _texts_of(CENTRES, "name", "activities", "targetGroups"),
        "par": _texts_of(PARTNERSHIPS, "name", "resources", "signedAsWritten"),
        "prj": _texts_of(PROJECTS, "name", "programme", "funders", "fundingNote"),
    }
)
"""By the first letters of the record's id. Everything else is kept by others: a report on it is handed to them."""

_TRUTH = {"tak": "true", "nie": "false"}
_LONGEST = 20_000


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
    if field is None or field.partition(".")[0] not in kind.fields:
        fields = ", ".join(sorted(kind.fields))
        raise cannot(f"tak można zmienić tylko pola: {fields}", f"only these fields can be changed so: {fields}")
    if annotation_at(kind.contract, field) is None:
        raise unknown_field(kind.contract, field)
    return kind


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


def can_be_corrected(record: Entity) -> None:
    if isinstance(record, StoredOrganization) and record.status is OrganizationStatus.REJECTED:
        raise cannot("zgłoszenie tej organizacji odrzucono", "this organisation's submission was rejected")


def corrected_value(record: Entity, contract: type[Entity], field: str, text: str) -> tuple[str, Any]:
    """The attribute that the field belongs to, and its whole new value."""
    root, *within = field.split(".")
    attribute = next(one.name for one in msgspec.structs.fields(contract) if one.encode_name == root)
    annotation = annotation_at(contract, root)
    value = _read(annotation_at(contract, field), text)
    if within:
        whole = msgspec.to_builtins(getattr(record, attribute))
        value = _with(whole, annotation, within, value)
    try:
        return attribute, msgspec.convert(tidy(value), annotation, strict=False)
    except msgspec.ValidationError as error:
        told = invalid(error)
        raise cannot(told.pl, told.en, "value") from None


def text_of(record: Entity, contract: type[Entity], field: str) -> str | None:
    """What stands in the field, in the form in which it could be proposed; None where nothing does."""
    value: Any = msgspec.to_builtins(record)
    for part in field.split("."):
        if isinstance(value, tuple):
            value = value[int(part)] if int(part) < len(value) else None
        elif value is not None:
            value = value.get(part)
    if value in (None, (), {}):
        return None
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return "\n".join(value)[:_LONGEST]
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:_LONGEST]


def _read(annotation: Any, text: str) -> Any:
    """A list of simple values has one on a line; what is more than that is JSON, as in the register's files."""
    kind = plain(annotation)
    if kind is bool:
        return _TRUTH.get(text.casefold(), text.casefold())
    if typing.get_origin(kind) is tuple and _is_simple(plain(typing.get_args(kind)[0])) and not text.startswith("["):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if _is_simple(kind):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise cannot(
            "to pole ma części: podaj wartość jako JSON albo wskaż część, np. address.city",
            "this field has parts: give the value as JSON, or name a part, e.g. address.city",
            "value",
        ) from None


def _is_simple(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, Enum) or not issubclass(kind, msgspec.Struct | tuple))


def _with(whole: Any, annotation: Any, within: list[str], value: Any) -> Any:
    """The value laid into its place; what is not there yet is made, a list grows by one at its end at most."""
    if not within:
        return value
    part, *rest = within
    kind = plain(annotation)
    if typing.get_origin(kind) is tuple:
        items, place = list(whole or []), int(part)
        if place > len(items):
            raise cannot(f"lista ma {len(items)} pozycji", f"the list has {len(items)} items", "value")
        there = items[place] if place < len(items) else None
        return [*items[:place], _with(there, typing.get_args(kind)[0], rest, value), *items[place + 1 :]]
    return (whole or {}) | {part: _with((whole or {}).get(part), annotation_at(kind, part), rest, value)}


def cannot(pl: str, en: str, field: str = "apply") -> Refused:
    return Refused(
        "CANNOT_APPLY",
        pl=f"Nie można wprowadzić zmiany automatycznie: {pl.rstrip('.')}. Popraw wartość (value) albo zdecyduj bez "
        "„apply”.",
        en=f"This cannot be applied automatically: {en.rstrip('.')}. Correct the `value`, or decide without `apply`.",
        field=field,
    )
