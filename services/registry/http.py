"""The registry's routes: what is read, what is written, each a line."""

from collections.abc import Callable, Iterator

from aiohttp import web

from services.registry.addresses import commands as addresses
from services.registry.addresses.collections import ADDRESS_AGREEMENTS, PLACE_USES
from services.registry.addresses.queries import LISTINGS as ADDRESS_LISTINGS
from services.registry.agreements import commands as agreements
from services.registry.agreements.collections import AGREEMENTS, CHANGE_REQUESTS, REPORTS
from services.registry.agreements.queries import LISTINGS as AGREEMENT_LISTINGS
from services.registry.amendments import commands as amendments
from services.registry.amendments.collections import HIERARCHIES
from services.registry.awards.http import export_route
from services.registry.benefit import commands as benefit
from services.registry.benefit.collections import BENEFITS
from services.registry.benefit.queries import LISTINGS as BENEFIT_LISTINGS
from services.registry.calls import commands as calls
from services.registry.calls.collections import CALLS
from services.registry.calls.queries import LISTINGS as CALL_LISTINGS
from services.registry.centres.collections import CENTRES, DISTRICTS
from services.registry.centres.queries import LISTINGS as CENTRE_LISTINGS
from services.registry.cooperation import commands as cooperation
from services.registry.cooperation.collections import COOPERATIONS
from services.registry.cooperation.queries import LISTINGS as COOPERATION_LISTINGS
from services.registry.copies.http import copy_route
from services.registry.corrections import commands as corrections
from services.registry.corrections.collections import CORRECTIONS
from services.registry.corrections.http import receipts_route
from services.registry.corrections.queries import LISTINGS as CORRECTION_LISTINGS
from services.registry.corrections.reactions import DURABLE, SUBJECTS, settle
from services.registry.evaluations import commands as evaluations
from services.registry.evaluations.collections import EVALUATIONS
from services.registry.evaluations.queries import LISTINGS as EVALUATION_LISTINGS
from services.registry.exchange.exporting import export_routes
from services.registry.exchange.importing import import_route
from services.registry.grants import commands as grants
from services.registry.grants.collections import ALL as GRANT_COLLECTIONS
from services.registry.grants.collections import COMMENTS, PLANS, SMALL_GRANTS
from services.registry.grants.queries import LISTINGS as GRANT_LISTINGS
from services.registry.indicators import commands as indicators
from services.registry.indicators.collections import INDICATORS
from services.registry.indicators.queries import LISTINGS as INDICATOR_LISTINGS
from services.registry.law import commands as law
from services.registry.law.collections import LEGAL_SETTINGS
from services.registry.law.queries import LISTINGS as LAW_LISTINGS
from services.registry.offers import commands as offers
from services.registry.offers.collections import OFFERERS, OFFERS
from services.registry.offers.queries import LISTINGS as OFFER_LISTINGS
from services.registry.operators import commands as operators
from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS
from services.registry.organisations.queries import LISTINGS as ORGANIZATION_LISTINGS
from services.registry.partnerships import commands as partnerships
from services.registry.partnerships.collections import PARTNERSHIPS
from services.registry.partnerships.queries import LISTINGS as PARTNERSHIP_LISTINGS
from services.registry.practices import commands as practices
from services.registry.practices.collections import PRACTICES
from services.registry.practices.queries import LISTINGS as PRACTICE_LISTINGS
from services.registry.projects import commands as projects
from services.registry.projects.collections import PROJECTS
from services.registry.projects.queries import LISTINGS as PROJECT_LISTINGS
from services.registry.results import commands as results
from services.registry.statistics import commands as statistics
from services.registry.statistics.collections import SNAPSHOTS
from services.registry.statistics.queries import LISTINGS as STATISTICS_LISTINGS
from services.registry.submissions import commands as submissions
from services.registry.submissions.collections import LIKELY_DUPLICATES, NAME_CLAIMS
from services.registry.submissions.queries import LISTINGS as SUBMISSION_LISTINGS
from shared.contracts import agreements as a
from shared.contracts import calls as c
from shared.contracts import grants as g
from shared.contracts import lifecycle
from shared.contracts import practices as p
from shared.contracts.addresses import AddressAgreement, EndAddressSharing, ShareAddress
from shared.contracts.base import Entity
from shared.contracts.benefit import ListForPublicBenefit, PublicBenefitEntry, StrikeOffPublicBenefit
from shared.contracts.centres import (
    AssignOperator,
    Centre,
    ChangeCentre,
    CloseCentre,
    CoverDistrict,
    EndCoverage,
    RegisterCentre,
    TakeBackOperator,
)
from shared.contracts.cooperation import Cooperation, EndCooperation, RecordCooperation
from shared.contracts.corrections import Correction, DecideCorrection, SubmitCorrection
from shared.contracts.indicators import Indicator, RecordIndicator
from shared.contracts.law import LegalSetting, SetLegalSetting
from shared.contracts.organisations import Organization, ReviewOrganization, SubmitOrganization
from shared.contracts.partnerships import (
    BringResource,
    EndPartnership,
    JoinPartnership,
    LeavePartnership,
    Partnership,
    SignPartnership,
)
from shared.contracts.projects import ChangeProject, EndProject, Project, RegisterProject
from shared.contracts.statistics import Snapshot, TakeSnapshot
from shared.service.process import Reaction, Service
from shared.service.routes import Routes, Write
from shared.service.writing import changed
from shared.store.port import Store, Transaction

