"""When error reports must be decided, and what of them can be applied."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.registry.corrections import rules
from services.registry.corrections.collections import StoredCorrection
from shared.contracts.corrections import CorrectionStatus, DecideCorrection
from shared.contracts.organisations import LegalForm
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
        (date(2018, 1, 2), date(2018, 1, 16)),  # before the first promise: as the first says
    ],
)
def test_a_report_is_decided_within_ten_polish_working_days(received: date, last: date) -> None:
    assert rules.decide_by(received) == last


def test_the_deadline_is_the_one_that_held_on_the_day_of_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "DECIDE_WITHIN", ((date(2019, 1, 1), 10), (date(2026, 7, 1), 1)))
    assert rules.decide_by(date(2026, 6, 30)) == date(2026, 7, 14)
    assert rules.decide_by(date(2026, 7, 1)) == date(2026, 7, 2)


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


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("name", "Fundacja Agape", ("name", "Fundacja Agape")),
        ("legalForm", "ASSOCIATION", ("legal_form", LegalForm.ASSOCIATION)),
        ("publicBenefit", "Tak", ("public_benefit", True)),
        ("publicBenefit", "false", ("public_benefit", False)),
        ("krs", "0000123456", ("krs", "0000123456")),
        ("nip", "5732745883", ("nip", "5732745883")),
        ("regon", "61018820100000", ("regon", "610188201")),
        ("website", "https://example.org", ("website", "https://example.org")),
    ],
)
def test_a_simple_field_takes_the_proposed_value(field: str, text: str, expected: tuple[str, Any]) -> None:
    assert rules.applied_value(correction(field=field, proposed=text), decision(apply=True)) == expected
    other = correction(field=field, proposed="cokolwiek")
    assert rules.applied_value(other, decision(apply=True, value=text)) == expected


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"field": "name", "proposed": "A", "record_id": new_id("con")}, "CANNOT_APPLY"),
        ({"field": None, "proposed": "A"}, "CANNOT_APPLY"),
        ({"field": "contactPoints", "proposed": "A"}, "CANNOT_APPLY"),
        ({"field": "status", "proposed": "PUBLISHED"}, "CANNOT_APPLY"),
        ({"field": "name"}, "CANNOT_APPLY"),
        ({"field": "name", "proposed": "x" * 301}, "CANNOT_APPLY"),
        ({"field": "legalForm", "proposed": "fundacja"}, "CANNOT_APPLY"),
        ({"field": "publicBenefit", "proposed": "chyba"}, "CANNOT_APPLY"),
        ({"field": "krs", "proposed": "12"}, "CANNOT_APPLY"),
        ({"field": "nip", "proposed": "5732745884"}, "CHECKSUM_WRONG"),
        ({"field": "website", "proposed": "javascript:alert(1)"}, "CANNOT_APPLY"),
    ],
)
def test_what_cannot_be_applied_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        rules.applied_value(correction(**more), decision(apply=True))
