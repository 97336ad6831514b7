"""The registry's routes: what is read, what is written, each a line."""

from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.centres.queries import LISTINGS as CENTRE_LISTINGS
from services.registry.operators import commands as operators
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.queries import LISTINGS as ORGANIZATION_LISTINGS
from services.registry.partnerships import commands as partnerships
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.partnerships.queries import LISTINGS as PARTNERSHIP_LISTINGS
from services.registry.projects.collections import PROJECTS
from services.registry.projects.queries import LISTINGS as PROJECT_LISTINGS
from services.registry.submissions import commands as submissions
from shared.contracts.base import Entity
from shared.contracts.centres import AssignOperator, Centre, RegisterCentre
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.contracts.partnerships import (
    EndPartnership,
    JoinPartnership,
    LeavePartnership,
    Partnership,
    SignPartnership,
)
from shared.service.process import Service
from shared.service.routes import Routes, Write
from shared.service.writing import changed
from shared.store.port import Transaction

LISTINGS = (*ORGANIZATION_LISTINGS, *CENTRE_LISTINGS, *PARTNERSHIP_LISTINGS, *PROJECT_LISTINGS)

WRITES = (
    Write(ORGANIZATIONS, Organization, SubmitOrganization, submissions.submit_organization),
    Write(ORGANIZATIONS, Organization, ReviewOrganization, submissions.review_organization),
    Write(PARTNERSHIPS, Partnership, SignPartnership, partnerships.sign_partnership),
    Write(PARTNERSHIPS, Partnership, JoinPartnership, partnerships.join_partnership),
    Write(PARTNERSHIPS, Partnership, LeavePartnership, partnerships.leave_partnership),
    Write(PARTNERSHIPS, Partnership, EndPartnership, partnerships.end_partnership),
    Write(CENTRES, Centre, RegisterCentre, operators.register_centre),
    Write(CENTRES, Centre, AssignOperator, operators.assign_operator),
)

IMPORTED = (DISTRICTS, ORGANIZATIONS, CENTRES, PARTNERSHIPS, PROJECTS)


async def _tell_imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


ROUTES = Routes(LISTINGS, WRITES, IMPORTED, _tell_imported)
SERVICE = Service("registry", IMPORTED, ROUTES)