LISTINGS = (
    *ORGANIZATION_LISTINGS,
    *CENTRE_LISTINGS,
    *PARTNERSHIP_LISTINGS,
    *BENEFIT_LISTINGS,
    *STATISTICS_LISTINGS,
    *SUBMISSION_LISTINGS,
    *CORRECTION_LISTINGS,
    *PROJECT_LISTINGS,
    *PRACTICE_LISTINGS,
    *COOPERATION_LISTINGS,
    *ADDRESS_LISTINGS,
    *INDICATOR_LISTINGS,
    *GRANT_LISTINGS,
    *LAW_LISTINGS,
    *CALL_LISTINGS,
    *OFFER_LISTINGS,
    *EVALUATION_LISTINGS,
    *AGREEMENT_LISTINGS,
)

WRITES = (
    Write.for_everybody(ORGANIZATIONS, Organization, SubmitOrganization, submissions.submit_organization),
    Write(ORGANIZATIONS, Organization, ReviewOrganization, submissions.review_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.VerifyOrganization, organisations.verify_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.PublishOrganization, organisations.publish_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.RejectOrganization, organisations.reject_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.SuspendOrganization, organisations.suspend_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.ReinstateOrganization, organisations.reinstate_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.DissolveOrganization, organisations.dissolve_organization),
    Write(ORGANIZATIONS, Organization, lifecycle.UpdateOrganization, amendments.update_organization),
    Write.for_everybody(CORRECTIONS, Correction, SubmitCorrection, corrections.submit_correction),
    Write(CORRECTIONS, Correction, DecideCorrection, corrections.decide_correction),
    Write(PARTNERSHIPS, Partnership, SignPartnership, partnerships.sign_partnership),
    Write(PARTNERSHIPS, Partnership, JoinPartnership, partnerships.join_partnership),
    Write(PARTNERSHIPS, Partnership, BringResource, partnerships.bring_resource),
    Write(PARTNERSHIPS, Partnership, LeavePartnership, partnerships.leave_partnership),
    Write(PARTNERSHIPS, Partnership, EndPartnership, partnerships.end_partnership),
    Write(CENTRES, Centre, RegisterCentre, operators.register_centre),
    Write(CENTRES, Centre, AssignOperator, operators.assign_operator),
    Write(CENTRES, Centre, TakeBackOperator, operators.take_back_operator),
    Write(CENTRES, Centre, ChangeCentre, operators.change_centre),
    Write(CENTRES, Centre, CloseCentre, operators.close_centre),
    Write(CENTRES, Centre, CoverDistrict, operators.cover_district),
    Write(CENTRES, Centre, EndCoverage, operators.end_coverage),
    Write(PROJECTS, Project, RegisterProject, projects.register_project),
    Write(PROJECTS, Project, ChangeProject, projects.change_project),
    Write(PROJECTS, Project, EndProject, projects.end_project),
    Write(PRACTICES, p.Practice, p.SubmitPractice, practices.submit_practice),
    Write(PRACTICES, p.Practice, p.ChangePractice, practices.change_practice),
    Write(PRACTICES, p.Practice, p.PublishPractice, practices.publish_practice),
    Write(PRACTICES, p.Practice, p.RejectPractice, practices.reject_practice),
    Write(COOPERATIONS, Cooperation, RecordCooperation, cooperation.record_cooperation),
    Write(COOPERATIONS, Cooperation, EndCooperation, cooperation.end_cooperation),
    Write(ADDRESS_AGREEMENTS, AddressAgreement, ShareAddress, addresses.share_address),
    Write(ADDRESS_AGREEMENTS, AddressAgreement, EndAddressSharing, addresses.end_address_sharing),
    Write(INDICATORS, Indicator, RecordIndicator, indicators.record_indicator),
    Write(BENEFITS, PublicBenefitEntry, ListForPublicBenefit, benefit.list_for_public_benefit),
    Write(BENEFITS, PublicBenefitEntry, StrikeOffPublicBenefit, benefit.strike_off_public_benefit),
    Write(SNAPSHOTS, Snapshot, TakeSnapshot, statistics.take_snapshot),
    Write(SMALL_GRANTS, g.SmallGrant, g.SubmitSmallGrant, grants.submit_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.ConfirmSmallGrant, grants.confirm_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.PublishSmallGrant, grants.publish_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.DecideSmallGrant, grants.decide_small_grant),
    Write(SMALL_GRANTS, g.SmallGrant, g.WithdrawSmallGrant, grants.withdraw_small_grant),
    Write.for_everybody(COMMENTS, g.SmallGrantComment, g.CommentSmallGrant, grants.comment_small_grant),
    Write(PLANS, g.GrantPlan, g.SetGrantPlan, grants.set_grant_plan),
    Write(LEGAL_SETTINGS, LegalSetting, SetLegalSetting, law.set_legal_setting),
    Write(CALLS, c.Call, c.AnnounceCall, calls.announce_call),
    Write(CALLS, c.Call, c.PublishResults, results.publish_results),
    Write(OFFERS, c.Offer, c.SubmitOffer, offers.submit_offer),
    Write(OFFERS, c.Offer, c.ChangeOffer, offers.change_offer),
    Write(OFFERS, c.Offer, c.ConfirmOffer, offers.confirm_offer),
    Write(OFFERS, c.Offer, c.WithdrawOffer, offers.withdraw_offer),
    Write(OFFERS, c.Offer, c.EvaluateOfferFormally, evaluations.evaluate_offer_formally),
    Write(EVALUATIONS, c.OfferEvaluations, c.EvaluateOffer, evaluations.evaluate_offer),
    Write(AGREEMENTS, a.Agreement, a.SignAgreement, agreements.sign_agreement),
    Write(CHANGE_REQUESTS, a.ChangeRequest, a.RequestChange, agreements.request_change),
    Write(CHANGE_REQUESTS, a.ChangeRequest, a.DecideChange, agreements.decide_change),
    Write(REPORTS, a.TaskReport, a.SubmitTaskReport, agreements.submit_task_report),
    Write(REPORTS, a.TaskReport, a.DecideTaskReport, agreements.decide_task_report),
)

