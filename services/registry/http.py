"""The registry's routes: what is read, what is written, each a line."""

from collections.abc import Callable, Iterator

from aiohttp import web

from services.registry.benefit import commands as benefit
from services.registry.benefit.collections import BENEFITS
from services.registry.benefit.queries import LISTINGS as BENEFIT_LISTINGS
from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.centres.queries import LISTINGS as CENTRE_LISTINGS
from services.registry.corrections import commands as corrections
from services.registry.corrections.collections import CORRECTIONS
from services.registry.corrections.queries import LISTINGS as CORRECTION_LISTINGS
from services.registry.exchange.exporting import export_routes
from services.registry.exchange.importing import import_route
from services.registry.operators import commands as operators
from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.queries import LISTINGS as ORGANIZATION_LISTINGS
from services.registry.partnerships import commands as partnerships
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.partnerships.queries import LISTINGS as PARTNERSHIP_LISTINGS
from services.registry.projects.collections import PROJECTS
from services.registry.projects.queries import LISTINGS as PROJECT_LISTINGS
from services.registry.statistics import commands as statistics
from services.registry.statistics.collections import SNAPSHOTS
from services.registry.statistics.queries import LISTINGS as STATISTICS_LISTINGS
from services.registry.submissions import commands as submissions
from services.registry.submissions.collections import LIKELY_DUPLICATES, NAME_CLAIMS
from services.registry.submissions.queries import LISTINGS as SUBMISSION_LISTINGS
from shared.contracts import lifecycle
from shared.contracts.base import Entity
from shared.contracts.benefit import ListForPublicBenefit, PublicBenefitEntry, StrikeOffPublicBenefit
from shared.contracts.centres import AssignOperator, Centre, RegisterCentre
from shared.contracts.corrections import Correction, DecideCorrection, SubmitCorrection
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.contracts.partnerships import (
    EndPartnership,
    JoinPartnership,
    LeavePartnership,
    Partnership,
    SignPartnership,
)
from shared.contracts.statistics import Snapshot, TakeSnapshot
from shared.service.process import Service
from shared.service.routes import Routes, Write
from shared.service.writing import changed
from shared.store.port import Store, Transaction

LISTINGS = (
    *ORGANIZATION_LISTINGS,
    *CENTRE_LISTINGS,
    *PARTNERSHIP_LISTINGS,
    *BENEFIT_LISTINGS,
    *STATISTICS_LISTINGS,
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
    Write(PARTNERSHIPS, Partnership, SignPartnership, partnerships.sign_partnership),
    Write(PARTNERSHIPS, Partnership, JoinPartnership, partnerships.join_partnership),
    Write(PARTNERSHIPS, Partnership, LeavePartnership, partnerships.leave_partnership),
    Write(PARTNERSHIPS, Partnership, EndPartnership, partnerships.end_partnership),
    Write(CENTRES, Centre, RegisterCentre, operators.register_centre),
    Write(CENTRES, Centre, AssignOperator, operators.assign_operator),
    Write(BENEFITS, PublicBenefitEntry, ListForPublicBenefit, benefit.list_for_public_benefit),
    Write(BENEFITS, PublicBenefitEntry, StrikeOffPublicBenefit, benefit.strike_off_public_benefit),
    Write(SNAPSHOTS, Snapshot, TakeSnapshot, statistics.take_snapshot),
)

IMPORTED = (DISTRICTS, ORGANIZATIONS, CENTRES, PARTNERSHIPS, PROJECTS, BENEFITS, SNAPSHOTS)

MADE_HERE = (LIKELY_DUPLICATES, NAME_CLAIMS, CORRECTIONS)
"""What no import brings."""


async def _tell_imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


ROUTES = Routes(LISTINGS, WRITES, IMPORTED, _tell_imported)


def routes(store: Store, committed: Callable[[], None]) -> Iterator[web.RouteDef]:
    yield from ROUTES(store, committed)
    yield from export_routes(store)
    yield import_route(store, committed)


SERVICE = Service("registry", (*IMPORTED, *MADE_HERE), routes)
