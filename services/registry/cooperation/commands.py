"""Recording cooperation and its end: load, decide, put, tell."""

import msgspec

from services.registry.agreements.collections import AGREEMENTS
from services.registry.cooperation import rules
from services.registry.cooperation.collections import COOPERATIONS
from services.registry.days import has_come, runs_forward
from services.registry.projects.collections import PROJECTS
from services.registry.references import are_published, districts_exist, stored
from shared.clock import now, today
from shared.contracts.base import Period
from shared.contracts.cooperation import Cooperation, EndCooperation, RecordCooperation
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.replacing import next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction


async def record_cooperation(tx: Transaction, viewer: Viewer, command: RecordCooperation) -> Cooperation:
    rules.may_keep(viewer)
    rules.a_task_has_a_mode(command)
    rules.nobody_twice(command)
    has_come(command.since, today(), "since")
    runs_forward(command.since, command.until, "until")
    places = [f"organizationIds.{place}" for place in range(len(command.organization_ids))]
    await are_published(tx, (command.authority_id, *command.organization_ids), ("authorityId", *places))
    await districts_exist(tx, command.district_ids)
    if command.project_id is not None:
        await stored(tx, PROJECTS, command.project_id, "projectId")
    if command.agreement_id is not None:
        rules.is_its_agreement(command, await stored(tx, AGREEMENTS, command.agreement_id, "agreementId"))
    moment = now()
    given = {name: value for name, value in msgspec.structs.asdict(command).items() if name not in ("since", "until")}
    cooperation = Cooperation(
        **given,
        id=new_id("coo"),
        version=1,
        created_at=moment,
        updated_at=moment,
        period=Period(since=command.since, until=command.until),
    )
    return await _kept(tx, "recorded", cooperation)


async def end_cooperation(tx: Transaction, viewer: Viewer, command: EndCooperation) -> Cooperation:
    rules.may_keep(viewer)
    cooperation = await stored(tx, COOPERATIONS, command.id)
    version_is_current(cooperation.version, command.expected_version)
    rules.has_not_ended(cooperation, today())
    has_come(command.until, today(), "until")
    runs_forward(cooperation.period.since, command.until, "until")
    ended = next_version(
        cooperation,
        period=msgspec.structs.replace(cooperation.period, until=command.until),
    )
    return await _kept(tx, "ended", ended)


async def _kept(tx: Transaction, verb: str, cooperation: Cooperation) -> Cooperation:
    await tx.put(COOPERATIONS, cooperation)
    linked = (cooperation.project_id, cooperation.agreement_id, cooperation.event_id, cooperation.consultation_id)
    concerned = (cooperation.authority_id, *cooperation.organization_ids, *cooperation.district_ids)
    await changed(tx, "registry", verb, cooperation, (*concerned, *(id_ for id_ in linked if id_ is not None)))
    return cooperation