IMPORTED = (
    DISTRICTS,
    ORGANIZATIONS,
    CENTRES,
    PARTNERSHIPS,
    PROJECTS,
    PRACTICES,
    COOPERATIONS,
    ADDRESS_AGREEMENTS,
    INDICATORS,
    BENEFITS,
    SNAPSHOTS,
)

MADE_HERE = (LIKELY_DUPLICATES, NAME_CLAIMS, HIERARCHIES, PLACE_USES, CORRECTIONS)
"""What no import brings."""


async def _tell_imported(tx: Transaction, entity: Entity) -> None:
    await changed(tx, "registry", "imported", entity)


ROUTES = Routes(LISTINGS, WRITES, IMPORTED, _tell_imported)
# procedures are not imported: their sums and clocks come from decisions made here
DECIDED_HERE = (
    *GRANT_COLLECTIONS,
    LEGAL_SETTINGS,
    CALLS,
    OFFERS,
    OFFERERS,
    EVALUATIONS,
    AGREEMENTS,
    CHANGE_REQUESTS,
    REPORTS,
)


def routes(store: Store, committed: Callable[[], None]) -> Iterator[web.RouteDef]:
    yield from ROUTES(store, committed)
    yield from export_routes(store)
    yield export_route(store)
    yield receipts_route(store)
    yield copy_route(store, IMPORTED, LISTINGS)
    yield import_route(store, committed)


HANDOVERS = Reaction(DURABLE, SUBJECTS, settle)
SERVICE = Service("registry", (*IMPORTED, *MADE_HERE, *DECIDED_HERE), routes, (HANDOVERS,))
