"""The schema's three roots, and the schema."""

from datetime import date
from typing import Any, Optional

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from gateway import kinds
from gateway.context import FreshLoaders, KnownOperations
from gateway.errors import MaskErrors
from gateway.execution.executor import Executor
from gateway.limits.declared import CALL
from gateway.observing import ObservedOperations
from gateway.schema import (
    benefit,
    calls,
    consultations,
    cooperation,
    corrections,
    events,
    grants,
    organisations,
    statistics,
)
from gateway.schema.changes import changes
from gateway.schema.node import Node, any_by_id, by_id, many_by_id
from gateway.schema.relations import every

_TYPES: dict[str, Any] = {
    name: getattr(module, name)
    for module in (organisations, cooperation, benefit, statistics, grants, calls, consultations, events, corrections)
    for name in (kind.name for kind in kinds.KINDS if kind.module == module.__name__)
}


@strawberry.type
class Query:
    organizations = every(kinds.ORGANIZATIONS, "The register of organisations")
    organization = by_id(kinds.ORGANIZATIONS, _TYPES["Organization"])
    districts = every(kinds.DISTRICTS)
    district = by_id(kinds.DISTRICTS, _TYPES["District"])
    centres = every(kinds.CENTRES, "Community centres; with `asOf`, those of that day", {"as_of": Optional[date]})
    partnerships = every(kinds.PARTNERSHIPS, "Partnerships, local and sectoral", {"as_of": Optional[date]})
    projects = every(kinds.PROJECTS, "Projects; with `asOf`, those that ran that day", {"as_of": Optional[date]})
    project = by_id(kinds.PROJECTS, _TYPES["Project"])
    practices = every(kinds.PRACTICES, "Good practices and ideas: published, or one's own")
    practice = by_id(kinds.PRACTICES, _TYPES["Practice"])
    cooperations = every(kinds.COOPERATIONS, "What the city and organisations did together, by form and period")
    address_agreements = every(
        kinds.ADDRESS_AGREEMENTS, "Who uses whose address; with `asOf`, that day", {"as_of": Optional[date]}
    )
    indicators = every(kinds.INDICATORS, "Aggregate numbers of organisations and projects by year")
    likely_duplicates = every(kinds.LIKELY_DUPLICATES, "Submissions that may be there already; for reviewers")
    public_benefit_list = benefit.public_benefit_list
    snapshots = statistics.snapshots
    statistics = statistics.statistics
    small_grants = every(kinds.SMALL_GRANTS, "Offers without an open call")
    small_grant = by_id(kinds.SMALL_GRANTS, _TYPES["SmallGrant"])
    grant_plans = every(kinds.GRANT_PLANS, "Grants planned by budget year")
    legal_settings = every(
        kinds.LEGAL_SETTINGS, "The limits of law with the days on which they hold", {"as_of": Optional[date]}
    )
    legal_setting = grants.legal_setting
    calls = every(kinds.CALLS, "Open calls for offers")
    call = by_id(kinds.CALLS, _TYPES["Call"])
    offers = every(kinds.OFFERS, "Offers in open calls: public once the results are, one's own before")
    offer = by_id(kinds.OFFERS, _TYPES["Offer"])
    offer_evaluations = every(kinds.EVALUATIONS, "Evaluations of offers, as far as they are to be seen")
    agreements = every(kinds.AGREEMENTS, "Agreements on granted tasks")
    consultations = every(kinds.CONSULTATIONS)
    consultation = by_id(kinds.CONSULTATIONS, _TYPES["Consultation"])
    remarks = every(kinds.REMARKS)
    events = every(kinds.EVENTS, "The calendar")
    event = by_id(kinds.EVENTS, _TYPES["Event"])

    receipt = strawberry.field(
        resolver=corrections.receipt,
        description="How far a submission or an error report is, by the id it was given",
        directives=[CALL],
    )
    corrections = every(kinds.CORRECTIONS, "Error reports: all for reviewers, one's own for everybody else")

    node: Node | None = any_by_id()
    nodes: list[Node | None] | None = many_by_id()


@strawberry.type
class Mutation:
    submit_organization = organisations.submit_organization
    review_organization = organisations.review_organization
    verify_organization = organisations.verify_organization
    publish_organization = organisations.publish_organization
    reject_organization = organisations.reject_organization
    suspend_organization = organisations.suspend_organization
    reinstate_organization = organisations.reinstate_organization
    dissolve_organization = organisations.dissolve_organization
    update_organization = organisations.update_organization
    sign_partnership = organisations.sign_partnership
    join_partnership = organisations.join_partnership
    bring_resource = organisations.bring_resource
    leave_partnership = organisations.leave_partnership
    end_partnership = organisations.end_partnership
    register_centre = organisations.register_centre
    assign_operator = organisations.assign_operator
    take_back_operator = organisations.take_back_operator
    change_centre = organisations.change_centre
    close_centre = organisations.close_centre
    cover_district = organisations.cover_district
    end_coverage = organisations.end_coverage
    register_project = cooperation.register_project
    change_project = cooperation.change_project
    end_project = cooperation.end_project
    submit_practice = cooperation.submit_practice
    change_practice = cooperation.change_practice
    publish_practice = cooperation.publish_practice
    reject_practice = cooperation.reject_practice
    record_cooperation = cooperation.record_cooperation
    end_cooperation = cooperation.end_cooperation
    share_address = cooperation.share_address
    end_address_sharing = cooperation.end_address_sharing
    record_indicator = cooperation.record_indicator
    list_for_public_benefit = benefit.list_for_public_benefit
    strike_off_public_benefit = benefit.strike_off_public_benefit
    take_snapshot = statistics.take_snapshot
    submit_small_grant = grants.submit_small_grant
    confirm_small_grant = grants.confirm_small_grant
    publish_small_grant = grants.publish_small_grant
    comment_small_grant = grants.comment_small_grant
    decide_small_grant = grants.decide_small_grant
    withdraw_small_grant = grants.withdraw_small_grant
    set_grant_plan = grants.set_grant_plan
    set_legal_setting = grants.set_legal_setting
    announce_call = calls.announce_call
    submit_offer = calls.submit_offer
    change_offer = calls.change_offer
    confirm_offer = calls.confirm_offer
    withdraw_offer = calls.withdraw_offer
    evaluate_offer_formally = calls.evaluate_offer_formally
    evaluate_offer = calls.evaluate_offer
    publish_results = calls.publish_results
    sign_agreement = calls.sign_agreement
    request_change = calls.request_change
    decide_change = calls.decide_change
    submit_task_report = calls.submit_task_report
    decide_task_report = calls.decide_task_report
    open_consultation = consultations.open_consultation
    change_consultation = consultations.change_consultation
    submit_remark = consultations.submit_remark
    schedule_event = events.schedule_event
    change_event = events.change_event
    submit_correction = corrections.submit_correction
    decide_correction = corrections.decide_correction


@strawberry.type
class Subscription:
    changes = strawberry.subscription(resolver=changes, description="What is written, as soon as it is")


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """No log here: strawberry's would hold the operation's text, and with it what a person wrote."""


schema = Schema(
    Query,
    Mutation,
    Subscription,
    types=list(_TYPES.values()),
    config=StrawberryConfig(auto_camel_case=True),
    extensions=[ObservedOperations, MaskErrors, FreshLoaders, KnownOperations],
    execution_context_class=Executor,
)
