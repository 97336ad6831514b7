"""What organisations and the city do together: projects."""

from gateway import kinds
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import one, several
from shared.contracts import projects


@expose(projects.Participant)
class Participant:
    organization = one(kinds.ORGANIZATIONS, "organization_id")


@expose(projects.Project)
class Project(Node):
    leader = one(kinds.ORGANIZATIONS, "leader_id")
    partners = several(kinds.ORGANIZATIONS, "partner_ids", "Of the register, in whatever role")
    districts = several(kinds.DISTRICTS, "district_ids")


register_project = command(kinds.PROJECTS, projects.RegisterProject)
change_project = command(kinds.PROJECTS, projects.ChangeProject)
end_project = command(kinds.PROJECTS, projects.EndProject)
