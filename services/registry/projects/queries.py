"""How projects are read; all of it is public."""

from services.registry.projects.collections import PROJECTS
from shared.contracts.organisations import Project, ProjectFilter
from shared.contracts.people import Viewer
from shared.polish import fold
from shared.service.reading import Listing
from shared.store.port import Condition, Prefix, containing


def _projects(asked: ProjectFilter, _: Viewer | None) -> tuple[Condition, ...]:
    starting = (Prefix("folded", fold(asked.name_starts_with)),) if asked.name_starts_with else ()
    return (*starting, *containing(participant_ids=asked.participant_id))


LISTINGS = (Listing(PROJECTS, Project, ProjectFilter, _projects),)
