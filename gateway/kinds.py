"""The kinds of entity the gateway shows: which service owns them, under which path, in which orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from shared.contracts import (
    addresses,
    agreements,
    benefit,
    calls,
    centres,
    cooperation,
    corrections,
    indicators,
    law,
    lifecycle,
    partnerships,
    practices,
    statistics,
)
from shared.contracts import consultations as c
from shared.contracts import events as e
from shared.contracts import grants as g
from shared.contracts import organisations as o
from shared.contracts import projects as p
from shared.contracts.base import Command, Entity


@dataclass(frozen=True)
class Kind:
    """`collection` is the path at the service; `orders` gives each order's name there, the default first."""

    service: str
    collection: str
    prefix: str
    contract: type[Entity]
    filter: type[Command]
    module: str
    orders: Mapping[str, str] = field(hash=False)
    facets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the GraphQL type."""
        return self.contract.__name__

    def order(self, member: Enum | None) -> str | None:
        return None if member is None else self.orders[member.name]


_BY_NAME = {"NAME": "name"}
_ORG_FACETS = ("legalForm", "field", "publicBenefit", "district")


def _registry(collection: str, prefix: str, contract: Any, filter_: Any, **more: Any) -> Kind:
    orders = _BY_NAME | more.pop("orders", {})
    return Kind("registry", collection, prefix, contract, filter_, "gateway.schema.organisations", orders, **more)


def _consultations(collection: str, prefix: str, contract: Any, filter_: Any, orders: Any, **more: Any) -> Kind:
    module = "gateway.schema.consultations"
    return Kind("consultations", collection, prefix, contract, filter_, module, orders, **more)


ORGANIZATIONS = _registry(
    "organizations", "org", o.Organization, o.OrganizationFilter, orders={"NEWEST": "-created"}, facets=_ORG_FACETS
)
DISTRICTS = _registry("districts", "dis", o.District, o.DistrictFilter)
CENTRES = _registry("centres", "cen", centres.Centre, centres.CentreFilter)
PARTNERSHIPS = _registry("partnerships", "par", partnerships.Partnership, partnerships.PartnershipFilter)
LIKELY_DUPLICATES = Kind(
    "registry",
    "likely_duplicates",
    "dup",
    lifecycle.LikelyDuplicate,
    lifecycle.LikelyDuplicateFilter,
    "gateway.schema.organisations",
    {"NEWEST": "-created"},
)
CORRECTIONS = Kind(
    "registry",
    "corrections",
    "cor",
    corrections.Correction,
    corrections.CorrectionFilter,
    "gateway.schema.corrections",
    {"MOST_URGENT": "decide_by", "NEWEST": "-created"},
    ("status",),
)
RECEIPTS = Kind(
    "registry",
    "receipts",
    "",
    corrections.Receipt,
    corrections.CorrectionFilter,
    "gateway.schema.corrections",
    {},
)
"""Of submissions and error reports, by their ids: a view, and no kind with ids of its own."""
BENEFITS = Kind(
    "registry",
    "benefits",
    "pbe",
    benefit.PublicBenefitEntry,
    benefit.PublicBenefitFilter,
    "gateway.schema.benefit",
    _BY_NAME | {"LATEST_YEAR": "-year"},
    ("status", "year"),
)
SNAPSHOTS = Kind(
    "registry",
    "snapshots",
    "snp",
    statistics.Snapshot,
    statistics.SnapshotFilter,
    "gateway.schema.statistics",
    {"LATEST": "-taken"},
)


def _cooperation(collection: str, prefix: str, contract: Any, filter_: Any, orders: Any, **more: Any) -> Kind:
    return Kind("registry", collection, prefix, contract, filter_, "gateway.schema.cooperation", orders, **more)


PROJECTS = _cooperation("projects", "prj", p.Project, p.ProjectFilter, _BY_NAME, facets=("fundingKind",))
PRACTICES = _cooperation(
    "practices",
    "prc",
    practices.Practice,
    practices.PracticeFilter,
    {"NEWEST": "-created", "TITLE": "title"},
    facets=("kind", "field", "tag"),
)
COOPERATIONS = _cooperation(
    "cooperations",
    "coo",
    cooperation.Cooperation,
    cooperation.CooperationFilter,
    {"LATEST": "-since"},
    facets=("form", "mode"),
)
ADDRESS_AGREEMENTS = _cooperation(
    "addressagreements",
    "adr",
    addresses.AddressAgreement,
    addresses.AddressAgreementFilter,
    {"LATEST": "-starts_on"},
)
INDICATORS = _cooperation(
    "indicators",
    "ind",
    indicators.Indicator,
    indicators.IndicatorFilter,
    {"LATEST_YEAR": "-latest"},
    facets=("name", "year"),
)


def _grants(collection: str, prefix: str, contract: Any, filter_: Any, orders: Any, **more: Any) -> Kind:
    return Kind("registry", collection, prefix, contract, filter_, "gateway.schema.grants", orders, **more)


SMALL_GRANTS = _grants(
    "smallgrants",
    "smg",
    g.SmallGrant,
    g.SmallGrantFilter,
    {"NEWEST": "-received", "OLDEST": "received"},
    facets=("status", "field"),
)
SMALL_GRANT_COMMENTS = _grants(
    "smallgrantcomments", "smc", g.SmallGrantComment, g.SmallGrantCommentFilter, {"OLDEST": "created"}
)
GRANT_PLANS = _grants("grantplans", "gpl", g.GrantPlan, g.GrantPlanFilter, {"LATEST": "-year"})
LEGAL_SETTINGS = _grants("legalsettings", "law", law.LegalSetting, law.LegalSettingFilter, {"LATEST": "-valid_from"})


def _calls(collection: str, prefix: str, contract: Any, filter_: Any, orders: Any, **more: Any) -> Kind:
    return Kind("registry", collection, prefix, contract, filter_, "gateway.schema.calls", orders, **more)


CALLS = _calls(
    "calls",
    "cal",
    calls.Call,
    calls.CallFilter,
    {"LATEST": "-offers_until", "SOONEST": "offers_until"},
    facets=("status",),
)
OFFERS = _calls(
    "offers",
    "ofr",
    calls.Offer,
    calls.OfferFilter,
    {"OLDEST": "received", "NEWEST": "-received"},
    facets=("status",),
)
EVALUATIONS = _calls(
    "offerevaluations", "oev", calls.OfferEvaluations, calls.OfferEvaluationsFilter, {"OLDEST": "created"}
)
AGREEMENTS = _calls(
    "agreements",
    "agr",
    agreements.Agreement,
    agreements.AgreementFilter,
    {"NEWEST": "-signed_on", "REPORT_SOONEST": "report_until"},
)
CHANGE_REQUESTS = _calls(
    "changerequests", "chr", agreements.ChangeRequest, agreements.ChangeRequestFilter, {"OLDEST": "created"}
)
TASK_REPORTS = _calls("taskreports", "trp", agreements.TaskReport, agreements.TaskReportFilter, {"OLDEST": "created"})

CONSULTATIONS = _consultations(
    "consultations",
    "con",
    c.Consultation,
    c.ConsultationFilter,
    {"NEWEST": "-opens", "TITLE": "title"},
    facets=("status",),
)
DOCUMENTS = _consultations("documents", "doc", c.Document, c.DocumentFilter, {"TITLE": "title"})
REMARKS = _consultations(
    "remarks",
    "rem",
    c.Remark,
    c.RemarkFilter,
    {"OLDEST": "created", "NEWEST": "-created"},
    facets=("kind", "status"),
)

EVENTS = Kind(
    "events",
    "events",
    "evt",
    e.Event,
    e.EventFilter,
    "gateway.schema.events",
    {"SOONEST": "starts", "LATEST": "-starts"},
    ("kind", "status"),
)

KINDS = (
    ORGANIZATIONS,
    DISTRICTS,
    CENTRES,
    PARTNERSHIPS,
    PROJECTS,
    PRACTICES,
    COOPERATIONS,
    ADDRESS_AGREEMENTS,
    INDICATORS,
    LIKELY_DUPLICATES,
    CORRECTIONS,
    BENEFITS,
    SNAPSHOTS,
    SMALL_GRANTS,
    SMALL_GRANT_COMMENTS,
    GRANT_PLANS,
    LEGAL_SETTINGS,
    CALLS,
    OFFERS,
    EVALUATIONS,
    AGREEMENTS,
    CHANGE_REQUESTS,
    TASK_REPORTS,
    CONSULTATIONS,
    DOCUMENTS,
    REMARKS,
    EVENTS,
)
BY_PREFIX = {kind.prefix: kind for kind in KINDS}
BY_ENTITY = {kind.name.lower(): kind for kind in KINDS}
