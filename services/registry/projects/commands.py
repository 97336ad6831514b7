"""Entering, changing and ending projects: load, decide, put, tell."""

from typing import Any

import msgspec

from services.registry.days import has_come, runs_forward
from services.registry.lists import each_once
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.projects import rules
from services.registry.projects.collections import PROJECTS
from services.registry.references import are_published, districts_exist, stored
from shared.clock import now, today
from shared.contracts.base import Period
from shared.contracts.people import Viewer
from shared.contracts.projects import (
    ChangeProject,
    EndProject,
    NewParticipant,
    Participant,
    Project,
    ProjectRole,
    RegisterProject,
)
from shared.ids import new_id
from shared.service.replacing import next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction

_TOLD_APART = ("id", "expected_version", "participants", "starts_on", "ends_on")


async def register_project(tx: Transaction, viewer: Viewer, command: RegisterProject) -> Project:
    rules.may_keep(viewer, command.leader_id)
    moment = now()
    project = Project(
        **_plain(command),
        **_participants(command.participants),
        id=new_id("prj"),
        version=1,
        created_at=moment,
        updated_at=moment,
        period=Period(since=command.starts_on, until=command.ends_on),
    )
    rules.is_sound(project)
    await _refers_to_what_is_there(tx, command)
    return await _kept(tx, "registered", project)


async def change_project(tx: Transaction, viewer: Viewer, command: ChangeProject) -> Project:
    rules.may_try(viewer)
    earlier = await stored(tx, PROJECTS, command.id)
    rules.may_keep(viewer, earlier.leader_id)
    await _leader_may_act(tx, viewer, earlier)
    version_is_current(earlier.version, command.expected_version)
    rules.has_not_ended(earlier)
    rules.may_pass_on(viewer, earlier, command.leader_id)
    changes = {name: value for name, value in _plain(command).items() if value is not None}
    if command.participants is not None:
        changes |= _participants(command.participants)
    period = earlier.period or Period()
    if command.starts_on is not None:
        period = msgspec.structs.replace(period, since=command.starts_on, as_written=None)
    if command.ends_on is not None:
        period = msgspec.structs.replace(period, until=command.ends_on)
    if period != (earlier.period or Period()):
        changes["period"] = period
    project = next_version(earlier, **changes)
    rules.is_sound(project)
    await _refers_to_what_is_there(tx, command)
    return await _kept(tx, "changed", project, earlier)


async def end_project(tx: Transaction, viewer: Viewer, command: EndProject) -> Project:
    rules.may_try(viewer)
    earlier = await stored(tx, PROJECTS, command.id)
    rules.may_keep(viewer, earlier.leader_id)
    await _leader_may_act(tx, viewer, earlier)
    version_is_current(earlier.version, command.expected_version)
    rules.has_not_ended(earlier)
    has_come(command.ended_on, today(), "endedOn")
    period = earlier.period or Period()
    runs_forward(period.since, command.ended_on, "endedOn")
    period = msgspec.structs.replace(period, until=command.ended_on)
    return await _kept(tx, "ended", next_version(earlier, period=period, ended_on=command.ended_on))


async def _leader_may_act(tx: Transaction, viewer: Viewer, project: Project) -> None:
    leader = await tx.get(ORGANIZATIONS, project.leader_id) if project.leader_id is not None else None
    rules.leader_may_act(viewer, leader)


def _plain(command: RegisterProject | ChangeProject) -> dict[str, Any]:
    given = each_once(msgspec.structs.asdict(command))
    return {name: value for name, value in given.items() if name not in _TOLD_APART}


def _participants(given: tuple[NewParticipant, ...]) -> dict[str, Any]:
    told = tuple(Participant(organization_id=one.organization_id, name=one.name, role=one.role) for one in given)
    partners = (one.organization_id for one in told if one.role is ProjectRole.PARTNER and one.organization_id)
    return {"participants": told, "partner_ids": tuple(dict.fromkeys(partners))}


async def _refers_to_what_is_there(tx: Transaction, command: RegisterProject | ChangeProject) -> None:
    named = {} if command.leader_id is None else {"leaderId": command.leader_id}
    for place, one in enumerate(command.participants or ()):
        if one.organization_id is not None:
            named[f"participants.{place}.organizationId"] = one.organization_id
    await are_published(tx, tuple(named.values()), tuple(named))
    await districts_exist(tx, command.district_ids or ())


async def _kept(tx: Transaction, verb: str, project: Project, earlier: Project | None = None) -> Project:
    """Those who were in it before are told, too."""
    await tx.put(PROJECTS, project)
    concerned = [id_ for one in (project, earlier) if one is not None for id_ in _concerned(one)]
    await changed(tx, "registry", verb, project, concerned)
    return project


def _concerned(project: Project) -> list[str]:
    leader = [project.leader_id] if project.leader_id is not None else []
    others = [one.organization_id for one in project.participants if one.organization_id is not None]
    return [*leader, *project.partner_ids, *others, *project.district_ids]
