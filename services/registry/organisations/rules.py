"""Who may see which organisations; pure decisions, no store."""

from services.registry.organisations.collections import StoredOrganization
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.people import Role, Viewer

REVIEWERS = (Role.OFFICIAL, Role.EDITOR)


def may_see(organization: StoredOrganization, viewer: Viewer | None) -> bool:
    """Published ones are everyone's; a submission is its submitter's and the reviewers'."""
    if organization.status is OrganizationStatus.PUBLISHED:
        return True
    return viewer is not None and (viewer.has(*REVIEWERS) or viewer.subject == organization.submitted_by)


def represents(viewer: Viewer | None, organization_id: str) -> bool:
    return organization_id in represented(viewer)


def represented(viewer: Viewer | None) -> frozenset[str]:
    """The organisations for which the viewer may speak."""
    return viewer.organization_ids if viewer is not None and viewer.has(Role.REPRESENTATIVE) else frozenset()
