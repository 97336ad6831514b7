"""When an error report must be decided, by whom, and what of it can be applied; pure decisions, no store."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec

from services.registry.corrections.collections import StoredCorrection
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import REVIEWERS, STAFF
from services.registry.submissions.rules import number_is_valid, unpadded
from shared.clock import working_day_after
from shared.contracts.base import Line, Text, Url
from shared.contracts.corrections import CorrectionStatus, DecideCorrection
from shared.contracts.organisations import Krs, LegalForm, Nip, Organization, OrganizationStatus, Regon
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused, invalid
from shared.service.writing import version_is_current

DECIDE_WITHIN: tuple[tuple[date, int], ...] = ((date(2019, 1, 1), 10),)
"""The city's own promise: working days to decide on a report, each from the day it holds. No act sets it."""

APPLICABLE: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "name": ("name", Line),
        "description": ("description", Text),
        "website": ("website", Url),
        "legalForm": ("legal_form", LegalForm),
        "publicBenefit": ("public_benefit", bool),
        "krs": ("krs", Krs),
        "nip": ("nip", Nip),
        "regon": ("regon", Regon),
    }
)
"""The simple fields of an organisation, by the name that clients know."""

_FIELDS = frozenset(field.encode_name for field in msgspec.structs.fields(Organization))
_YES_AND_NO = {"tak": "true", "nie": "false"}


def decide_by(received_on: date) -> date:
    """The last day to decide: so many working days after the day of receipt, which is not counted itself."""
    days = next((count for since, count in reversed(DECIDE_WITHIN) if since <= received_on), DECIDE_WITHIN[0][1])
    return working_day_after(received_on, days)


def may_see(correction: StoredCorrection, viewer: Viewer | None) -> bool:
    return viewer is not None and (viewer.has(*REVIEWERS) or viewer.subject == correction.reported_by)


def may_decide(viewer: Viewer) -> None:
    if not viewer.has(*STAFF):
        raise Refused(
            "FORBIDDEN",
            pl="O zgłoszeniu błędu decyduje pracownik urzędu albo redaktor.",
            en="Error reports are decided by an official or an editor.",
            status=403,
        )


def field_is_known(field: str | None) -> None:
    if field is not None and field not in _FIELDS:
        raise Refused(
            "UNKNOWN_FIELD",
            pl=f"Organizacja nie ma pola „{field}”; podaj nazwę pola ze schematu albo pomiń ją.",
            en=f'An organisation has no field "{field}"; give the name that the schema has, or leave it out.',
            field="field",
        )


def can_be_decided(correction: StoredCorrection, command: DecideCorrection) -> None:
    version_is_current(correction.version, command.expected_version)
    if correction.status is not CorrectionStatus.RECEIVED:
        raise Refused(
            "ALREADY_DECIDED",
            pl="O tym zgłoszeniu błędu już zdecydowano.",
            en="This error report has been decided already.",
            status=409,
        )
    if not command.accept and command.reason is None:
        raise Refused(
            "REASON_REQUIRED",
            pl="Odrzucenie zgłoszenia błędu wymaga uzasadnienia.",
            en="The rejection of an error report needs a reason.",
            field="reason",
        )
    if not command.accept and command.apply:
        raise _cannot("odrzuconego zgłoszenia nie wprowadza się do rejestru", "a rejected report changes nothing")


def applied_value(correction: StoredCorrection, command: DecideCorrection) -> tuple[str, Any]:
    """The attribute and the value that an accepted report gives it. Raises Refused for what has to be done by hand."""
    if not correction.record_id.startswith("org_"):
        raise _cannot("to nie jest zapis organizacji", "the record is not an organisation")
    if correction.field is None or correction.field not in APPLICABLE:
        fields = ", ".join(APPLICABLE)
        raise _cannot(f"tak można zmienić tylko pola: {fields}", f"only these fields can be changed so: {fields}")
    text = command.value if command.value is not None else correction.proposed
    if text is None:
        raise _cannot("zgłoszenie nie podaje nowej wartości, a polecenie też nie", "no new value is given", "value")
    attribute, type_ = APPLICABLE[correction.field]
    if attribute == "regon":
        text = unpadded(text)
    if attribute == "public_benefit":
        text = _YES_AND_NO.get(text.casefold(), text.casefold())
    try:
        value = msgspec.convert(text, type_, strict=False)
    except msgspec.ValidationError as error:
        told = invalid(error)
        raise _cannot(told.pl, told.en, "value") from None
    if attribute in ("nip", "regon"):
        number_is_valid(attribute, value)
    return attribute, value


def can_be_corrected(organization: StoredOrganization) -> None:
    if organization.status is OrganizationStatus.REJECTED:
        raise _cannot("zgłoszenie tej organizacji odrzucono", "this organisation's submission was rejected")


def _cannot(pl: str, en: str, field: str = "apply") -> Refused:
    return Refused(
        "CANNOT_APPLY",
        pl=f"Nie można wprowadzić zmiany automatycznie: {pl.rstrip('.')}. Zmień zapis sam i zdecyduj bez „apply”.",
        en=f"This cannot be applied automatically: {en.rstrip('.')}. Change the record yourself, and decide without "
        "`apply`.",
        field=field,
    )
