"""Who may do what with a small grant, when, and within which limits; pure decisions, no store."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.registry.grants.collections import organizations
from services.registry.law.rules import ACT, Provision
from services.registry.organisations.rules import NO_RECIPIENTS, PUBLIC_BODIES, represented, represents
from shared.clock import deadline, working_day_after
from shared.contracts.grants import DecideSmallGrant, SmallGrant, SmallGrantStatus, SubmitSmallGrant, TaskMode
from shared.contracts.money import grosze, money
from shared.contracts.organisations import Organization, OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current

STAFF = (Role.OFFICIAL,)
_IN_POLISH = {
    SmallGrantStatus.RECEIVED: "przyjęta",
    SmallGrantStatus.PUBLISHED: "opublikowana",
    SmallGrantStatus.GRANTED: "rozpatrzona: dotację przyznano",
    SmallGrantStatus.DECLINED: "rozpatrzona: dotacji odmówiono",
    SmallGrantStatus.WITHDRAWN: "wycofana",
}


def may_see(grant: SmallGrant, viewer: Viewer | None) -> bool:
    """A published offer is everyone's; until then it is the organisation's and the officials'."""
    if grant.published_on is not None or not represented(viewer).isdisjoint(organizations(grant)):
        return True
    return viewer is not None and viewer.has(*STAFF)


def is_staff(viewer: Viewer) -> None:
    if not viewer.has(*STAFF):
        raise Refused(
            "FORBIDDEN",
            pl="Tę czynność w trybie małych grantów wykonuje pracownik urzędu.",
            en="In the small grants procedure this is done by an official.",
            status=403,
        )


def may_offer(viewer: Viewer, organization_ids: Sequence[str]) -> None:
    """For those that make the offer speaks who represents any; an official enters what came on paper."""
    if not viewer.has(*STAFF) and represented(viewer).isdisjoint(organization_ids):
        raise Refused(
            "FORBIDDEN",
            pl="Ofertę składa i wycofuje przedstawiciel organizacji; złożoną na papierze wpisuje pracownik urzędu.",
            en="An offer is made and withdrawn by a representative of the organisation; an official enters one on "
            "paper.",
            status=403,
        )


def may_comment(viewer: Viewer | None, organization_id: str | None) -> None:
    """Everybody may (art. 19a ust. 4), without a token, too; in an organisation's name only who represents it."""
    if organization_id is not None and not represents(viewer, organization_id):
        raise Refused(
            "NOT_YOUR_ORGANIZATION",
            pl="W imieniu tej organizacji może pisać tylko jej przedstawiciel; pomiń organizację, by pisać od siebie.",
            en="Only a representative speaks for this organisation; leave it out to speak for yourself.",
            field="organizationId",
            status=403,
        )


def receipt(viewer: Viewer, given: date | None, today: date) -> date:
    """The day of receipt: today, or the earlier day on which an official took the paper."""
    if given is None or given == today:
        return today
    if not viewer.has(*STAFF) or given > today:
        raise Refused(
            "RECEIPT_DAY_WRONG",
            pl="Dzień wpływu inny niż dzisiejszy podaje tylko urząd, i nie może być on w przyszłości.",
            en="Only the office gives another day of receipt than today, and not one in the future.",
            field="receivedOn",
        )
    return given


def named_once(command: SubmitSmallGrant) -> None:
    if len({command.organization_id, *command.partner_ids}) <= len(command.partner_ids):
        raise Refused(
            "ORGANIZATION_TWICE",
            pl="Każdą organizację wymień raz.",
            en="Name each organisation once.",
            field="partnerIds",
        )


def may_receive(organization: Organization | None, field: str) -> None:
    """The offerer is in the register, and is not itself a public body."""
    if organization is None or organization.status is not OrganizationStatus.PUBLISHED:
        raise Refused(
            "UNKNOWN_ORGANIZATION",
            pl="Tej organizacji nie ma w rejestrze; najpierw trzeba ją zgłosić.",
            en="This organisation is not in the register; it has to be submitted first.",
            field=field,
        )
    if organization.legal_form in NO_RECIPIENTS:
        raise Refused(
            "NOT_AN_ORGANIZATION",
            pl="Ofertę składa organizacja pozarządowa albo podmiot z art. 3 ust. 3, nie jednostka publiczna;"
            " za placówkę składa ją ten, kto ją prowadzi.",
            en="An offer is made by a non-governmental organisation or an entity of art. 3(3), not by a public body;"
            " for a centre, whoever runs it makes it.",
            field=field,
            legal_basis=f"art. 19a ust. 1 w związku z art. 3 ust. 2 i 3 {ACT}",
        )


def may_fund(organization: Organization | None) -> None:
    if (
        organization is None
        or organization.status is not OrganizationStatus.PUBLISHED
        or organization.legal_form not in PUBLIC_BODIES
    ):
        raise Refused(
            "NOT_A_PUBLIC_BODY",
            pl="Plan dotacji ma jednostka publiczna, która jest w rejestrze.",
            en="A plan of grants belongs to a public body that is in the register.",
            field="funderId",
        )


