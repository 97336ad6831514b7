"""Signing, joining, leaving and ending partnerships: load, decide, put, tell."""

from datetime import date
from typing import Any

import msgspec

from services.registry.centres.collections import DISTRICTS
from services.registry.days import has_come
from services.registry.partnerships import rules
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.references import is_published, stored, unknown
from shared.clock import now, today
from shared.contracts.partnerships import (
    BringResource,
    Contribution,
    EndPartnership,
    JoinPartnership,
    LeavePartnership,
    Membership,
    NewMember,
    Partnership,
    SignPartnership,
)
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Transaction


async def sign_partnership(tx: Transaction, viewer: Viewer, command: SignPartnership) -> Partnership:
    rules.may_keep(viewer)
    rules.fits_its_kind(command)
    has_come(command.signed_on, today(), "signedOn")
    if command.district_id is not None:
        await stored(tx, DISTRICTS, command.district_id, "districtId")
    memberships: tuple[Membership, ...] = ()
    for place, member in enumerate(command.members):
        rules.is_no_double(memberships, member, command.signed_on, f"members.{place}")
        memberships += (await _membership(tx, member, command.signed_on, f"members.{place}"),)
    moment = now()
    partnership = Partnership(
        id=new_id("par"),
        version=1,
        created_at=moment,
        updated_at=moment,
        name=command.name,
        kind=command.kind,
        district_id=command.district_id,
        field=command.field,
        signed_on=command.signed_on,
        signing_event_id=command.signing_event_id,
        memberships=memberships,
        member_ids=_ids(memberships),
    )
    return await _kept(tx, "signed", partnership)


async def join_partnership(tx: Transaction, viewer: Viewer, command: JoinPartnership) -> Partnership:
    rules.may_speak_for(viewer, command.member.organization_id)
    partnership = await stored(tx, PARTNERSHIPS, command.id)
    has_come(command.joined_on, today(), "joinedOn")
    rules.joins_while_it_stands(partnership, command.joined_on)
    rules.stands(partnership)
    partnership = _with_untold(partnership)
    rules.is_no_double(partnership.memberships, command.member, command.joined_on, "member")
    membership = await _membership(tx, command.member, command.joined_on, "member")
    return await _kept(tx, "joined", _next(partnership, memberships=(*partnership.memberships, membership)))


async def leave_partnership(tx: Transaction, viewer: Viewer, command: LeavePartnership) -> Partnership:
    partnership, membership = await _member(tx, viewer, command)
    has_come(command.left_on, today(), "leftOn")
    rules.leaves_after_joining(membership, command.left_on)
    left = msgspec.structs.replace(membership, left_on=command.left_on)
    return await _kept(tx, "left", _with(partnership, left), membership.organization_id)


async def bring_resource(tx: Transaction, viewer: Viewer, command: BringResource) -> Partnership:
    partnership, membership = await _member(tx, viewer, command)
    has_come(command.since, today(), "since")
    rules.brings_while_a_member(membership, command.since)
    rules.brings_so_much(membership)
    brought = Contribution(kind=command.resource.kind, text=command.resource.text, since=command.since)
    contributions = (*membership.contributions, brought)
    member = msgspec.structs.replace(membership, contributions=contributions)
    return await _kept(tx, "brought", _with(partnership, member))


async def _member(
    tx: Transaction, viewer: Viewer, command: LeavePartnership | BringResource
) -> tuple[Partnership, Membership]:
    """The partnership and the one of its members for whom the viewer may speak."""
    rules.may_speak(viewer)
    partnership = _with_untold(await stored(tx, PARTNERSHIPS, command.id))
    membership = next((m for m in partnership.memberships if m.id == command.membership_id), None)
    rules.may_speak_for(viewer, membership.organization_id if membership else None)
    if membership is None:
        raise unknown("MEMBERSHIP", "członkostwa", "membership", "membershipId")
    return partnership, membership


def _with(partnership: Partnership, member: Membership) -> Partnership:
    """The next version, with this member as it is now."""
    members = tuple(member if one.id == member.id else one for one in partnership.memberships)
    return _next(partnership, memberships=members)


async def end_partnership(tx: Transaction, viewer: Viewer, command: EndPartnership) -> Partnership:
    rules.may_keep(viewer)
    partnership = await stored(tx, PARTNERSHIPS, command.id)
    rules.stands(partnership)
    has_come(command.ended_on, today(), "endedOn")
    rules.ends_last(partnership, command.ended_on)
    partnership = _with_untold(partnership)
    ended = tuple(
        m if m.over else msgspec.structs.replace(m, left_on=command.ended_on) for m in partnership.memberships
    )
    return await _kept(tx, "ended", _next(partnership, memberships=ended, ended_on=command.ended_on))


async def _membership(tx: Transaction, member: NewMember, joined_on: date, at: str) -> Membership:
    rules.member_is_told(member, at)
    if member.organization_id is not None:
        await is_published(tx, member.organization_id, f"{at}.organizationId")
    brought = tuple(Contribution(kind=one.kind, text=one.text) for one in member.contributions)
    return Membership(
        id=new_id("mem"),
        kind=member.kind,
        organization_id=member.organization_id,
        name=member.name,
        role=member.role,
        count=member.count,
        joined_on=joined_on,
        contributions=brought,
    )


def _with_untold(partnership: Partnership) -> Partnership:
    """Before a change: what an older record says by `memberIds` only, as memberships of unknown days."""
    return msgspec.structs.replace(partnership, memberships=partnership.told_memberships())


def _next(partnership: Partnership, **changes: Any) -> Partnership:
    partnership = next_version(partnership, **changes)
    return msgspec.structs.replace(partnership, member_ids=_ids(partnership.memberships))


def _ids(memberships: tuple[Membership, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.organization_id for m in memberships if m.organization_id and not m.over))


async def _kept(tx: Transaction, verb: str, partnership: Partnership, gone: str | None = None) -> Partnership:
    await tx.put(PARTNERSHIPS, partnership)
    beside = (gone, partnership.district_id, partnership.signing_event_id)
    concerned = (*partnership.member_ids, *(id_ for id_ in beside if id_ is not None))
    await changed(tx, "registry", verb, partnership, concerned)
    return partnership
