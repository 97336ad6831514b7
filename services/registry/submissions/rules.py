"""Who may submit and decide, and what a submission must hold; pure decisions, no store."""

from collections.abc import Mapping

from stdnum.pl import nip, regon

from services.registry.organisations import names
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import PUBLIC, STAFF
from shared.contracts.lifecycle import Likeness
from shared.contracts.organisations import LegalForm, OrganizationStatus, ReviewOrganization, SubmitOrganization
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.polish import fold
from shared.service.writing import version_is_current


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
    if command.nip is not None:
        number_is_valid("nip", command.nip)
    if command.regon is not None:
        number_is_valid("regon", unpadded(command.regon))


def number_is_valid(field: str, number: str) -> None:
    # of zeros alone the check digit is right, and no such number is ever given: it stands for "we do not know"
    if not number.strip("0"):
        raise Refused(
            "NUMBER_OF_ZEROS",
            pl=f"Same zera to nie jest numer {field.upper()}; jeśli go nie znasz, zostaw pole puste.",
            en=f"Zeros alone are no {field.upper()}; leave it empty if you do not know it.",
            field=field,
        )
    if not {"nip": nip, "regon": regon}[field].is_valid(number):
        raise _checksum(field, field.upper())


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


def number_is_taken(field: str, other: StoredOrganization) -> Refused:
    pl, en = _who(other)
    return Refused(
        "DUPLICATE_IDENTIFIER",
        pl=f"Organizacja o tym numerze {field.upper()} już jest w rejestrze albo czeka na decyzję{pl}.",
        en=f"An organisation with this {field.upper()} is in the register already, or awaits its decision{en}.",
        field=field,
        status=409,
    )


type Asked = SubmitOrganization | StoredOrganization
"""What is compared: a submission, or an organisation as a change would leave it."""


def called(command: Asked) -> dict[str, str]:
    """The names of a submission or record by the field in which they stand."""
    return {"name": command.name} | {f"aliases.{place}": alias for place, alias in enumerate(command.aliases)}


def is_another(command: Asked, other: StoredOrganization, names_by_field: Mapping[str, str]) -> None:
    """Refuses what has the name of one that is there, unless numbers or towns tell the two apart.

    The same name is: word for word; or, of two of one legal form, any name or alias but for the words that say it.
    Units of different bodies may share a name, and a new body may take the name of a dissolved one.
    """
    field = same_name(command, other, names_by_field)
    if field is not None:
        raise name_is_taken(field, other)


def same_name(command: Asked, other: StoredOrganization, names_by_field: Mapping[str, str]) -> str | None:
    """The field of the name by which the two are not told apart."""
    if other.status in (OrganizationStatus.DISSOLVED, OrganizationStatus.REJECTED):
        return None
    if LegalForm.UNIT in (command.legal_form, other.legal_form) or _told_apart(command, other):
        return None
    taken = {names.plain(name) for name in (other.name, *other.aliases)}
    for field, name in names_by_field.items():
        word_for_word = field == "name" and names.in_full(name) == names.in_full(other.name)
        if word_for_word or (command.legal_form is other.legal_form and names.plain(name) in taken):
            return field
    return None


def name_is_taken(field: str, other: StoredOrganization) -> Refused:
    pl, en = _who(other)
    return Refused(
        "DUPLICATE_NAME",
        pl=f"Organizacja o tej nazwie już jest w rejestrze albo czeka na decyzję{pl}. Jeśli to inna "
        "organizacja, podaj jej miejscowość albo numer KRS, NIP lub REGON.",
        en=f"An organisation of this name is in the register already, or awaits its decision{en}. If this is "
        "another one, give its town or its KRS, NIP or REGON.",
        field=field,
        status=409,
    )


def telling_apart(organization: StoredOrganization) -> dict[str, str | None]:
    """What lets two organisations bear one name, by the field that a refusal names."""
    city = organization.address.city if organization.address else None
    return {
        "legalForm": organization.legal_form,
        "address.city": fold(city) if city else None,
        "krs": organization.krs,
        "nip": organization.nip,
        "regon": organization.regon,
    }


def became_another(before: StoredOrganization, would_be: StoredOrganization, other: StoredOrganization) -> bool:
    """Whether a change takes away what told the two apart. Names that the change brings are looked at by
    `is_another`; two that were alike before are not this change's doing."""
    known = called(would_be)
    return same_name(would_be, other, known) is not None and same_name(before, other, called(before)) is None


def no_longer_told_apart(field: str, other: StoredOrganization) -> Refused:
    pl, en = _who(other)
    return Refused(
        "DUPLICATE_NAME",
        pl=f"Organizację o tej samej nazwie odróżnia od tej tylko to, co ta zmiana odbiera{pl}. Zostaw je albo podaj "
        "inną miejscowość lub numer, którego tamta nie ma.",
        en=f"Only what this change takes away tells this organisation from another of its name{en}. Leave it, or give "
        "another town, or a number that differs from the other's.",
        field=field,
        status=409,
    )


ALIASES = 6
"""Of so many names of one organisation misprints are looked for."""


def likeness(called: tuple[str, ...], other: StoredOrganization) -> Likeness | None:
    """Why an organisation called this may be the other; None if nothing says so."""
    theirs_called = (other.name, *other.aliases)
    pairs = [(mine, theirs) for mine in called for theirs in theirs_called]
    if any(names.plain(mine) == names.plain(theirs) for mine, theirs in pairs):
        return Likeness.SAME_NAME
    if any(names.in_order(mine) == names.in_order(theirs) for mine, theirs in pairs):
        return Likeness.OTHER_WORD_ORDER
    near = (names.are_near(mine, theirs) for mine in called[:ALIASES] for theirs in theirs_called[:ALIASES])
    return Likeness.NEAR_NAME if any(near) else None


def _told_apart(command: Asked, other: StoredOrganization) -> bool:
    """Both have a number of one kind, or a town, and they differ."""
    regon_ = unpadded(command.regon) if command.regon else None
    numbers = ((command.krs, other.krs), (command.nip, other.nip), (regon_, other.regon))
    if any(mine and theirs and mine != theirs for mine, theirs in numbers):
        return True
    mine, theirs = (one.city if one else None for one in (command.address, other.address))
    return bool(mine and theirs and fold(mine) != fold(theirs))


def _who(other: StoredOrganization) -> tuple[str, str]:
    """The other record, where everybody may know of it."""
    return (f": {other.id}", f": {other.id}") if other.status in PUBLIC else ("", "")


def _checksum(field: str, name: str) -> Refused:
    return Refused(
        "CHECKSUM_WRONG",
        pl=f"Cyfra kontrolna numeru {name} się nie zgadza; sprawdź, czy nie ma w nim literówki.",
        en=f"The check digit of this {name} is wrong; look for a misprint.",
        field=field,
    )
