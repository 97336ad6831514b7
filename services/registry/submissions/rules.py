"""Who may submit and decide, and what a submission must hold; pure decisions, no store."""

from stdnum.pl import nip, regon

from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import STAFF
from shared.contracts.organisations import OrganizationStatus, ReviewOrganization, SubmitOrganization
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current

SUBMITTERS = (Role.RESIDENT, Role.REPRESENTATIVE, Role.PARTNER, Role.ANIMATOR, Role.EDITOR, Role.OFFICIAL)


def may_submit(viewer: Viewer) -> None:
    if not viewer.has(*SUBMITTERS):
        raise Refused(
            "FORBIDDEN",
            pl="Zgłosić organizację może mieszkaniec, przedstawiciel organizacji albo pracownik urzędu.",
            en="An organisation can be submitted by a resident, a representative of one, or the city's staff.",
            status=403,
        )


def may_review(viewer: Viewer) -> None:
    if not viewer.has(*STAFF):
        raise Refused(
            "FORBIDDEN",
            pl="O zgłoszeniu decyduje pracownik urzędu albo redaktor.",
            en="Submissions are decided by an official or an editor.",
            status=403,
        )


def identifiers_are_valid(command: SubmitOrganization) -> None:
    """NIP and REGON by their check digits."""
    if command.nip is not None and not nip.is_valid(command.nip):
        raise _checksum("nip", "NIP")
    if command.regon is not None and not regon.is_valid(unpadded(command.regon)):
        raise _checksum("regon", "REGON")


def unpadded(number: str) -> str:
    """A REGON-9 that the KRS register padded with five zeros, without them; any other REGON as it is."""
    return number[:9] if len(number) == 14 and number.endswith("00000") else number


def can_be_reviewed(organization: StoredOrganization, command: ReviewOrganization) -> None:
    version_is_current(organization.version, command.expected_version)
    if organization.status not in (OrganizationStatus.SUBMITTED, OrganizationStatus.VERIFIED):
        raise Refused(
            "ALREADY_DECIDED",
            pl="To zgłoszenie zostało już rozpatrzone.",
            en="This submission has been decided already.",
            status=409,
        )
    if not command.publish and command.reason is None:
        raise Refused(
            "REASON_REQUIRED",
            pl="Odrzucenie zgłoszenia wymaga uzasadnienia.",
            en="A rejection needs a reason.",
            field="reason",
        )


def _checksum(field: str, name: str) -> Refused:
    return Refused(
        "CHECKSUM_WRONG",
        pl=f"Cyfra kontrolna numeru {name} się nie zgadza; sprawdź, czy nie ma w nim literówki.",
        en=f"The check digit of this {name} is wrong; look for a misprint.",
        field=field,
    )
