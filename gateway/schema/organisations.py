"""Organisations, districts, centres and partnerships: the registry's part of the schema."""

import strawberry

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from shared.contracts import centres, lifecycle, partnerships
from shared.contracts import organisations as contracts


@expose(centres.Operator)
class Operator:
    organization = one(kinds.ORGANIZATIONS, "organization_id")


@expose(contracts.Organization)
class Organization(Node):
    districts = several(kinds.DISTRICTS, "district_ids", "Districts in which it is active")
    parent = one(kinds.ORGANIZATIONS, "parent_id", "The body of which this is a unit")
    units = many(kinds.ORGANIZATIONS, "parent_id", "Its units")
    operator = one(kinds.ORGANIZATIONS, "operator_id", "Who runs it, where that is somebody else")
    operates = many(kinds.ORGANIZATIONS, "operator_id", "What it runs for others")
    founders = several(kinds.ORGANIZATIONS, "founder_ids")
    founded = many(kinds.ORGANIZATIONS, "founder_id", "What it founded")
    federations = several(kinds.ORGANIZATIONS, "federation_ids")
    centres = many(kinds.CENTRES, "operator_id", "Community centres that it runs or ran; with `asOf`, ran that day")
    coordinates = many(kinds.CENTRES, "coordinator_id", "Community centres that it coordinates")
    partnerships = many(kinds.PARTNERSHIPS, "member_id")
    public_benefit_entries = many(kinds.BENEFITS, "organization_id", "Tax years for which it may receive a share")
    projects = many(kinds.PROJECTS, "participant_id", "Projects that it leads or takes part in")
    practices = many(kinds.PRACTICES, "organization_id", "Its good practices and ideas")
    cooperations = many(kinds.COOPERATIONS, "organization_id", "What it did together with the city or with others")
    shared_addresses = many(kinds.ADDRESS_AGREEMENTS, "organization_id", "Addresses that others let it use")
    hosted_addresses = many(kinds.ADDRESS_AGREEMENTS, "host_id", "Addresses that it lets others use")
    indicators = many(kinds.INDICATORS, "organization_id", "Aggregate numbers")
    consultations = many(kinds.CONSULTATIONS, "organizer_id", "Consultations that it organises")
    remarks = many(kinds.REMARKS, "organization_id", "Remarks made in its name")
    events = many(kinds.EVENTS, "organizer_id", "Events that it organises")
    likely_duplicates = many(
        kinds.LIKELY_DUPLICATES, "organization_id", "Organisations it may be one with; empty for all but reviewers"
    )
    small_grants = many(kinds.SMALL_GRANTS, "organization_id", "Its offers without an open call")
    calls = many(kinds.CALLS, "organizer_id", "Open calls that it announced")
    offers = many(kinds.OFFERS, "organization_id", "Its offers in open calls, single and joint")
    agreements = many(kinds.AGREEMENTS, "organization_id", "Agreements on its granted tasks")


@expose(contracts.District)
class District(Node):
    organizations = many(kinds.ORGANIZATIONS, "district_id", "Organisations active in the district")
    centres = many(kinds.CENTRES, "district_id")
    covering_centres = many(kinds.CENTRES, "covers_district_id", "Centres that serve it or served it")
    partnerships = many(kinds.PARTNERSHIPS, "district_id")
    consultations = many(kinds.CONSULTATIONS, "district_id")
    events = many(kinds.EVENTS, "district_id")
    projects = many(kinds.PROJECTS, "district_id", "Projects for the district")
    practices = many(kinds.PRACTICES, "district_id", "Good practices and ideas of the district")
    cooperations = many(kinds.COOPERATIONS, "district_id")


@expose(centres.Coverage)
class Coverage:
    district = one(kinds.DISTRICTS, "district_id")


@expose(centres.Centre)
class Centre(Node):
    district = one(kinds.DISTRICTS, "district_id")
    coordinator = one(kinds.ORGANIZATIONS, "coordinator_id")


@expose(partnerships.Membership)
class Membership:
    organization = one(kinds.ORGANIZATIONS, "organization_id")


@expose(partnerships.Brought)
class Brought:
    organization = one(kinds.ORGANIZATIONS, "organization_id")


def _resources(parent: strawberry.Parent[partnerships.Partnership]) -> list[str]:
    return list(parent.resource_lines())


def _brought(parent: strawberry.Parent[partnerships.Partnership]) -> list[Brought]:
    return list(parent.brought())  # type: ignore[arg-type]  # contract objects, shown as the derived type


@expose(partnerships.Partnership, show=set(partnerships.Partnership.__struct_fields__) - {"resources"})
class Partnership(Node):
    resources: list[str] = strawberry.field(
        resolver=_resources, description="What members bring, now or on the day `asOf`, in words; each once"
    )
    brought: list[Brought] = strawberry.field(resolver=_brought, description="The same by member")
    signing_event = one(kinds.EVENTS, "signing_event_id", "The event at which it was signed, if it was entered so")
    district = one(kinds.DISTRICTS, "district_id")
    members = several(kinds.ORGANIZATIONS, "member_ids")
    events = many(kinds.EVENTS, "partnership_id")


@expose(lifecycle.LikelyDuplicate)
class LikelyDuplicate(Node):
    organization = one(kinds.ORGANIZATIONS, "organization_id")
    other = one(kinds.ORGANIZATIONS, "other_id")


submit_organization = command(kinds.ORGANIZATIONS, contracts.SubmitOrganization)
review_organization = command(kinds.ORGANIZATIONS, contracts.ReviewOrganization)
verify_organization = command(kinds.ORGANIZATIONS, lifecycle.VerifyOrganization)
publish_organization = command(kinds.ORGANIZATIONS, lifecycle.PublishOrganization)
reject_organization = command(kinds.ORGANIZATIONS, lifecycle.RejectOrganization)
suspend_organization = command(kinds.ORGANIZATIONS, lifecycle.SuspendOrganization)
reinstate_organization = command(kinds.ORGANIZATIONS, lifecycle.ReinstateOrganization)
dissolve_organization = command(kinds.ORGANIZATIONS, lifecycle.DissolveOrganization)
update_organization = command(kinds.ORGANIZATIONS, lifecycle.UpdateOrganization)
sign_partnership = command(kinds.PARTNERSHIPS, partnerships.SignPartnership, {"signing_event_id": kinds.EVENTS})
join_partnership = command(kinds.PARTNERSHIPS, partnerships.JoinPartnership)
bring_resource = command(kinds.PARTNERSHIPS, partnerships.BringResource)
leave_partnership = command(kinds.PARTNERSHIPS, partnerships.LeavePartnership)
end_partnership = command(kinds.PARTNERSHIPS, partnerships.EndPartnership)
register_centre = command(kinds.CENTRES, centres.RegisterCentre)
assign_operator = command(kinds.CENTRES, centres.AssignOperator)
take_back_operator = command(kinds.CENTRES, centres.TakeBackOperator)
change_centre = command(kinds.CENTRES, centres.ChangeCentre)
close_centre = command(kinds.CENTRES, centres.CloseCentre)
cover_district = command(kinds.CENTRES, centres.CoverDistrict)
end_coverage = command(kinds.CENTRES, centres.EndCoverage)
