"""Who may let an organisation use an address, and that it has each place once at a time; pure, no store."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.addresses import AddressAgreement, ShareAddress
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused


def may_keep(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Umowy o udostępnienie adresu zapisuje pracownik urzędu.",
            en="Agreements on the use of an address are entered by an official.",
            status=403,
        )


def is_another(command: ShareAddress) -> None:
    if command.host_id == command.organization_id:
        raise Refused(
            "OWN_ADDRESS",
            pl="Nikt nie udostępnia adresu samemu sobie; wskaż inną organizację.",
            en="Nobody shares an address with itself; name another organisation.",
            field="organizationId",
        )


def is_the_only_one(others: Iterable[AddressAgreement], command: ShareAddress) -> None:
    """An organisation has one agreement on one place at a time; `others` are those of both."""
    for other in others:
        if _overlap(other, command):
            until = other.last_day
            raise Refused(
                "ADDRESS_SHARED_ALREADY",
                pl="Ta organizacja ma już umowę o ten adres w tym czasie "
                + (f"(do {until}); podaj późniejszy dzień." if until else "(bezterminową); najpierw ją zakończ."),
                en="This organisation has an agreement on this address at that time already "
                + (f"(until {until}); give a later day." if until else "(for no set time); end it first."),
                field="startsOn",
                status=409,
            )


def _overlap(other: AddressAgreement, command: ShareAddress) -> bool:
    begins_in_time = other.last_day is None or command.starts_on <= other.last_day
    return begins_in_time and (command.ends_on is None or other.starts_on <= command.ends_on)


def ends_before_its_time(agreement: AddressAgreement, ended_on: date) -> None:
    """Once, and not after the last day that was agreed."""
    if agreement.ended_on is not None:
        raise Refused(
            "ALREADY_ENDED",
            pl=f"Ta umowa już się zakończyła {agreement.ended_on}.",
            en=f"This agreement ended on {agreement.ended_on} already.",
            field="id",
            status=409,
        )
    if agreement.ends_on is not None and ended_on > agreement.ends_on:
        raise Refused(
            "ENDED_TOO_LATE",
            pl=f"Umowa i tak trwa najdłużej do {agreement.ends_on}; podaj wcześniejszy dzień.",
            en=f"The agreement lasts until {agreement.ends_on} at most; give an earlier day.",
            field="endedOn",
        )
