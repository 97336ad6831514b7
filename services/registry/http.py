"""The registry's routes: what is read, what is written, each a line."""

from collections.abc import Callable, Iterator

from aiohttp import web

from services.registry.agreements import commands as agreements
from services.registry.agreements.collections import AGREEMENTS, CHANGE_REQUESTS, REPORTS
from services.registry.agreements.queries import LISTINGS as AGREEMENT_LISTINGS
from services.registry.awards.http import export_route
from services.registry.calls import commands as calls
from services.registry.calls.collections import CALLS
from services.registry.calls.queries import LISTINGS as CALL_LISTINGS
from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.centres.queries import LISTINGS as CENTRE_LISTINGS
from services.registry.evaluations import commands as evaluations
from services.registry.evaluations.collections import EVALUATIONS
from services.registry.evaluations.queries import LISTINGS as EVALUATION_LISTINGS
from services.registry.grants import commands as grants
from services.registry.grants.collections import ALL as GRANT_COLLECTIONS
from services.registry.grants.collections import COMMENTS, PLANS, SMALL_GRANTS
from services.registry.grants.queries import LISTINGS as GRANT_LISTINGS
from services.registry.law import commands as law
from services.registry.law.collections import LEGAL_SETTINGS
from services.registry.law.queries import LISTINGS as LAW_LISTINGS
from services.registry.offers import commands as offers
from services.registry.offers.collections import OFFERS
from services.registry.offers.queries import LISTINGS as OFFER_LISTINGS
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.queries import LISTINGS as ORGANIZATION_LISTINGS
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.partnerships.queries import LISTINGS as PARTNERSHIP_LISTINGS
from services.registry.projects.collections import PROJECTS
from services.registry.projects.queries import LISTINGS as PROJECT_LISTINGS
from services.registry.results import commands as results
from services.registry.submissions import commands as submissions
from shared.contracts import agreements as a
from shared.contracts import calls as c
from shared.contracts import grants as g
from shared.contracts.base import Entity
from shared.contracts.law import LegalSetting, SetLegalSetting
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.service.process import Service
from shared.service.routes import Routes, Write
from shared.service.writing import changed
from shared.store.port import Store, Transaction

LISTINGS = (
    *ORGANIZATION_LISTINGS,
    *CENTRE_LISTINGS,
    *PARTNERSHIP_LISTINGS,
    *PROJECT_LISTINGS,
    *GRANT_LISTINGS,
    *LAW_LISTINGS,
    *CALL_LISTINGS,
    *OFFER_LISTINGS,
    *EVALUATION_LISTINGS,
    *AGREEMENT_LISTINGS,
)

WRITES = (
    Write(ORGANIZATIONS, Organization, SubmitOrganization, submissions.submit_organization),
    Write(ORGANIZATIONS, Organization, ReviewOrganization, submissions.review_organization),
    Write(SMALL_GRANTS, g.SmallGrant, g.SubmitSmallGrant, grants.submit_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.PublishSmallGrant, grants.publish_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.DecideSmallGrant, grants.decide_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.WithdrawSmallGrant, grants.withdraw_small_grant),
    Write(COMMENTS, g.SmallGrantComment, g.CommentSmallGrant, grants.comment_small_grant),
    Write(PLANS, g.GrantPlan, g.SetGrantPlan, grants.set_grant_plan),
    Write(LEGAL_SETTINGS, LegalSetting, SetLegalSetting, law.set_legal_setting),
    Write(CALLS, c.Call, c.AnnounceCall, calls.announce_call),
    Write(CALLS, c.Call, c.PublishResults, results.publish_results),
    Write(OFFERS, c.Offer, c.SubmitOffer, offers.submit_offer),
    Write(OFFERS, c.Offer, c.ChangeOffer, offers.change_offer),
    Write(OFFERS, c.Offer, c.WithdrawOffer, offers.withdraw_offer),
    Write(OFFERS, c.Offer, c.EvaluateOfferFormally, evaluations.evaluate_offer_formally),
    Write(EVALUATIONS, c.OfferEvaluations, c.EvaluateOffer, evaluations.evaluate_offer),
    Write(AGREEMENTS, a.Agreement, a.SignAgreement, agreements.sign_agreement),
    Write(CHANGE_REQUESTS, a.ChangeRequest, a.RequestChange, agreements.request_change),
    Write(CHANGE_REQUESTS, a.ChangeRequest, a.DecideChange, agreements.decide_change),
    Write(REPORTS, a.TaskReport, a.SubmitTaskReport, agreements.submit_task_report),
    Write(REPORTS, a.TaskReport, a.DecideTaskReport, agreements.decide_task_report),
)

IMPORTED = (DISTRICTS, ORGANIZATIONS, CENTRES, PARTNERSHIPS, PROJECTS)


async def _tell_imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


def _routes(store: Store, committed: Callable[[], None]) -> Iterator[web.RouteDef]:
    yield from ROUTES(store, committed)
    yield export_route(store)


ROUTES = Routes(LISTINGS, WRITES, IMPORTED, _tell_imported)
# procedures are not imported: their sums and clocks come from decisions made here
DECIDED_HERE = (*GRANT_COLLECTIONS, LEGAL_SETTINGS, CALLS, OFFERS, EVALUATIONS, AGREEMENTS, CHANGE_REQUESTS, REPORTS)
SERVICE = Service("registry", (*IMPORTED, *DECIDED_HERE), _routes)
