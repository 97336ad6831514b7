"""Who may see, move and change which organisations; pure decisions, no store."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from services.registry.organisations.collections import StoredOrganization
from shared.contracts.lifecycle import UpdateOrganization
from shared.contracts.organisations import FieldSource, LegalForm, Organization, OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused

REVIEWERS = (Role.OFFICIAL, Role.EDITOR, Role.MODERATOR)
"""They see what is not public."""
PUBLIC = (OrganizationStatus.PUBLISHED, OrganizationStatus.SUSPENDED, OrganizationStatus.DISSOLVED)
STAFF = (Role.OFFICIAL, Role.EDITOR)
PUBLIC_BODIES = (LegalForm.PUBLIC_BODY, LegalForm.BUDGETARY_ENTITY, LegalForm.UNIT)
NO_RECIPIENTS = (
    *PUBLIC_BODIES,
    LegalForm.SOCIAL_INTEGRATION_CENTRE,
    LegalForm.SOCIAL_INTEGRATION_CLUB,
    LegalForm.VOCATIONAL_ACTIVITY_ESTABLISHMENT,
    LegalForm.OCCUPATIONAL_THERAPY_WORKSHOP,
    LegalForm.SENIOR_CENTRE,
    LegalForm.SUPPORT_CENTRE,
    LegalForm.COMMUNITY_CENTRE,
)
"""Who makes no offer: public bodies, and what is run by somebody else, who makes it."""
OPEN_TO_REPRESENTATIVES = frozenset({"contactPoints", "website", "description", "services"})

_SUBMITTED, _VERIFIED = OrganizationStatus.SUBMITTED, OrganizationStatus.VERIFIED
_PUBLISHED, _SUSPENDED = OrganizationStatus.PUBLISHED, OrganizationStatus.SUSPENDED


class Step(StrEnum):
    """The steps of an organisation's life in the register, each by the verb of its change."""

    VERIFIED = "verified"
    PUBLISHED = "published"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    DISSOLVED = "dissolved"


class Move(NamedTuple):
    roles: tuple[Role, ...]
    starts: tuple[OrganizationStatus, ...]
    end: OrganizationStatus


MOVES: Mapping[Step, Move] = MappingProxyType(
    {
        Step.VERIFIED: Move((Role.MODERATOR, Role.OFFICIAL), (_SUBMITTED,), _VERIFIED),
        Step.PUBLISHED: Move(STAFF, (_VERIFIED,), _PUBLISHED),
        Step.REJECTED: Move(REVIEWERS, (_SUBMITTED, _VERIFIED), OrganizationStatus.REJECTED),
        Step.SUSPENDED: Move((Role.OFFICIAL,), (_PUBLISHED,), _SUSPENDED),
        Step.REINSTATED: Move((Role.OFFICIAL,), (_SUSPENDED,), _PUBLISHED),
        Step.DISSOLVED: Move((Role.OFFICIAL,), (_PUBLISHED, _SUSPENDED), OrganizationStatus.DISSOLVED),
    }
)


def may_see(organization: StoredOrganization, viewer: Viewer | None) -> bool:
    """What was ever published is everyone's; a submission is its submitter's and the reviewers'."""
    if organization.status in PUBLIC:
        return True
    return viewer is not None and (viewer.has(*REVIEWERS) or viewer.subject == organization.submitted_by)


def may_take(viewer: Viewer, step: Step) -> None:
    roles = MOVES[step].roles
    if not viewer.has(*roles):
        names = ", ".join(roles)
        raise Refused(
            "FORBIDDEN",
            pl=f"Do tej czynności trzeba roli: {names}.",
            en=f"This step is for the roles: {names}.",
            status=403,
        )


def moved(status: OrganizationStatus, step: Step) -> OrganizationStatus:
    """The status after the step. Raises Refused where the step does not start there."""
    starts, end = MOVES[step].starts, MOVES[step].end
    if status not in starts:
        wanted = " / ".join(starts)
        raise Refused(
            "WRONG_STATUS",
            pl=f"Organizacja ma stan {status}, a ta czynność jest możliwa w stanie {wanted}; wczytaj zapis ponownie.",
            en=f"The organisation is {status}; this step starts from {wanted}. Load the record again.",
            field="id",
            status=409,
        )
    return end


def dissolution_is_past(dissolved_on: date, today: date) -> None:
    if dissolved_on > today:
        raise Refused(
            "DATE_IN_FUTURE",
            pl="Dzień rozwiązania organizacji nie może być w przyszłości; zapisz je, gdy nastąpi.",
            en="The day of dissolution cannot lie in the future; record it when it has come.",
            field="dissolvedOn",
        )


