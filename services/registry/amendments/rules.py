"""What the values of a changed record must be; pure decisions, no store."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.registry.lists import each_once
from services.registry.organisations import names
from services.registry.organisations.collections import StoredOrganization
from services.registry.submissions.rules import number_is_valid, unpadded
from shared.contracts.base import ContactPoint, OpeningHours, encode, narrowed
from shared.contracts.refusals import Refused

RELATIVES: Mapping[str, str] = {
    "parent_id": "parentId",
    "operator_id": "operatorId",
    "founder_ids": "founderIds",
    "federation_ids": "federationIds",
}
"""Fields that name other organisations."""

LEVELS_MAX = 100
"""So many levels no hierarchy has; further up nobody looks whether it is a circle, so that none is entered."""
POINTS_MAX = 100_000
"""Bytes of all contact points of one organisation: they are read with every record of a page."""


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept: a REGON without padding, nothing twice in a list."""
    kept = each_once(values)
    if kept.get("regon"):
        kept["regon"] = unpadded(kept["regon"])
    if kept.get("contact_points"):
        kept["contact_points"] = tuple(narrowed(point, ContactPoint) for point in kept["contact_points"])
    return kept


def are_sound(id_: str, values: Mapping[str, Any]) -> None:
    """What can be said of the values without any other record."""
    numbers_are_valid(values)
    is_no_relative_of_itself(id_, values)
    hours_are_in_order(values.get("contact_points") or ())


def numbers_are_valid(values: Mapping[str, Any]) -> None:
    for name in ("nip", "regon"):
        if values.get(name) is not None:
            number_is_valid(name, values[name])


def benefit_ends_after_it_began(would_be: StoredOrganization) -> None:
    since, until = would_be.public_benefit_since, would_be.public_benefit_until
    if since is not None and until is not None and until < since:
        raise Refused(
            "ENDS_BEFORE_START",
            pl="Status pożytku publicznego nie może się skończyć przed dniem, w którym się zaczął.",
            en="Public-benefit status cannot end before the day on which it began.",
            field="publicBenefitUntil",
        )


def points_are_few(points: Sequence[ContactPoint]) -> None:
    size = len(encode(points))
    if size > POINTS_MAX:
        raise Refused(
            "CONTACT_POINTS_TOO_LONG",
            pl=f"Punkty kontaktowe mają razem {size} bajtów, a mogą mieć {POINTS_MAX}; skróć je, a placówki zgłoś jako "
            "osobne jednostki.",
            en=f"All contact points together have {size} bytes, and may have {POINTS_MAX}; shorten them, and submit "
            "branches as units of their own.",
            field="contactPoints",
        )


def benefit_fits_its_days(known: StoredOrganization | None, would_be: StoredOrganization, today: date) -> None:
    """Whether it has the status today, and the days since and until when, say the same.

    Asked of a change of them only: a last day that has passed meanwhile keeps nobody from changing the website. That it
    is lost may be known without the day.
    """
    has, since, until = _benefit(would_be)
    if known is not None and _benefit(known) == (has, since, until):
        return
    if since is not None and since > today:
        raise Refused(
            "DATE_IN_FUTURE",
            pl="Status pożytku publicznego nie może się zacząć w przyszłości; zapisz go, gdy zostanie wpisany do KRS.",
            en="Public-benefit status cannot begin in the future; record it when it has been entered in the KRS.",
            field="publicBenefitSince",
        )
    # a record that comes whole from elsewhere may be from before that day: it goes in as it went out
    if known is not None and has and until is not None and until < today:
        raise Refused(
            "BENEFIT_ENDED",
            pl=f"Status pożytku publicznego skończył się {until}: podaj publicBenefit: false, a jeśli organizacja "
            "znów go ma, opróżnij publicBenefitUntil.",
            en=f"Public-benefit status ended on {until}: give publicBenefit: false, or, where the organisation has it "
            "again, clear publicBenefitUntil.",
            field="publicBenefitUntil",
        )
    if not has and until is not None and until > today:
        raise Refused(
            "BENEFIT_NOT_ENDED",
            pl=f"Status pożytku publicznego trwa do {until}: do tego dnia podaj publicBenefit: true.",
            en=f"Public-benefit status lasts until {until}: up to that day give publicBenefit: true.",
            field="publicBenefit",
        )


