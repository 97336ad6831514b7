"""Who may be on the public-benefit list of a tax year; pure decisions, no store."""

from datetime import date

from services.registry.law.rules import ACT
from shared.contracts.benefit import BenefitStatus, PublicBenefitEntry
from shared.contracts.organisations import Organization
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused

CUTOFFS = ((2004, (11, 30)),)
"""From which tax year on which day of it the status counts. There was no such status before 2004."""


def cutoff(tax_year: int) -> date:
    """The day on which an organisation must have public-benefit status to be on the year's list."""
    for since_year, (month, day) in reversed(CUTOFFS):
        if tax_year >= since_year:
            return date(tax_year, month, day)
    raise Refused(
        "NO_STATUS_YET",
        pl=f"Status pożytku publicznego istnieje od 2004 roku; wykazu za {tax_year} rok nie ma.",
        en=f"Public-benefit status exists since 2004; there is no list of {tax_year}.",
        field="taxYear",
        legal_basis=f"art. 27a ust. 1 {ACT}",
    )


def may_keep_the_list(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Wykaz organizacji uprawnionych prowadzi pracownik urzędu.",
            en="The public-benefit list is kept by an official.",
            status=403,
        )


def the_cutoff_has_come(tax_year: int, today: date) -> None:
    """Before that day nobody can say who has status on it."""
    if today < cutoff(tax_year):
        raise Refused(
            "CUTOFF_AHEAD",
            pl=f"Wykaz za {tax_year} rok ustala się według stanu na {cutoff(tax_year)}; to jeszcze przed nami.",
            en=f"The list of {tax_year} goes by the status on {cutoff(tax_year)}, which has not come yet.",
            field="taxYear",
            legal_basis=f"art. 27a ust. 1 {ACT}",
        )


def has_status_on_the_cutoff(organization: Organization, tax_year: int) -> None:
    """Status now and, where the register knows since or until when, on the cutoff of that year."""
    day = cutoff(tax_year)
    since, until = organization.public_benefit_since, organization.public_benefit_until
    had = (organization.public_benefit or until is not None) and (since is None or since <= day)
    if not had or (until is not None and until < day):
        raise Refused(
            "NO_PUBLIC_BENEFIT_STATUS",
            pl=f"Ta organizacja nie miała statusu pożytku publicznego {day}; nie wejdzie do wykazu za {tax_year}.",
            en=f"This organisation had no public-benefit status on {day}, so it cannot be on the list of {tax_year}.",
            field="organizationId",
            legal_basis=f"art. 27a ust. 1 {ACT}",
        )


def number_of(organization: Organization) -> str:
    """The KRS number: by it a taxpayer names the organisation in the return."""
    if organization.krs is None:
        raise Refused(
            "KRS_REQUIRED",
            pl="Podatnik wskazuje organizację numerem KRS, a rejestr go nie zna; najpierw go uzupełnij.",
            en="A taxpayer names the organisation by its KRS number, which is not in the register; add it first.",
            field="organizationId",
            legal_basis=f"art. 27a ust. 4 pkt 3 {ACT}",
        )
    return organization.krs


def is_not_listed(entry: PublicBenefitEntry | None) -> None:
    if entry is not None and entry.status is BenefitStatus.LISTED:
        raise Refused(
            "ALREADY_LISTED",
            pl=f"Ta organizacja już jest w wykazie za {entry.tax_year} rok.",
            en=f"This organisation is on the list of {entry.tax_year} already.",
            field="organizationId",
            status=409,
        )


def is_listed(entry: PublicBenefitEntry | None) -> PublicBenefitEntry:
    if entry is None or entry.status is not BenefitStatus.LISTED:
        raise Refused(
            "NOT_LISTED",
            pl="Tej organizacji nie ma w wykazie za ten rok.",
            en="This organisation is not on the list of that year.",
            field="organizationId",
            status=409,
        )
    return entry
