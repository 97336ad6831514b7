"""What organisations and the city do together: projects, practices, cooperation, shared addresses, indicators."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import many, one, several
from shared.contracts import addresses, indicators, practices, projects
from shared.contracts import cooperation as contracts


@expose(projects.Participant)
class Participant:
    organization = one(kinds.ORGANIZATIONS, "organization_id")


@expose(projects.Project)
class Project(Node):
    leader = one(kinds.ORGANIZATIONS, "leader_id")
    partners = several(kinds.ORGANIZATIONS, "partner_ids", "Partners that are in the register")
    districts = several(kinds.DISTRICTS, "district_ids")
    practices = many(kinds.PRACTICES, "project_id", "Good practices and ideas of the project")
    cooperations = many(kinds.COOPERATIONS, "project_id")
    indicators = many(kinds.INDICATORS, "project_id", "What it reached, in numbers")


@expose(practices.Practice)
class Practice(Node):
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")
    projects = several(kinds.PROJECTS, "project_ids")
    agreements = several(kinds.AGREEMENTS, "agreement_ids", "Granted tasks in which it was done")
    districts = several(kinds.DISTRICTS, "district_ids")


@expose(contracts.Cooperation)
class Cooperation(Node):
    authority = one(kinds.ORGANIZATIONS, "authority_id", "The public body, or its unit")
    organizations = several(kinds.ORGANIZATIONS, "organization_ids")
    districts = several(kinds.DISTRICTS, "district_ids")
    project = one(kinds.PROJECTS, "project_id")
    agreement = one(kinds.AGREEMENTS, "agreement_id")
    event = one(kinds.EVENTS, "event_id")
    consultation = one(kinds.CONSULTATIONS, "consultation_id")


@expose(addresses.AddressAgreement)
class AddressAgreement(Node):
    host = one(kinds.ORGANIZATIONS, "host_id", "Whose place it is")
    organization = one(kinds.ORGANIZATIONS, "organization_id", "Who uses the address")


@expose(indicators.Indicator)
class Indicator(Node):
    organization = one(kinds.ORGANIZATIONS, "organization_id")
    project = one(kinds.PROJECTS, "project_id")


register_project = command(kinds.PROJECTS, projects.RegisterProject)
change_project = command(kinds.PROJECTS, projects.ChangeProject)
end_project = command(kinds.PROJECTS, projects.EndProject)
submit_practice = command(kinds.PRACTICES, practices.SubmitPractice)
change_practice = command(kinds.PRACTICES, practices.ChangePractice)
publish_practice = command(kinds.PRACTICES, practices.PublishPractice)
reject_practice = command(kinds.PRACTICES, practices.RejectPractice)
record_cooperation = command(
    kinds.COOPERATIONS,
    contracts.RecordCooperation,
    {"event_id": kinds.EVENTS, "consultation_id": kinds.CONSULTATIONS},
)
end_cooperation = command(kinds.COOPERATIONS, contracts.EndCooperation)
share_address = command(kinds.ADDRESS_AGREEMENTS, addresses.ShareAddress)
end_address_sharing = command(kinds.ADDRESS_AGREEMENTS, addresses.EndAddressSharing)
record_indicator = command(kinds.INDICATORS, indicators.RecordIndicator)
