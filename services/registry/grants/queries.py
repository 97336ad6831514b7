"""How small grants are read: what is published is everyone's, what is not is the organisation's and the city's."""

from services.registry.grants import rules
from services.registry.grants.collections import COMMENTS, EVERYONE, PLANS, SMALL_GRANTS
from services.registry.organisations.rules import represented
from shared.contracts.grants import (
    GrantPlan,
    GrantPlanFilter,
    SmallGrant,
    SmallGrantComment,
    SmallGrantCommentFilter,
    SmallGrantFilter,
)
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, In, Range, containing, equal


def _grants(asked: SmallGrantFilter, viewer: Viewer | None) -> tuple[Condition, ...]:
    where = equal(status=asked.status, field=asked.field, published_late=asked.published_late)
    where += containing(organization_ids=asked.organization_id)
    if viewer is None or not viewer.has(*rules.STAFF):
        where.append(In("readers", (EVERYONE, *represented(viewer))))
    if asked.publish_before is not None:
        where.append(Range("publish_by", lt=asked.publish_before))
    return tuple(where)


def _comments(asked: SmallGrantCommentFilter, _: Viewer | None) -> tuple[Condition, ...]:
    # only published offers have any
    return tuple(equal(small_grant_id=asked.small_grant_id, organization_id=asked.organization_id))


def _plans(asked: GrantPlanFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return tuple(equal(year=asked.year))


LISTINGS = (
    Listing(
        SMALL_GRANTS,
        SmallGrant,
        SmallGrantFilter,
        _grants,
        visible=rules.may_see,
        facets={"status": "status", "field": "field"},
    ),
    Listing(COMMENTS, SmallGrantComment, SmallGrantCommentFilter, _comments),
    Listing(PLANS, GrantPlan, GrantPlanFilter, _plans),
)