def may_update(viewer: Viewer, id_: str, names: Iterable[str]) -> None:
    """Staff change everything an update can; a representative of this organisation a few fields of it."""
    if viewer.has(*STAFF):
        return
    if not viewer.has(Role.REPRESENTATIVE) or id_ not in viewer.organization_ids:
        raise Refused(
            "FORBIDDEN",
            pl="Zapis zmienia pracownik urzędu, redaktor albo przedstawiciel tej organizacji.",
            en="The record is changed by an official, an editor, or a representative of this organisation.",
            status=403,
        )
    for name in names:
        if name not in OPEN_TO_REPRESENTATIVES:
            allowed = ", ".join(sorted(OPEN_TO_REPRESENTATIVES))
            raise Refused(
                "FIELD_NOT_YOURS",
                pl=f"Przedstawiciel zmienia tylko: {allowed}; inne zmiany zgłoś jako błąd (submitCorrection).",
                en=f"A representative changes only: {allowed}; report other changes with submitCorrection.",
                field=name,
                status=403,
            )


def can_be_updated(organization: StoredOrganization, viewer: Viewer) -> None:
    """What is gone stays as it is, but for errors in it; what is suspended is changed by the city's staff alone."""
    if organization.status is OrganizationStatus.DISSOLVED:
        raise Refused(
            "WRONG_STATUS",
            pl="Zapisu rozwiązanej organizacji już się nie zmienia; błąd w nim zgłoś przez submitCorrection, a poprawi "
            "go decyzja o zgłoszeniu.",
            en="The record of a dissolved organisation is not changed any more; report an error in it with "
            "submitCorrection, and the decision on that corrects it.",
            field="id",
            status=409,
        )
    if organization.status is OrganizationStatus.REJECTED:
        raise Refused(
            "WRONG_STATUS",
            pl=f"Zapisu w stanie {organization.status} już się nie zmienia.",
            en=f"A record that is {organization.status} is not changed any more.",
            field="id",
            status=409,
        )
    if organization.status is OrganizationStatus.SUSPENDED and not viewer.has(*STAFF):
        raise Refused(
            "SUSPENDED",
            pl="Organizacja jest zawieszona; do jej przywrócenia zapis zmienia tylko urząd albo redaktor.",
            en="The organisation is suspended; until it is reinstated only the city or an editor changes it.",
            field="id",
            status=409,
        )


def asked_values(command: UpdateOrganization) -> dict[str, Any]:
    """The values an update sets, by attribute. Raises Refused when it sets nothing, or sets what it empties."""
    given = {
        field.name: getattr(command, field.name)
        for field in msgspec.structs.fields(command)
        if field.name not in ("id", "expected_version", "clear") and getattr(command, field.name) is not None
    }
    for name in (one.lower() for one in command.clear):
        if name in given:
            raise Refused(
                "SET_AND_CLEARED",
                pl=f"Pole {name} jest naraz zmieniane i opróżniane; wybierz jedno.",
                en=f"The field {name} is both set and cleared; choose one.",
                field=client_name(name),
            )
        given[name] = None
    if not given:
        raise Refused(
            "NOTHING_TO_CHANGE",
            pl="Podaj co najmniej jedno pole do zmiany.",
            en="Give at least one field to change.",
        )
    return given


def client_name(attribute: str) -> str:
    return _CLIENT_NAMES[attribute]


def sourced(
    provenance: tuple[FieldSource, ...],
    attributes: Iterable[str],
    source: str,
    on: date,
    decision_id: str | None = None,
    role: Role | None = None,
) -> tuple[FieldSource, ...]:
    """The provenance after these fields were set: one entry per field, the others as they were."""
    names = [client_name(attribute) for attribute in attributes]
    kept = tuple(one for one in provenance if one.field not in names)
    return kept + tuple(
        FieldSource(field=name, source=source, on=on, decision_id=decision_id, role=role) for name in names
    )


def stepped(
    provenance: tuple[FieldSource, ...], viewer: Viewer, step: Step, on: date, reason: str | None
) -> tuple[FieldSource, ...]:
    """The provenance after a step. Earlier steps stay: that it was suspended once is not forgotten."""
    role = acting(viewer, MOVES[step].roles)
    return (*provenance, FieldSource(field="status", source=step, on=on, role=role, reason=reason))


def acting(viewer: Viewer, roles: Iterable[Role]) -> Role | None:
    """The role as which the viewer may do what is for these roles."""
    return next((role for role in roles if viewer.has(role)), None)


_CLIENT_NAMES = {field.name: field.encode_name for field in msgspec.structs.fields(Organization)}


def represents(viewer: Viewer | None, organization_id: str) -> bool:
    return organization_id in represented(viewer)


def represented(viewer: Viewer | None) -> frozenset[str]:
    """The organisations for which the viewer may speak."""
    return viewer.organization_ids if viewer is not None and viewer.has(Role.REPRESENTATIVE) else frozenset()


def may_be_granted(organization: Organization | None, field: str) -> None:
    """Public money goes to organisations that stand in the register: none suspended, none dissolved."""
    if organization is None or organization.status is not OrganizationStatus.PUBLISHED:
        raise Refused(
            "RECIPIENT_NOT_PUBLISHED",
            pl="Dotację może otrzymać tylko organizacja opublikowana w rejestrze, nie zawieszona ani rozwiązana.",
            en="A grant goes only to an organisation published in the register, neither suspended nor dissolved.",
            field=field,
            status=409,
        )
