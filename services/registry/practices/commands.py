"""Putting practices forward and deciding on them: load, decide, put, tell."""

from typing import Any

import msgspec

from services.registry.agreements.collections import AGREEMENTS
from services.registry.practices import rules
from services.registry.practices.collections import PRACTICES, StoredPractice
from services.registry.projects.collections import PROJECTS
from services.registry.references import are_published, districts_exist, exist, stored
from shared.clock import now
from shared.contracts.people import Viewer
from shared.contracts.practices import (
    ChangePractice,
    PracticeStatus,
    PublishPractice,
    RejectPractice,
    SubmitPractice,
)
from shared.ids import new_id
from shared.service.replacing import replaced
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction


async def submit_practice(tx: Transaction, viewer: Viewer, command: SubmitPractice) -> StoredPractice:
    rules.may_submit(viewer)
    await _links_exist(tx, command)
    moment = now()
    practice = StoredPractice(
        **msgspec.structs.asdict(command),
        id=new_id("prc"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=PracticeStatus.SUBMITTED,
        submitted_by=viewer.subject,
    )
    return await _kept(tx, "submitted", practice)


async def change_practice(tx: Transaction, viewer: Viewer, command: ChangePractice) -> StoredPractice:
    rules.may_submit(viewer)
    practice = await stored(tx, PRACTICES, command.id, seen=lambda one: rules.may_see(one, viewer))
    rules.may_change(viewer, practice)
    version_is_current(practice.version, command.expected_version)
    rules.is_not_rejected(practice)
    await _links_exist(tx, command)
    given = msgspec.structs.asdict(command)
    changes = {name: value for name, value in given.items() if value is not None and name not in _KNOWN_BY}
    return await _kept(tx, "changed", _next(practice, **changes))


async def publish_practice(tx: Transaction, viewer: Viewer, command: PublishPractice) -> StoredPractice:
    rules.may_review(viewer)
    practice = await stored(tx, PRACTICES, command.id)
    version_is_current(practice.version, command.expected_version)
    rules.is_submitted(practice)
    published = _next(practice, status=PracticeStatus.PUBLISHED, published_at=now())
    return await _kept(tx, "published", published)


async def reject_practice(tx: Transaction, viewer: Viewer, command: RejectPractice) -> StoredPractice:
    rules.may_review(viewer)
    practice = await stored(tx, PRACTICES, command.id)
    version_is_current(practice.version, command.expected_version)
    rules.is_not_rejected(practice)
    rejected = _next(practice, status=PracticeStatus.REJECTED, published_at=None, decision_reason=command.reason)
    return await _kept(tx, "rejected", rejected)


_KNOWN_BY = ("id", "expected_version")


async def _links_exist(tx: Transaction, command: SubmitPractice | ChangePractice) -> None:
    organizations = command.organization_ids or ()
    places = [f"organizationIds.{place}" for place in range(len(organizations))]
    await are_published(tx, organizations, places)
    await exist(tx, PROJECTS, command.project_ids or (), "projectIds")
    await exist(tx, AGREEMENTS, command.agreement_ids or (), "agreementIds")
    await districts_exist(tx, command.district_ids or ())


def _next(practice: StoredPractice, **changes: Any) -> StoredPractice:
    return replaced(practice, changes)


async def _kept(tx: Transaction, verb: str, practice: StoredPractice) -> StoredPractice:
    await tx.put(PRACTICES, practice)
    links = (*practice.organization_ids, *practice.project_ids, *practice.agreement_ids, *practice.district_ids)
    await changed(tx, "registry", verb, practice, links)
    return practice
