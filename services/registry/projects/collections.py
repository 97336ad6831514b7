"""Projects with their funders and partners. By which keys they are found."""

from shared.contracts.organisations import Project
from shared.polish import fold, sort_key
from shared.store.port import Collection, Key

PROJECTS = Collection(
    "projects",
    Project,
    "prj",
    keys={
        "name": Key(lambda p: sort_key(p.name), edition=1),
        "folded": Key(lambda p: fold(p.name)),
        "participant_ids": Key(lambda p: [*p.partner_ids, *((p.leader_id,) if p.leader_id else ())], multi=True),
    },
    orders=("name",),
)
