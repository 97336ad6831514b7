"""Entering and correcting an indicator: load, decide, put, tell."""

from services.registry.indicators import rules
from services.registry.indicators.collections import INDICATORS, what
from services.registry.projects.collections import PROJECTS
from services.registry.references import is_published, stored
from shared.clock import after, now, today
from shared.contracts.indicators import Indicator, RecordIndicator
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Eq, Query, Transaction


async def record_indicator(tx: Transaction, viewer: Viewer, command: RecordIndicator) -> Indicator:
    rules.may_keep(viewer)
    rules.is_of_one(command)
    rules.has_begun(command.year, today().year)
    rules.tells_of_nobody(command.name, command.value)
    if command.organization_id is not None:
        await is_published(tx, command.organization_id, "organizationId")
    if command.project_id is not None:
        await stored(tx, PROJECTS, command.project_id, "projectId")
    subject = command.organization_id or command.project_id or ""
    of = Eq("of", what(subject, command.year, command.name))
    earlier = next(iter(await tx.find(Query(INDICATORS, (of,), limit=1))), None)
    if earlier is not None:
        rules.corrects_knowingly(earlier, command.expected_version)
    moment = now()
    indicator = Indicator(
        id=earlier.id if earlier else new_id("ind"),
        version=earlier.version + 1 if earlier else 1,
        created_at=earlier.created_at if earlier else moment,
        updated_at=after(earlier.updated_at) if earlier else moment,
        organization_id=command.organization_id,
        project_id=command.project_id,
        year=command.year,
        name=command.name,
        value=command.value,
    )
    await tx.put(INDICATORS, indicator)
    await changed(tx, "registry", "recorded", indicator, (subject,))
    return indicator
