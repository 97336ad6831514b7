"""The small grants procedure: load, decide, put, tell."""

import msgspec

from services.registry.grants import caps, content, rules
from services.registry.grants.collections import (
    ACCOUNTS,
    COMMENTS,
    PLANS,
    SMALL_GRANTS,
    SmallGrantAccount,
    StoredSmallGrantComment,
    organizations,
)
from services.registry.law.queries import provision
from services.registry.law.rules import Provision
from services.registry.offers import confirming
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.rules import may_be_granted
from shared import clock
from shared.contracts.grants import (
    CommentSmallGrant,
    ConfirmSmallGrant,
    DecideSmallGrant,
    GrantPlan,
    PublishSmallGrant,
    SetGrantPlan,
    SmallGrant,
    SmallGrantStatus,
    SubmitSmallGrant,
    WithdrawSmallGrant,
)
from shared.contracts.law import Limit
from shared.contracts.money import grosze, money
from shared.contracts.people import Viewer
from shared.ids import id_of, new_id
from shared.service.replacing import next_version
from shared.service.writing import changed
from shared.store.port import Transaction


async def submit_small_grant(tx: Transaction, viewer: Viewer, command: SubmitSmallGrant) -> SmallGrant:
    """The limits are those of the day of receipt; from it the city's days to publish are counted."""
    offering = (command.organization_id, *command.partner_ids)
    rules.may_offer(viewer, offering)
    rules.named_once(command)
    moment = clock.now()
    received_on = rules.receipt(viewer, command.received_on, clock.local(moment).date())
    rules.may_receive(await tx.get(ORGANIZATIONS, command.organization_id), "organizationId")
    for place, id_ in enumerate(command.partner_ids):
        rules.may_receive(await tx.get(ORGANIZATIONS, id_), f"partnerIds.{place}")
    rules.task_is_sound(command, received_on)
    rules.amount_is_small(command, await provision(tx, Limit.SMALL_GRANT_AMOUNT, received_on))
    rules.task_is_short(command, await provision(tx, Limit.SMALL_GRANT_TASK_DAYS, received_on))
    term = await provision(tx, Limit.SMALL_GRANT_PUBLISHED_WITHIN, received_on)
    grant = SmallGrant(
        **(msgspec.structs.asdict(command) | {"received_on": received_on}),
        id=new_id("smg"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=SmallGrantStatus.RECEIVED,
        publish_by=rules.publish_by(received_on, term),
        confirmed_ids=confirming.with_the_offer(viewer, offering),
    )
    content.is_sound(grant)
    await tx.put(SMALL_GRANTS, grant)
    # changes are public, and the offer is not yet: whose it is comes with its publication
    await changed(tx, "registry", "submitted", grant)
    return grant


async def confirm_small_grant(tx: Transaction, viewer: Viewer, command: ConfirmSmallGrant) -> SmallGrant:
    confirming.may_confirm(viewer, command.organization_id)
    grant = await tx.get(SMALL_GRANTS, command.id)
    if grant is None or not rules.may_see(grant, viewer):
        raise rules.unknown("id")
    rules.can_be_confirmed(grant, command.expected_version)
    confirming.is_asked(command.organization_id, organizations(grant), grant.confirmed_ids)
    return await _put(tx, "confirmed", grant, confirmed_ids=(*grant.confirmed_ids, command.organization_id))


async def publish_small_grant(tx: Transaction, viewer: Viewer, command: PublishSmallGrant) -> SmallGrant:
    """Late is allowed, and shows: the organisation must not lose its offer to the city's delay."""
    rules.is_staff(viewer)
    grant = await _grant(tx, command.id)
    rules.can_be_published(grant, command.expected_version)
    confirming.all_take_part(organizations(grant), grant.confirmed_ids, "confirmSmallGrant")
    today = clock.local(clock.now()).date()
    term = await provision(tx, Limit.SMALL_GRANT_COMMENT_DAYS, today)
    return await _put(
        tx,
        "published",
        grant,
        status=SmallGrantStatus.PUBLISHED,
        published_on=today,
        published_late=today > grant.publish_by,
        comments_until=rules.comments_until(today, term),
    )


async def comment_small_grant(
    tx: Transaction, viewer: Viewer | None, command: CommentSmallGrant
) -> StoredSmallGrantComment:
    rules.may_comment(viewer, command.organization_id)
    moment = clock.now()
    today = clock.local(moment).date()
    grant = await tx.get(SMALL_GRANTS, command.small_grant_id)
    rules.takes_comments(grant, today, await provision(tx, Limit.SMALL_GRANT_COMMENT_DAYS, today))
    comment = StoredSmallGrantComment(
        **msgspec.structs.asdict(command),
        id=new_id("smc"),
        version=1,
        created_at=moment,
        updated_at=moment,
        submitted_by=viewer.subject if viewer is not None else None,
    )
    await tx.put(COMMENTS, comment)
    related = (comment.small_grant_id, *((comment.organization_id,) if comment.organization_id else ()))
    await changed(tx, "registry", "submitted", comment, related)
    return comment


async def decide_small_grant(tx: Transaction, viewer: Viewer, command: DecideSmallGrant) -> SmallGrant:
    """What is granted is counted in the accounts of its organisations and in the plan, which all decisions write."""
    rules.is_staff(viewer)
    grant = await _grant(tx, command.id)
    today = clock.local(clock.now()).date()
    rules.can_be_decided(grant, command, today)
    if not command.grant:
        return await _put(
            tx,
            "declined",
            grant,
            status=SmallGrantStatus.DECLINED,
            decided_on=today,
            decision_reason=command.reason,
        )
    confirming.all_take_part(organizations(grant), grant.confirmed_ids, "confirmSmallGrant")
    for id_ in organizations(grant):
        may_be_granted(await tx.get(ORGANIZATIONS, id_), "grant")
    decided = caps.granted_amount(grant, command)
    year = caps.budget_year(grant, command, today)
    organization_cap = await provision(tx, Limit.SMALL_GRANTS_OF_ORGANIZATION, today)
    share = await provision(tx, Limit.SMALL_GRANTS_SHARE, today)
    for id_ in organizations(grant):
        await _count_for_organization(tx, id_, year, decided, organization_cap)
    await _count_for_year(tx, year, decided, share)
    return await _put(
        tx,
        "granted",
        grant,
        status=SmallGrantStatus.GRANTED,
        decided_on=today,
        granted=money(decided),
        budget_year=year,
    )


async def withdraw_small_grant(tx: Transaction, viewer: Viewer, command: WithdrawSmallGrant) -> SmallGrant:
    grant = await tx.get(SMALL_GRANTS, command.id)
    rules.may_offer(viewer, organizations(grant) if grant else ())
    if grant is None:
        raise rules.unknown("id")
    rules.can_be_withdrawn(grant, command.expected_version)
    return await _put(tx, "withdrawn", grant, status=SmallGrantStatus.WITHDRAWN)


async def set_grant_plan(tx: Transaction, viewer: Viewer, command: SetGrantPlan) -> GrantPlan:
    rules.is_staff(viewer)
    rules.may_fund(await tx.get(ORGANIZATIONS, command.funder_id))
    moment = clock.now()
    share = await provision(tx, Limit.SMALL_GRANTS_SHARE, clock.local(moment).date())
    id_ = _plan_id(command.year)
    plan = await tx.get(PLANS, id_)
    if plan is None:
        plan = GrantPlan(**msgspec.structs.asdict(command), id=id_, version=1, created_at=moment, updated_at=moment)
    else:
        caps.plan_holds_what_was_granted(grosze(command.planned), grosze(plan.small_grants), share)
        plan = next_version(
            plan,
            **msgspec.structs.asdict(command),
        )
    await tx.put(PLANS, plan)
    await changed(tx, "registry", "set", plan)
    return plan


async def _count_for_organization(
    tx: Transaction, organization_id: str, year: int, decided: int, cap: Provision
) -> None:
    id_ = id_of("sga", f"{organization_id} {year}")
    account = await tx.get(ACCOUNTS, id_)
    caps.organisation_stays_within(account.granted if account else 0, decided, cap)
    moment = clock.now()
    if account is None:
        account = SmallGrantAccount(
            id=id_,
            version=1,
            created_at=moment,
            updated_at=moment,
            organization_id=organization_id,
            year=year,
            granted=decided,
        )
    else:
        account = next_version(
            account,
            granted=account.granted + decided,
        )
    await tx.put(ACCOUNTS, account)


async def _count_for_year(tx: Transaction, year: int, decided: int, share: Provision) -> None:
    plan = await tx.get(PLANS, _plan_id(year))
    if plan is None:
        raise caps.no_plan(year)
    earlier = grosze(plan.small_grants)
    caps.year_stays_within(grosze(plan.planned), earlier, decided, share)
    plan = next_version(
        plan,
        small_grants=money(earlier + decided),
    )
    await tx.put(PLANS, plan)
    await changed(tx, "registry", "used", plan)


def _plan_id(year: int) -> str:
    return id_of("gpl", str(year))


async def _grant(tx: Transaction, id_: str) -> SmallGrant:
    grant = await tx.get(SMALL_GRANTS, id_)
    if grant is None:
        raise rules.unknown("id")
    return grant


async def _put(tx: Transaction, verb: str, grant: SmallGrant, **new: object) -> SmallGrant:
    grant = next_version(grant, **new)
    await tx.put(SMALL_GRANTS, grant)
    await changed(tx, "registry", verb, grant, organizations(grant) if grant.published_on else ())
    return grant