def _benefit(one: StoredOrganization) -> tuple[bool, date | None, date | None]:
    return one.public_benefit, one.public_benefit_since, one.public_benefit_until


def hours_are_in_order(points: Sequence[ContactPoint]) -> None:
    """Opened before closed, and on no weekday open twice at one time. Hours past midnight are those of two days."""
    for at, point in enumerate(points):
        for place, hours in enumerate(point.hours):
            field = f"contactPoints.{at}.hours.{place}"
            if hours.closes <= hours.opens:
                raise Refused(
                    "CLOSES_BEFORE_OPENING",
                    pl=f"Godziny {hours.opens}–{hours.closes} kończą się przed rozpoczęciem; popraw je, a otwarcie "
                    "przez północ podziel na dwa dni.",
                    en=f"The hours {hours.opens} to {hours.closes} end before they start; correct them, and split what "
                    "goes past midnight into two days.",
                    field=field,
                )
            for other in point.hours[:place]:
                if _overlap(hours, other):
                    raise Refused(
                        "HOURS_OVERLAP",
                        pl=f"Godziny {hours.opens}–{hours.closes} nakładają się tego dnia na {other.opens}–"
                        f"{other.closes}; podaj je raz.",
                        en=f"The hours {hours.opens} to {hours.closes} overlap with {other.opens} to {other.closes} on "
                        "that day; give them once.",
                        field=field,
                    )


def _overlap(one: OpeningHours, other: OpeningHours) -> bool:
    # texts of one length: they compare as times do
    return one.day is other.day and one.opens < other.closes and other.opens < one.closes


def is_no_relative_of_itself(id_: str, values: Mapping[str, Any]) -> None:
    for name, field in RELATIVES.items():
        for place, other in enumerate(ids(values.get(name))):
            if other == id_:
                raise Refused(
                    "OWN_RELATIVE",
                    pl="Organizacja nie może być własną jednostką nadrzędną, operatorem, założycielem ani federacją.",
                    en="An organisation cannot be its own parent, operator, founder or federation.",
                    field=field if isinstance(values[name], str) else f"{field}.{place}",
                )


def is_no_circle(id_: str, ancestors: Sequence[str]) -> None:
    """`ancestors` are those of the parent that is asked for, itself the first."""
    if id_ in ancestors:
        raise Refused(
            "HIERARCHY_CIRCLE",
            pl="Ta jednostka nadrzędna jest jednostką tej organizacji; wskaż inną, spoza jej jednostek.",
            en="This parent is a unit of the organisation itself; name one that is not below it.",
            field="parentId",
        )


def is_not_too_deep(ancestors: Sequence[str]) -> None:
    """`ancestors` are those of the parent that is asked for, itself the first, as far up as anybody looks."""
    if len(ancestors) >= LEVELS_MAX:
        raise Refused(
            "HIERARCHY_TOO_DEEP",
            pl=f"Nad tą organizacją byłoby {LEVELS_MAX} lub więcej szczebli; wskaż jednostkę nadrzędną z wyższego "
            "szczebla.",
            en=f"There would be {LEVELS_MAX} levels or more above this organisation; name a parent of a higher level.",
            field="parentId",
        )


def unknown_relative(field: str) -> Refused:
    return Refused(
        "UNKNOWN_ORGANIZATION",
        pl="Nie ma opublikowanej organizacji o tym identyfikatorze; sprawdź go albo najpierw ją zgłoś.",
        en="There is no published organisation with this id; check it, or submit the organisation first.",
        field=field,
    )


def new_names(organization: StoredOrganization, values: Mapping[str, Any]) -> dict[str, str]:
    """The names that a change brings, by field: what the organisation was called already is not asked for again."""
    own = {names.in_full(name) for name in (organization.name, *organization.aliases)}
    given = {"name": values["name"]} if values.get("name") else {}
    given |= {f"aliases.{place}": alias for place, alias in enumerate(values.get("aliases") or ())}
    return {field: name for field, name in given.items() if names.in_full(name) not in own}


def ids(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
