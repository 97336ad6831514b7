"""Who asks: roles and what a token says of its bearer."""

from enum import StrEnum
from types import MappingProxyType

from shared.contracts.base import Id, Record


class Role(StrEnum):
    """Roles named in the city's documents; docs/roles.md says what each may do. A visitor has none and no token."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    PARTNER = "partner"
    ANIMATOR = "animator"
    MODERATOR = "moderator"
    EDITOR = "editor"
    WEBMASTER = "webmaster"
    OFFICIAL = "official"
    EVALUATOR = "evaluator"
    OPERATOR = "operator"


SAME_AS = MappingProxyType({Role.WEBMASTER: Role.EDITOR})
"""A role that another one covers: who has the first may do what the second may. Taken from tokens here alone, so that
no rule has to know both."""


class Viewer(Record, frozen=True, kw_only=True):
    """The bearer of a verified token. `subject` is personal data: it goes into no change, log or cache."""

    subject: str
    roles: frozenset[Role] = frozenset()
    organization_ids: frozenset[Id] = frozenset()

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)
