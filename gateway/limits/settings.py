"""The limits and their defaults, from the environment."""

from dataclasses import dataclass

from shared.contracts.reading import BATCH_MAX, PAGE_MAX
from shared.environment import number


@dataclass(frozen=True)
class Limits:
    """Each is the most that goes through. What comes near them in honest use is a twentieth of the default."""

    tokens: int = 4_000
    """Words and signs of a document: what bounds the parser and the validation."""
    depth: int = 15
    aliases: int = 50
    """Aliases and repeated fields, wherever they stand: each makes the same work be done again."""
    fragments: int = 100
    """Fragments, and places where one is spread."""
    cost: int = 10_000
    """Points, as the schema's @cost and @listSize declare them: about one for each entity of the answer."""
    fan_out: int = BATCH_MAX
    """Ids that one field may ask another service for: no more than one call takes."""
    page: int = PAGE_MAX
    budget: int = 60_000
    """Points that a client gets back in a minute."""
    burst: int = 30_000
    """Points that a client can spend at once."""
    anonymous_writes: int = 30
    """Mutations in a minute of a client that shows no token."""
    subscriptions: int = 100
    """Open ones of a client, over all its WebSockets and event streams."""
    sockets: int = 100
    """Open WebSockets of a client."""


def from_environment() -> Limits:
    """TOKENS_MAX, DEPTH_MAX, ALIASES_MAX, FRAGMENTS_MAX, COST_MAX, FAN_OUT_MAX, PAGE_MAX, BUDGET_PER_MINUTE,
    BUDGET_BURST, ANONYMOUS_WRITES_PER_MINUTE, SUBSCRIPTIONS_MAX and SOCKETS_MAX. The first seven are of one operation,
    the others of one client."""
    usual = Limits()
    return Limits(
        tokens=number("TOKENS_MAX", usual.tokens),
        depth=number("DEPTH_MAX", usual.depth),
        aliases=number("ALIASES_MAX", usual.aliases),
        fragments=number("FRAGMENTS_MAX", usual.fragments),
        cost=number("COST_MAX", usual.cost),
        fan_out=number("FAN_OUT_MAX", usual.fan_out),
        page=number("PAGE_MAX", usual.page),
        budget=number("BUDGET_PER_MINUTE", usual.budget),
        burst=number("BUDGET_BURST", usual.burst),
        anonymous_writes=number("ANONYMOUS_WRITES_PER_MINUTE", usual.anonymous_writes),
        subscriptions=number("SUBSCRIPTIONS_MAX", usual.subscriptions),
        sockets=number("SOCKETS_MAX", usual.sockets),
    )
