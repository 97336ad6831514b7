"""Entering, changing and closing a centre, and saying who runs it and where: load, decide, put, tell."""

import msgspec

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.days import has_come, is_near
from services.registry.lists import each_once
from services.registry.operators import rules
from services.registry.references import is_published, stored
from shared.clock import now, today
from shared.contracts.base import Period
from shared.contracts.centres import (
    AssignOperator,
    Centre,
    ChangeCentre,
    CloseCentre,
    Coverage,
    CoverDistrict,
    EndCoverage,
    Operator,
    RegisterCentre,
    TakeBackOperator,
)
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.replacing import next_version
from shared.service.writing import changed, version_is_current
from shared.store.port import Transaction


async def register_centre(tx: Transaction, viewer: Viewer, command: RegisterCentre) -> Centre:
    rules.may_keep(viewer)
    if command.opened_on is not None:
        has_come(command.opened_on, today(), "openedOn")
    await _refers_to_what_is_there(tx, command)
    moment = now()
    given = {name: value for name, value in each_once(msgspec.structs.asdict(command)).items() if name != "opened_on"}
    existed = Period(since=command.opened_on) if command.opened_on is not None else None
    centre = Centre(**given, existed=existed, id=new_id("cen"), version=1, created_at=moment, updated_at=moment)
    return await _kept(tx, "registered", centre)


async def change_centre(tx: Transaction, viewer: Viewer, command: ChangeCentre) -> Centre:
    rules.may_keep(viewer)
    centre = await stored(tx, CENTRES, command.id)
    version_is_current(centre.version, command.expected_version)
    await _refers_to_what_is_there(tx, command)
    given = each_once(msgspec.structs.asdict(command))
    changes = {name: value for name, value in given.items() if value is not None and name not in _KNOWN_BY}
    return await _kept(tx, "changed", next_version(centre, **changes), centre)


async def close_centre(tx: Transaction, viewer: Viewer, command: CloseCentre) -> Centre:
    rules.may_keep(viewer)
    centre = await stored(tx, CENTRES, command.id)
    rules.is_open(centre)
    day = command.closed_on
    has_come(day, today(), "closedOn")
    rules.closes_last(centre, day)
    closed = next_version(
        centre,
        existed=msgspec.structs.replace(centre.existed or Period(), until=day),
        operators=tuple(msgspec.structs.replace(one, period=rules.ended(one.period, day)) for one in centre.operators),
        coverage=tuple(msgspec.structs.replace(one, period=rules.ended(one.period, day)) for one in centre.coverage),
    )
    return await _kept(tx, "closed", closed)


async def assign_operator(tx: Transaction, viewer: Viewer, command: AssignOperator) -> Centre:
    """The one before ran it until the day before."""
    rules.may_keep(viewer)
    rules.operator_is_named(command)
    is_near(command.since, today(), "since")
    centre = await stored(tx, CENTRES, command.id)
    rules.is_open(centre)
    rules.is_not_before_the_opening(centre, command.since, "since")
    rules.is_another(centre.operators, command)
    rules.no_periods_overlap(centre.operators, command.since)
    if command.organization_id is not None:
        await is_published(tx, command.organization_id, "organizationId")
    assigned = Operator(organization_id=command.organization_id, name=command.name, period=Period(since=command.since))
    operators = (*rules.ended_the_day_before(centre.operators, command.since), assigned)
    return await _kept(tx, "assigned", next_version(centre, operators=operators))


async def take_back_operator(tx: Transaction, viewer: Viewer, command: TakeBackOperator) -> Centre:
    rules.may_keep(viewer)
    centre = await stored(tx, CENTRES, command.id)
    operators = rules.taken_back(centre.operators, command.since, today())
    return await _kept(tx, "assigned", next_version(centre, operators=operators), centre)


async def cover_district(tx: Transaction, viewer: Viewer, command: CoverDistrict) -> Centre:
    rules.may_keep(viewer)
    is_near(command.since, today(), "since")
    centre = await stored(tx, CENTRES, command.id)
    rules.is_open(centre)
    rules.is_not_before_the_opening(centre, command.since, "since")
    rules.does_not_cover_yet(centre.coverage, command.district_id, command.since)
    await stored(tx, DISTRICTS, command.district_id, "districtId")
    covered = Coverage(district_id=command.district_id, period=Period(since=command.since))
    return await _kept(tx, "covered", next_version(centre, coverage=(*centre.coverage, covered)))


async def end_coverage(tx: Transaction, viewer: Viewer, command: EndCoverage) -> Centre:
    rules.may_keep(viewer)
    centre = await stored(tx, CENTRES, command.id)
    has_come(command.until, today(), "until")
    ending = rules.covers(centre.coverage, command.district_id, command.until)
    coverage = tuple(
        msgspec.structs.replace(one, period=msgspec.structs.replace(one.period, until=command.until))
        if one is ending
        else one
        for one in centre.coverage
    )
    return await _kept(tx, "covered", next_version(centre, coverage=coverage))


_KNOWN_BY = ("id", "expected_version")


async def _refers_to_what_is_there(tx: Transaction, command: RegisterCentre | ChangeCentre) -> None:
    if command.district_id is not None:
        await stored(tx, DISTRICTS, command.district_id, "districtId")
    if command.coordinator_id is not None:
        await is_published(tx, command.coordinator_id, "coordinatorId")


async def _kept(tx: Transaction, verb: str, centre: Centre, earlier: Centre | None = None) -> Centre:
    """Those whom it concerned before are told, too."""
    await tx.put(CENTRES, centre)
    concerned = [id_ for one in (centre, earlier) if one is not None for id_ in _concerned(one)]
    await changed(tx, "registry", verb, centre, concerned)
    return centre


def _concerned(centre: Centre) -> list[str]:
    ids = [centre.district_id, centre.coordinator_id, *(operator.organization_id for operator in centre.operators[-2:])]
    return [*(id_ for id_ in ids if id_ is not None), *(coverage.district_id for coverage in centre.coverage)]