def task_is_sound(command: SubmitSmallGrant, received_on: date) -> None:
    """Days in order, not begun before the offer came, and the costs add up to the task's mode."""
    if command.ends_on < command.starts_on:
        raise Refused(
            "DAYS_REVERSED",
            pl="Zadanie kończy się, zanim się zaczyna.",
            en="The task ends before it begins.",
            field="endsOn",
        )
    if command.starts_on < received_on:
        raise Refused(
            "TASK_BEGAN_BEFORE_OFFER",
            pl="Zadanie nie może zaczynać się przed złożeniem oferty; podaj późniejszy dzień.",
            en="The task cannot begin before the offer is made; give a later day.",
            field="startsOn",
        )
    asked, total = grosze(command.amount), grosze(command.total_cost)
    if asked == 0 or asked > total:
        raise Refused(
            "AMOUNT_WRONG",
            pl="Kwota dotacji ma być większa od zera i nie większa niż koszt całego zadania.",
            en="The grant has to be more than nothing, and no more than the whole task costs.",
            field="amount",
        )
    if command.mode is TaskMode.ENTRUSTED and asked != total:
        raise Refused(
            "ENTRUSTED_IS_PAID_IN_FULL",
            pl="Powierzone zadanie finansuje w całości dotacja; wybierz wsparcie albo zrównaj kwoty.",
            en="An entrusted task is paid by the grant in full; choose support, or make the amounts equal.",
            field="totalCost",
            legal_basis=f"art. 5 ust. 4 pkt 1 {ACT}",
        )


def amount_is_small(command: SubmitSmallGrant, limit: Provision) -> None:
    if grosze(command.amount) > limit.value:
        raise Refused(
            "AMOUNT_ABOVE_LIMIT",
            pl=f"Mały grant to najwyżej {money(limit.value)} zł; na większą kwotę trzeba otwartego konkursu.",
            en=f"A small grant is at most {money(limit.value)} PLN; more takes an open call.",
            field="amount",
            legal_basis=limit.legal_basis,
        )


def task_is_short(command: SubmitSmallGrant, limit: Provision) -> None:
    if (command.ends_on - command.starts_on).days + 1 > limit.value:
        raise Refused(
            "TASK_TOO_LONG",
            pl=f"Zadanie w tym trybie trwa najwyżej {limit.value} dni, licząc pierwszy i ostatni.",
            en=f"A task in this procedure takes at most {limit.value} days, counting the first and the last.",
            field="endsOn",
            legal_basis=limit.legal_basis,
        )


def publish_by(received_on: date, limit: Provision) -> date:
    return working_day_after(received_on, limit.value)


def comments_until(published_on: date, limit: Provision) -> date:
    """The day of publication is not counted; a last day that is a day off moves on."""
    return deadline(published_on + timedelta(days=limit.value))


def can_be_confirmed(grant: SmallGrant, expected_version: int) -> None:
    """Also once it is published: some were before anybody was asked."""
    version_is_current(grant.version, expected_version)
    _has_status(grant, SmallGrantStatus.RECEIVED, SmallGrantStatus.PUBLISHED)


def can_be_published(grant: SmallGrant, expected_version: int) -> None:
    version_is_current(grant.version, expected_version)
    _has_status(grant, SmallGrantStatus.RECEIVED)


def can_be_withdrawn(grant: SmallGrant, expected_version: int) -> None:
    version_is_current(grant.version, expected_version)
    _has_status(grant, SmallGrantStatus.RECEIVED, SmallGrantStatus.PUBLISHED)


def takes_comments(grant: SmallGrant | None, today: date, limit: Provision) -> None:
    """An offer that is not published is as good as not there for who comments."""
    if grant is None or grant.comments_until is None:
        raise unknown("smallGrantId")
    if grant.status is not SmallGrantStatus.PUBLISHED or today > grant.comments_until:
        raise Refused(
            "COMMENTS_OVER",
            pl=f"Uwagi do tej oferty można było zgłaszać do {grant.comments_until}, póki oferty nie wycofano.",
            en=f"Comments on this offer could be made until {grant.comments_until}, while it was not withdrawn.",
            field="smallGrantId",
            legal_basis=limit.legal_basis,
        )


def can_be_decided(grant: SmallGrant, command: DecideSmallGrant, today: date) -> None:
    """Nothing is granted that was not published; nothing published is decided while anyone may still comment.

    The city may see no purpose in an offer and decline it without publishing it.
    """
    version_is_current(grant.version, command.expected_version)
    _has_status(grant, SmallGrantStatus.RECEIVED, SmallGrantStatus.PUBLISHED)
    if grant.comments_until is None and command.grant:
        raise Refused(
            "NOT_PUBLISHED",
            pl="Najpierw trzeba opublikować ofertę, aby każdy mógł zgłosić uwagi.",
            en="The offer has to be published first, so that anyone can comment.",
            legal_basis=f"art. 19a ust. 3 {ACT}",
        )
    if grant.comments_until is not None and today <= grant.comments_until:
        raise Refused(
            "COMMENTS_NOT_OVER",
            pl=f"Uwagi można zgłaszać do {grant.comments_until}; decyzja jest możliwa dopiero potem.",
            en=f"Comments can be made until {grant.comments_until}; it can be decided only after that.",
            legal_basis=f"art. 19a ust. 5 {ACT}",
            status=409,
        )
    if not command.grant and command.reason is None:
        raise Refused(
            "REASON_REQUIRED", pl="Odmowa wymaga uzasadnienia.", en="A refusal needs a reason.", field="reason"
        )


def unknown(field: str) -> Refused:
    return Refused(
        "UNKNOWN_SMALL_GRANT",
        pl="Nie ma oferty o tym identyfikatorze.",
        en="There is no offer with this id.",
        field=field,
    )


def _has_status(grant: SmallGrant, *wanted: SmallGrantStatus) -> None:
    if grant.status not in wanted:
        raise Refused(
            "WRONG_STATUS",
            pl=f"Oferta jest już {_IN_POLISH[grant.status]}; tej czynności nie można na niej wykonać.",
            en=f"The offer is {grant.status.value} by now; this can no longer be done with it.",
            status=409,
        )
