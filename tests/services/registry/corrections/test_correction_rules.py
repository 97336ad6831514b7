"""When error reports must be decided, and what of them can be applied."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from services.registry.corrections import content, rules
from services.registry.corrections.collections import StoredCorrection
from services.registry.law.rules import in_force
from services.registry.organisations.collections import StoredOrganization
from shared.contracts.base import Address, ContactPoint, OpeningHours, Weekday
from shared.contracts.correcting import corrected_value, text_of
from shared.contracts.corrections import CorrectionStatus, DecideCorrection
from shared.contracts.law import LegalSetting, Limit, Unit
from shared.contracts.organisations import Award, Field, LegalForm, Organization, OrganizationStatus
from shared.contracts.paths import annotation_at
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id


def correction(**more: Any) -> StoredCorrection:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = {
        "record_id": new_id("org"),
        "wrong": "Literówka",
        "status": CorrectionStatus.RECEIVED,
        "decide_by": date(2026, 1, 15),
        "reported_by": "somebody",
    }
    return StoredCorrection(id=new_id("cor"), version=1, created_at=moment, updated_at=moment, **values | more)


def decision(**more: Any) -> DecideCorrection:
    values: dict[str, Any] = {"id": new_id("cor"), "expected_version": 1, "accept": True}
    return DecideCorrection(**values | more)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 17)),  # Independence Day lies between
        (date(2026, 11, 21), date(2026, 12, 4)),  # received on a Saturday
        (date(2026, 12, 21), date(2027, 1, 8)),  # Christmas, New Year, Epiphany
    ],
)
def test_a_report_is_decided_within_ten_polish_working_days(received: date, last: date) -> None:
    term = in_force(None, Limit.CORRECTION_DECIDED_WITHIN, received)
    assert rules.decide_by(received, term) == last


def test_the_deadline_is_the_one_that_held_on_the_day_of_receipt() -> None:
    entered = LegalSetting(
        id=new_id("law"),
        version=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        name=Limit.CORRECTION_DECIDED_WITHIN,
        value=1,
        unit=Unit.WORKING_DAYS,
        valid_from=date(2026, 7, 1),
        legal_basis="zarządzenie",
    )
    for received, setting, last in (
        (date(2026, 6, 30), None, date(2026, 7, 14)),
        (date(2026, 7, 1), entered, date(2026, 7, 2)),
    ):
        term = in_force(setting, Limit.CORRECTION_DECIDED_WITHIN, received)
        assert rules.decide_by(received, term) == last


@pytest.mark.parametrize("role", list(Role))
def test_reports_are_decided_by_officials_and_editors(role: Role) -> None:
    viewer = Viewer(subject="x", roles=frozenset({role}))
    try:
        rules.may_decide(viewer)
        assert role in (Role.OFFICIAL, Role.EDITOR)
    except Refused as refused:
        assert refused.status == 403
        assert role not in (Role.OFFICIAL, Role.EDITOR)


def test_a_report_is_seen_by_its_reporter_and_reviewers() -> None:
    one = correction()
    assert rules.may_see(one, Viewer(subject="somebody"))
    assert rules.may_see(one, Viewer(subject="x", roles=frozenset({Role.MODERATOR})))
    assert not rules.may_see(one, Viewer(subject="x", roles=frozenset({Role.RESIDENT})))
    assert not rules.may_see(one, None)


@pytest.mark.parametrize("status", [CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED])
def test_a_report_is_decided_once(status: CorrectionStatus) -> None:
    with pytest.raises(Refused, match="ALREADY_DECIDED"):
        rules.can_be_decided(correction(status=status), decision())


def test_a_rejected_report_has_a_reason_and_changes_nothing() -> None:
    with pytest.raises(Refused, match="REASON_REQUIRED"):
        rules.can_be_decided(correction(), decision(accept=False))
    with pytest.raises(Refused, match="CANNOT_APPLY"):
        rules.can_be_decided(correction(), decision(accept=False, reason="Jest dobrze", apply=True))


def organization(**more: Any) -> StoredOrganization:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = {
        "name": "Fundacja",
        "legal_form": LegalForm.FOUNDATION,
        "status": OrganizationStatus.PUBLISHED,
        "aliases": ("Skrót",),
        "address": ADDRESS,
        "contact_points": (ContactPoint(phones=("34 370 76 30",)),),
    }
    return StoredOrganization(id=new_id("org"), version=1, created_at=moment, updated_at=moment, **values | more)


def corrected(field: str, text: str) -> tuple[str, Any]:
    one = correction(field=field, proposed=text)
    record = organization()
    kind = content.correctable(one.record_id, field)
    attribute, value = corrected_value(record, kind.contract, field, content.proposed(one, decision()))
    # what is shown as the new value is what was proposed, in the form in which it could be proposed again
    shown = text_of(msgspec.structs.replace(record, **{attribute: value}), kind.contract, field)
    assert corrected_value(record, kind.contract, field, shown or "") == (attribute, value)
    return attribute, value


HOURS = OpeningHours(day=Weekday.MONDAY, opens="08:00", closes="16:00")
DISTRICT = f"dis_{26 * '0'}"
ADDRESS = Address(street="Śląska", city="Częstochowa")


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("name", "Fundacja Agape", ("name", "Fundacja Agape")),
        ("aliases", "Agape\n  Fundacja Agape ", ("aliases", ("Agape", "Fundacja Agape"))),
        ("aliases.0", "Agape", ("aliases", ("Agape",))),
        ("aliases.1", "Agape", ("aliases", ("Skrót", "Agape"))),
        ("legalForm", "ASSOCIATION", ("legal_form", LegalForm.ASSOCIATION)),
        ("publicBenefit", "Tak", ("public_benefit", True)),
        ("publicBenefit", "false", ("public_benefit", False)),
        ("publicBenefitSince", "2016-01-02", ("public_benefit_since", date(2016, 1, 2))),
        ("krs", "0000123456", ("krs", "0000123456")),
        ("website", "https://example.org", ("website", "https://example.org")),
        ("fields", "HEALTH\nCULTURE_ART", ("fields", (Field.HEALTH, Field.CULTURE_ART))),
        ("districtIds", DISTRICT, ("district_ids", (DISTRICT,))),
        ("address.street", "Warszawska", ("address", Address(street="Warszawska", city="Częstochowa"))),
        (
            "address.postalCode",
            "42-200",
            ("address", Address(street="Śląska", postal_code="42-200", city="Częstochowa")),
        ),
        ("address", '{"city": "Kłobuck"}', ("address", Address(city="Kłobuck"))),
        (
            "contactPoints.0.phones",
            "34 370 76 31\n34 370 76 32",
            ("contact_points", (ContactPoint(phones=("34 370 76 31", "34 370 76 32")),)),
        ),
        (
            "contactPoints.0.hours",
            '[{"day": "MONDAY", "opens": "08:00", "closes": "16:00"}]',
            ("contact_points", (ContactPoint(phones=("34 370 76 30",), hours=(HOURS,)),)),
        ),
        ("awards.0.name", "Jurajski Produkt", ("awards", (Award(name="Jurajski Produkt"),))),
        ("representatives", '[{"name": "Jan Nowak", "function": "Prezes"}]', None),
    ],
)
def test_any_fact_of_an_organisation_takes_the_proposed_value(field: str, text: str, expected: Any) -> None:
    attribute, value = corrected(field, text)
    if expected is not None:
        assert (attribute, value) == expected


def test_every_fact_of_an_organisation_can_be_corrected_and_no_decision_on_it() -> None:
    made_here = {"id", "version", "createdAt", "updatedAt", "status", "decisionReason", "dissolvedOn"}
    every = {field.encode_name for field in msgspec.structs.fields(Organization)}
    assert content.CORRECTABLE["org"].fields == every - made_here - {"provenance", "source"}


def test_every_record_that_is_corrected_keeps_where_its_facts_come_from() -> None:
    for kind in content.CORRECTABLE.values():
        assert "provenance" in kind.contract.__struct_fields__, kind.contract
        assert all(annotation_at(kind.contract, field) is not None for field in kind.fields)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"field": "title", "proposed": "A", "record_id": new_id("con")}, "CANNOT_APPLY"),
        ({"field": "title", "proposed": "A", "record_id": new_id("smg")}, "CANNOT_APPLY"),
        ({"field": None, "proposed": "A"}, "CANNOT_APPLY"),
        ({"field": "status", "proposed": "PUBLISHED"}, "CANNOT_APPLY"),
        ({"field": "provenance.0.source", "proposed": "x"}, "CANNOT_APPLY"),
        ({"field": "name"}, "CANNOT_APPLY"),
        ({"field": "name", "proposed": "x" * 301}, "CANNOT_APPLY"),
        ({"field": "name.city", "proposed": "x"}, "UNKNOWN_FIELD"),
        ({"field": "aliases.5", "proposed": "x"}, "CANNOT_APPLY"),
        ({"field": "contactPoints", "proposed": "34 370 76 30"}, "CANNOT_APPLY"),
        ({"field": "contactPoints.0.phones", "proposed": "brak"}, "CANNOT_APPLY"),
        ({"field": "legalForm", "proposed": "fundacja"}, "CANNOT_APPLY"),
        ({"field": "publicBenefit", "proposed": "chyba"}, "CANNOT_APPLY"),
        ({"field": "krs", "proposed": "12"}, "CANNOT_APPLY"),
        ({"field": "website", "proposed": "javascript:alert(1)"}, "CANNOT_APPLY"),
        ({"field": "awards", "proposed": '[{"name": "44051401359"}]'}, "CANNOT_APPLY"),
    ],
)
def test_what_cannot_be_applied_is_refused(more: dict[str, Any], code: str) -> None:
    one = correction(**more)

    def applied() -> None:
        kind = content.correctable(one.record_id, one.field)
        corrected_value(organization(), kind.contract, one.field or "", content.proposed(one, decision()))

    with pytest.raises(Refused, match=code):
        applied()


@pytest.mark.parametrize("field", ["surname", "address.country", "name.first", "aliases.x", "contactPoints.phones", ""])
def test_a_field_that_no_record_has_is_unknown(field: str) -> None:
    with pytest.raises(Refused, match="UNKNOWN_FIELD"):
        content.field_is_known(new_id("org"), field)
