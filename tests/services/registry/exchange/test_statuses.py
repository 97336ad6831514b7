"""What an import may say of a status; without a store."""

from datetime import date
from typing import Any

import pytest

from services.registry.exchange.merging import made
from services.registry.exchange.reading import RowRefused, values_of
from services.registry.organisations.collections import StoredOrganization
from shared.contracts.organisations import OrganizationStatus
from tests.services.registry.exchange.test_merging import ROW, TODAY, imported, organization

SUSPENDED = {"field": "status", "source": "suspended", "on": "2026-01-05", "role": "official", "reason": "Brak danych"}
REINSTATED = {"field": "status", "source": "reinstated", "on": "2026-01-06", "role": "official"}


def new(**more: Any) -> StoredOrganization:
    given = {"name": "Fundacja Próba", "legalForm": "FOUNDATION", "krs": "0000000007"} | more
    return made(ROW, values_of(ROW, given), "import CSV", TODAY)


def refused(attempt: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(RowRefused) as told:
        attempt()
    assert all(error.pl != error.en for error in told.value.errors)
    return [(error.column, error.code) for error in told.value.errors]


def known(status: str) -> StoredOrganization:
    more = {"SUSPENDED": {"decisionReason": "x"}, "DISSOLVED": {"dissolvedOn": "2020-01-01"}}.get(status, {})
    return new(status=status, **more)


@pytest.mark.parametrize(
    ("status", "wanted", "how"),
    [
        ("PUBLISHED", "SUSPENDED", "suspendOrganization"),
        ("SUSPENDED", "PUBLISHED", "reinstateOrganization"),
        ("PUBLISHED", "DISSOLVED", "dissolveOrganization"),
        ("SUSPENDED", "DISSOLVED", "dissolveOrganization"),
        ("DISSOLVED", "PUBLISHED", "there is no such step"),
        ("PUBLISHED", "SUBMITTED", "there is no such step"),
    ],
)
def test_an_import_changes_no_status_and_says_what_does(status: str, wanted: str, how: str) -> None:
    there = known(status)
    with pytest.raises(RowRefused) as told:
        imported(there, status=wanted, decisionReason="x", dissolvedOn="2020-01-01")
    (error,) = told.value.errors
    assert (error.column, error.code, how in error.en) == ("status", "STATUS_IS_DECIDED", True)
    assert there.id in error.pl
    written = imported(there, status=status, website="https://example.org")
    assert (written.status, written.decision_reason, written.dissolved_on) == (
        there.status,
        there.decision_reason,
        there.dissolved_on,
    )


def test_what_was_decided_with_a_status_is_not_overwritten_but_filled_in_where_it_lacks() -> None:
    assert refused(lambda: imported(known("SUSPENDED"), decisionReason=None)) == [
        ("decisionReason", "STATUS_IS_DECIDED")
    ]
    assert refused(lambda: imported(known("DISSOLVED"), dissolvedOn="2021-01-01")) == [
        ("dissolvedOn", "STATUS_IS_DECIDED")
    ]
    assert refused(lambda: imported(known("PUBLISHED"), dissolvedOn="2021-01-01")) == [("dissolvedOn", "NOT_DISSOLVED")]
    without = organization(status="DISSOLVED")
    assert imported(without, dissolvedOn="2021-01-01").dissolved_on == date(2021, 1, 1)
    assert refused(lambda: imported(without, dissolvedOn="2026-03-02")) == [("dissolvedOn", "DATE_IN_FUTURE")]


def test_a_rejected_submission_is_brought_back_by_no_import() -> None:
    rejected = organization(status="REJECTED")
    for set_ in ({"status": "PUBLISHED"}, {"website": "https://example.org"}):
        assert refused(lambda given=set_: imported(rejected, **given)) == [("status", "WRONG_STATUS")]
    assert imported(rejected, name=rejected.name) is rejected


@pytest.mark.parametrize(
    ("set_", "wrong"),
    [
        ({"status": "SUBMITTED"}, ("status", "WRONG_STATUS")),
        ({"status": "REJECTED"}, ("status", "WRONG_STATUS")),
        ({"status": "SUSPENDED"}, ("decisionReason", "REASON_REQUIRED")),
        ({"status": "DISSOLVED"}, ("dissolvedOn", "MISSING")),
        ({"status": "DISSOLVED", "dissolvedOn": "2026-03-02"}, ("dissolvedOn", "DATE_IN_FUTURE")),
        ({"dissolvedOn": "2020-01-01"}, ("dissolvedOn", "NOT_DISSOLVED")),
        ({"decisionReason": "x"}, ("decisionReason", "WRONG_STATUS")),
    ],
)
def test_a_new_record_says_what_its_status_needs(set_: dict[str, Any], wrong: tuple[str, str]) -> None:
    assert refused(lambda: new(**set_)) == [wrong]


def test_a_new_record_may_come_suspended_with_its_reason_or_dissolved_with_its_day() -> None:
    assert new(status="SUSPENDED", decisionReason="Brak danych").status is OrganizationStatus.SUSPENDED
    assert new(status="DISSOLVED", dissolvedOn="2026-03-01").dissolved_on == TODAY
    # a file that has the reason only where the step stands among the sources
    assert new(status="SUSPENDED", provenance=[REINSTATED, SUSPENDED]).decision_reason == "Brak danych"
    assert refused(lambda: new(status="SUSPENDED", provenance=[SUSPENDED, REINSTATED])) == [
        ("decisionReason", "REASON_REQUIRED")
    ]


@pytest.mark.parametrize("with_id", [True, False])
def test_every_step_of_the_status_stays_whatever_an_import_changes(with_id: bool) -> None:
    history = [SUSPENDED, REINSTATED, SUSPENDED | {"on": "2026-01-07"}, REINSTATED | {"on": "2026-01-08"}]
    more = {"id": organization().id} if with_id else {}
    there = new(status="PUBLISHED", provenance=history, **more)
    written = imported(there, website="https://example.org", provenance=history[:1])
    for one in (there, written):
        taken = [(step.source, step.on.day) for step in one.provenance if step.field == "status"]
        assert taken == [("suspended", 5), ("reinstated", 6), ("suspended", 7), ("reinstated", 8)]
    assert imported(written, website="https://example.org", provenance=history[:1]) is written


def test_no_step_of_another_register_is_added_to_the_history_of_a_known_record() -> None:
    there = organization()
    assert imported(there, provenance=[SUSPENDED, REINSTATED]) is there
