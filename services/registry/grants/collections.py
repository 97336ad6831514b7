"""Small grants, comments on them, and the yearly accounts that keep their caps."""

from shared.contracts.base import Entity, Id
from shared.contracts.grants import GrantPlan, SmallGrant, SmallGrantComment, SmallGrantStatus
from shared.store.port import Collection, Key

EVERYONE = "everyone"


class StoredSmallGrantComment(SmallGrantComment, frozen=True, kw_only=True):
    """With what is never sent: whose it is, unless it is a visitor's (the subject of a token)."""

    submitted_by: str | None = None


def organizations(grant: SmallGrant) -> tuple[str, ...]:
    """All who make the offer, the one that speaks for them first."""
    return (grant.organization_id, *grant.partner_ids)


class SmallGrantAccount(Entity, frozen=True, kw_only=True):
    """What one organisation was granted in one calendar year, in grosze. Never sent.

    Every decision to grant writes it, so that of two at the same moment the later one sees the earlier.
    """

    organization_id: Id
    year: int
    granted: int


SMALL_GRANTS = Collection(
    "smallgrants",
    SmallGrant,
    "smg",
    keys={
        "received": Key(lambda g: g.created_at),
        "organization_ids": Key(organizations, multi=True),
        "status": Key(lambda g: g.status),
        "published_late": Key(lambda g: g.published_late),
        "field": Key(lambda g: g.field),
        "readers": Key(lambda g: (EVERYONE,) if g.published_on else organizations(g), multi=True),
        # only of those that still wait for it
        "publish_by": Key(lambda g: g.publish_by if g.status is SmallGrantStatus.RECEIVED else None),
    },
    orders=("-received", "received"),
)

COMMENTS = Collection(
    "smallgrantcomments",
    StoredSmallGrantComment,
    "smc",
    keys={
        "created": Key(lambda c: c.created_at),
        "small_grant_id": Key(lambda c: c.small_grant_id),
        "organization_id": Key(lambda c: c.organization_id),
    },
    orders=("created",),
)

ACCOUNTS = Collection("smallgrantaccounts", SmallGrantAccount, "sga")

PLANS = Collection("grantplans", GrantPlan, "gpl", keys={"year": Key(lambda p: p.year)}, orders=("-year",))

ALL = (SMALL_GRANTS, COMMENTS, ACCOUNTS, PLANS)
