"""Every status and every step: which go together, and who may."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from services.registry.organisations import rules
from services.registry.organisations.collections import StoredOrganization
from services.registry.organisations.rules import Step
from shared.contracts.lifecycle import Clearable, UpdateOrganization
from shared.contracts.organisations import LegalForm, OrganizationStatus
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id

S = OrganizationStatus
ALLOWED = {
    (S.SUBMITTED, Step.VERIFIED): S.VERIFIED,
    (S.SUBMITTED, Step.REJECTED): S.REJECTED,
    (S.VERIFIED, Step.PUBLISHED): S.PUBLISHED,
    (S.VERIFIED, Step.REJECTED): S.REJECTED,
    (S.PUBLISHED, Step.SUSPENDED): S.SUSPENDED,
    (S.PUBLISHED, Step.DISSOLVED): S.DISSOLVED,
    (S.SUSPENDED, Step.REINSTATED): S.PUBLISHED,
    (S.SUSPENDED, Step.DISSOLVED): S.DISSOLVED,
}
MAY = {
    Step.VERIFIED: {Role.MODERATOR, Role.OFFICIAL},
    Step.PUBLISHED: {Role.EDITOR, Role.OFFICIAL},
    Step.REJECTED: {Role.MODERATOR, Role.EDITOR, Role.OFFICIAL},
    Step.SUSPENDED: {Role.OFFICIAL},
    Step.REINSTATED: {Role.OFFICIAL},
    Step.DISSOLVED: {Role.OFFICIAL},
}
ID = new_id("org")


def organization(**more: Any) -> StoredOrganization:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = {"name": "Fundacja", "legal_form": LegalForm.FOUNDATION, "status": S.PUBLISHED}
    return StoredOrganization(id=ID, version=1, created_at=moment, updated_at=moment, **values | more)


def viewer(*roles: Role, **more: Any) -> Viewer:
    return Viewer(subject="somebody", roles=frozenset(roles), **more)


@pytest.mark.parametrize(("status", "step"), list(product(S, Step)))
def test_a_step_starts_only_where_the_table_says(status: OrganizationStatus, step: Step) -> None:
    try:
        assert rules.moved(status, step) is ALLOWED.get((status, step))
    except Refused as refused:
        assert refused.code == "WRONG_STATUS"
        assert (status, step) not in ALLOWED


@pytest.mark.parametrize(("role", "step"), list(product(Role, Step)))
def test_a_step_is_taken_only_by_the_roles_of_the_table(role: Role, step: Step) -> None:
    try:
        rules.may_take(viewer(role), step)
        assert role in MAY[step]
    except Refused as refused:
        assert refused.status == 403
        assert role not in MAY[step]


@pytest.mark.parametrize("status", list(S))
def test_visitors_see_what_was_ever_published(status: OrganizationStatus) -> None:
    assert rules.may_see(organization(status=status), None) is (status in (S.PUBLISHED, S.SUSPENDED, S.DISSOLVED))
    assert rules.may_see(organization(status=status), viewer(Role.MODERATOR))
    assert rules.may_see(organization(status=status, submitted_by="somebody"), viewer(Role.RESIDENT))


def test_a_dissolution_lies_not_in_the_future() -> None:
    rules.dissolution_is_past(date(2026, 5, 4), date(2026, 5, 4))
    with pytest.raises(Refused, match="DATE_IN_FUTURE"):
        rules.dissolution_is_past(date(2026, 5, 5), date(2026, 5, 4))


def test_a_representative_updates_a_few_fields_of_the_own_organisation() -> None:
    own = viewer(Role.REPRESENTATIVE, organization_ids=frozenset({ID}))
    rules.may_update(own, ID, ["contactPoints", "website", "description", "services"])
    with pytest.raises(Refused, match="FIELD_NOT_YOURS") as refused:
        rules.may_update(own, ID, ["website", "name"])
    assert refused.value.field == "name"
    for other in (viewer(Role.REPRESENTATIVE), viewer(Role.RESIDENT, organization_ids=frozenset({ID}))):
        with pytest.raises(Refused, match="FORBIDDEN"):
            rules.may_update(other, ID, ["website"])


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.EDITOR])
def test_staff_update_every_field(role: Role) -> None:
    rules.may_update(viewer(role), ID, ["name", "aliases", "representatives"])


@pytest.mark.parametrize("status", list(S))
def test_what_is_rejected_or_dissolved_is_not_updated(status: OrganizationStatus) -> None:
    try:
        rules.can_be_updated(organization(status=status), viewer(Role.OFFICIAL))
        assert status not in (S.REJECTED, S.DISSOLVED)
    except Refused as refused:
        assert refused.code == "WRONG_STATUS"
        assert status in (S.REJECTED, S.DISSOLVED)


@pytest.mark.parametrize("status", list(S))
def test_a_representative_does_not_update_what_is_suspended_or_dissolved(status: OrganizationStatus) -> None:
    own = viewer(Role.REPRESENTATIVE, organization_ids=frozenset({ID}))
    codes = {S.SUSPENDED: "SUSPENDED", S.DISSOLVED: "WRONG_STATUS", S.REJECTED: "WRONG_STATUS"}
    try:
        rules.can_be_updated(organization(status=status), own)
        assert status not in codes
    except Refused as refused:
        assert refused.code == codes[status]


def test_every_step_leaves_who_by_role_when_and_why() -> None:
    first = rules.stepped((), viewer(Role.OFFICIAL), Step.SUSPENDED, date(2026, 1, 1), "Brak sprawozdania")
    second = rules.stepped(first, viewer(Role.OFFICIAL, Role.EDITOR), Step.REINSTATED, date(2026, 2, 1), None)
    assert [(one.field, one.source, one.on, one.role, one.reason) for one in second] == [
        ("status", "suspended", date(2026, 1, 1), Role.OFFICIAL, "Brak sprawozdania"),
        ("status", "reinstated", date(2026, 2, 1), Role.OFFICIAL, None),
    ]


def test_an_update_sets_or_clears_something_and_not_both() -> None:
    assert rules.asked_values(UpdateOrganization(id=ID, expected_version=1, services=())) == {"services": ()}
    cleared = UpdateOrganization(id=ID, expected_version=1, clear=(Clearable.WEBSITE,))
    assert rules.asked_values(cleared) == {"website": None}
    with pytest.raises(Refused, match="NOTHING_TO_CHANGE"):
        rules.asked_values(UpdateOrganization(id=ID, expected_version=1))
    both = UpdateOrganization(id=ID, expected_version=1, website="https://a.pl", clear=(Clearable.WEBSITE,))
    with pytest.raises(Refused, match="SET_AND_CLEARED"):
        rules.asked_values(both)


def test_a_field_has_one_source_the_latest() -> None:
    first = rules.sourced((), ["name", "legal_form"], "submission", date(2026, 1, 1))
    second = rules.sourced(first, ["name"], "correction", date(2026, 2, 1), "cor_1")
    assert [(one.field, one.source, one.decision_id) for one in second] == [
        ("legalForm", "submission", None),
        ("name", "correction", "cor_1"),
    ]
