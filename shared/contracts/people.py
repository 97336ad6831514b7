"""Who asks: roles and what a token says of its bearer."""

from enum import StrEnum

from shared.contracts.base import Id, Record


class Role(StrEnum):
    """Roles named in the city's documents. A visitor has none of them and no token."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    PARTNER = "partner"
    ANIMATOR = "animator"
    MODERATOR = "moderator"
    EDITOR = "editor"
    OFFICIAL = "official"
    EVALUATOR = "evaluator"
    OPERATOR = "operator"


class Viewer(Record, frozen=True, kw_only=True):
    """The bearer of a verified token. `subject` is personal data: it goes into no change, log or cache."""

    subject: str
    roles: frozenset[Role] = frozenset()
    organization_ids: frozenset[Id] = frozenset()

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)
