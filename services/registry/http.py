"""The registry's routes: what is read, what is written, each a line."""

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.centres.queries import LISTINGS as CENTRE_LISTINGS
from services.registry.corrections import commands as corrections
from services.registry.corrections.collections import CORRECTIONS
from services.registry.corrections.queries import LISTINGS as CORRECTION_LISTINGS
from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.queries import LISTINGS as ORGANIZATION_LISTINGS
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.partnerships.queries import LISTINGS as PARTNERSHIP_LISTINGS
from services.registry.projects.collections import PROJECTS
from services.registry.projects.queries import LISTINGS as PROJECT_LISTINGS
from services.registry.submissions import commands as submissions
from services.registry.submissions.collections import LIKELY_DUPLICATES, NAME_CLAIMS
from services.registry.submissions.queries import LISTINGS as SUBMISSION_LISTINGS
from shared.contracts import lifecycle
from shared.contracts.base import Entity
from shared.contracts.corrections import Correction, DecideCorrection, SubmitCorrection
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.service.process import Service
from shared.service.routes import Routes, Write
from shared.service.writing import changed
from shared.store.port import Transaction

LISTINGS = (
    *ORGANIZATION_LISTINGS,
    *CENTRE_LISTINGS,
    *PARTNERSHIP_LISTINGS,
    *PROJECT_LISTINGS,
    *SUBMISSION_LISTINGS,
    *CORRECTION_LISTINGS,
)

WRITES = (
    Write(ORGANIZATIONS, Organization, SubmitOrganization, submissions.submit_organization),
    Write(ORGANIZATIONS, Organization, ReviewOrganization, submissions.review_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.VerifyOrganization, organisations.verify_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.PublishOrganization, organisations.publish_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.RejectOrganization, organisations.reject_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.SuspendOrganization, organisations.suspend_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.ReinstateOrganization, organisations.reinstate_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.DissolveOrganization, organisations.dissolve_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.UpdateOrganization, organisations.update_organization),
    Write(CORRECTIONS, Correction, SubmitCorrection, corrections.submit_correction),
    Write(CORRECTIONS, Correction, DecideCorrection, corrections.decide_correction),
)

IMPORTED = (DISTRICTS, ORGANIZATIONS, CENTRES, PARTNERSHIPS, PROJECTS)

MADE_HERE = (LIKELY_DUPLICATES, NAME_CLAIMS, CORRECTIONS)
"""What no import brings."""


async def _tell_imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


ROUTES = Routes(LISTINGS, WRITES, IMPORTED, _tell_imported)
SERVICE = Service("registry", (*IMPORTED, *MADE_HERE), ROUTES)
