"""What the values of a changed record must be."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from services.registry.amendments import rules
from services.registry.organisations.collections import StoredOrganization
from services.registry.submissions.rules import identifiers_are_valid
from shared.contracts.base import ContactPoint, OpeningHours, Weekday
from shared.contracts.organisations import LegalForm, OrganizationStatus, SubmitOrganization
from shared.contracts.refusals import Refused
from shared.ids import new_id

ID, OTHER = new_id("org"), new_id("org")


def point(*hours: tuple[Weekday, str, str]) -> ContactPoint:
    return ContactPoint(hours=tuple(OpeningHours(day=day, opens=opens, closes=closes) for day, opens, closes in hours))


def refused(values: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as told:
        rules.are_sound(ID, values)
    return told.value.code, told.value.field


@pytest.mark.parametrize(("opens", "closes"), [("16:00", "08:00"), ("08:00", "08:00"), ("20:00", "06:00")])
def test_nothing_closes_before_it_opens(opens: str, closes: str) -> None:
    points = (point((Weekday.MONDAY, "08:00", "16:00")), point((Weekday.MONDAY, opens, closes)))
    assert refused({"contact_points": points}) == ("CLOSES_BEFORE_OPENING", "contactPoints.1.hours.0")


@pytest.mark.parametrize(("opens", "closes"), [("08:00", "16:00"), ("10:00", "11:00"), ("15:59", "18:00")])
def test_hours_of_one_day_do_not_overlap(opens: str, closes: str) -> None:
    hours = point(
        (Weekday.MONDAY, "08:00", "16:00"), (Weekday.FRIDAY, "08:00", "16:00"), (Weekday.MONDAY, opens, closes)
    )
    assert refused({"contact_points": (hours,)}) == ("HOURS_OVERLAP", "contactPoints.0.hours.2")


def test_a_break_at_noon_and_other_days_are_no_overlap() -> None:
    hours = (Weekday.MONDAY, "08:00", "12:00"), (Weekday.MONDAY, "12:00", "16:00"), (Weekday.TUESDAY, "08:00", "16:00")
    rules.are_sound(ID, {"contact_points": (point(*hours), point(*hours))})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"parent_id": ID}, "parentId"),
        ({"operator_id": ID}, "operatorId"),
        ({"founder_ids": (OTHER, ID)}, "founderIds.1"),
        ({"federation_ids": (ID,)}, "federationIds.0"),
    ],
)
def test_an_organisation_is_no_relative_of_itself(values: dict[str, Any], field: str) -> None:
    assert refused(values) == ("OWN_RELATIVE", field)


def test_a_unit_is_not_its_own_ancestor() -> None:
    rules.is_no_circle(ID, (OTHER, new_id("org")))
    with pytest.raises(Refused, match="HIERARCHY_CIRCLE"):
        rules.is_no_circle(ID, (OTHER, ID))


def test_a_hierarchy_is_no_deeper_than_anybody_looks() -> None:
    rules.is_not_too_deep([new_id("org")] * (rules.LEVELS_MAX - 1))
    with pytest.raises(Refused, match="HIERARCHY_TOO_DEEP"):
        rules.is_not_too_deep([new_id("org")] * rules.LEVELS_MAX)


def test_all_contact_points_together_are_bounded() -> None:
    full = ContactPoint(rooms=("ą" * 300,) * 20)
    rules.points_are_few((full,) * 8)
    with pytest.raises(Refused, match="CONTACT_POINTS_TOO_LONG"):
        rules.points_are_few((full,) * 9)


@pytest.mark.parametrize(("field", "number"), [("nip", "5732745884"), ("regon", "151399003")])
def test_the_check_digits_of_a_changed_number_are_checked(field: str, number: str) -> None:
    assert refused({field: number}) == ("CHECKSUM_WRONG", field)


@pytest.mark.parametrize(("field", "number"), [("nip", "0" * 10), ("regon", "0" * 9), ("regon", "0" * 14)])
def test_zeros_alone_are_no_number(field: str, number: str) -> None:
    assert refused({field: number}) == ("NUMBER_OF_ZEROS", field)
    command = SubmitOrganization(name="Fundacja", legal_form=LegalForm.FOUNDATION)
    with pytest.raises(Refused, match="NUMBER_OF_ZEROS"):
        identifiers_are_valid(msgspec.structs.replace(command, **{field: number}))


def test_a_padded_regon_and_ids_given_twice_are_cleaned() -> None:
    given = {"regon": "61018820100000", "founder_ids": (OTHER, OTHER), "aliases": ("B", "A", "B"), "website": None}
    kept = rules.cleaned(given)
    assert kept == {"regon": "610188201", "founder_ids": (OTHER,), "aliases": ("B", "A"), "website": None}


def organization(**more: Any) -> StoredOrganization:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = {
        "name": "Fundacja Agape",
        "aliases": ("Agape",),
        "legal_form": LegalForm.FOUNDATION,
        "status": OrganizationStatus.PUBLISHED,
    }
    return StoredOrganization(id=ID, version=1, created_at=moment, updated_at=moment, **values | more)


def test_public_benefit_status_does_not_end_before_it_began() -> None:
    days = {"public_benefit_since": date(2020, 1, 2), "public_benefit_until": date(2020, 1, 1)}
    with pytest.raises(Refused, match="ENDS_BEFORE_START"):
        rules.benefit_ends_after_it_began(organization(**days))
    rules.benefit_ends_after_it_began(organization(**days | {"public_benefit_until": None}))


@pytest.mark.parametrize(
    ("has", "since", "until", "code"),
    [
        (True, None, date(2014, 1, 1), "BENEFIT_ENDED"),
        (True, None, date(2026, 2, 28), "BENEFIT_ENDED"),
        (True, None, date(2026, 3, 1), None),  # the last day is one of those on which it has the status
        (False, date(2030, 1, 1), None, "DATE_IN_FUTURE"),
        (True, date(2026, 3, 2), None, "DATE_IN_FUTURE"),
        (True, date(2026, 3, 1), None, None),
        (False, date(2010, 1, 1), date(2026, 3, 2), "BENEFIT_NOT_ENDED"),
        (False, date(2010, 1, 1), date(2026, 3, 1), None),
        (False, date(2010, 1, 1), None, None),  # lost, nobody knows when
    ],
)
def test_public_benefit_status_is_what_its_days_say(
    has: bool, since: date | None, until: date | None, code: str | None
) -> None:
    would_be = organization(public_benefit=has, public_benefit_since=since, public_benefit_until=until)
    # what comes whole from elsewhere may be from before the last day
    knowns = [organization(public_benefit=not has)] + ([None] if code != "BENEFIT_ENDED" else [])
    for known in knowns:
        if code is None:
            rules.benefit_fits_its_days(known, would_be, date(2026, 3, 1))
        else:
            with pytest.raises(Refused, match=code):
                rules.benefit_fits_its_days(known, would_be, date(2026, 3, 1))
    # a day that has passed since keeps nobody from changing something else
    rules.benefit_fits_its_days(would_be, would_be, date(2040, 3, 1))


def test_only_names_that_a_change_brings_are_compared() -> None:
    there = organization()
    assert rules.new_names(there, {"website": "https://a.pl"}) == {}
    assert rules.new_names(there, {"name": "AGAPE", "aliases": ("fundacja agape", "Nowa")}) == {"aliases.1": "Nowa"}
