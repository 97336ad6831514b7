"""What the registry stores, and by which keys it is found."""

from shared.contracts.organisations import Centre, District, Organization, OrganizationStatus, Partnership, Project
from shared.polish import fold, sort_key, stems
from shared.store.port import Collection, Key


class StoredOrganization(Organization, frozen=True, kw_only=True):
    """With what is never sent: who put it forward (the subject of a token)."""

    submitted_by: str | None = None


def _identifier(name: str) -> Key[StoredOrganization]:
    # a rejected submission does not keep others from using the number
    return Key(lambda o: None if o.status is OrganizationStatus.REJECTED else getattr(o, name), unique=True)


ORGANIZATIONS = Collection(
    "organizations",
    StoredOrganization,
    "org",
    keys={
        "name": Key(lambda o: sort_key(o.name)),
        "created": Key(lambda o: o.created_at),
        "folded": Key(lambda o: fold(o.name)),
        "stems": Key(lambda o: stems(" ".join((o.name, *o.aliases))), multi=True),
        "legal_form": Key(lambda o: o.legal_form),
        "fields": Key(lambda o: o.fields, multi=True),
        "public_benefit": Key(lambda o: o.public_benefit),
        "status": Key(lambda o: o.status),
        "krs": _identifier("krs"),
        "nip": _identifier("nip"),
        "regon": _identifier("regon"),
        "district_ids": Key(lambda o: o.district_ids, multi=True),
        "parent_id": Key(lambda o: o.parent_id),
        "operator_id": Key(lambda o: o.operator_id),
        "founder_ids": Key(lambda o: o.founder_ids, multi=True),
    },
    orders=("name", "-created"),
)

DISTRICTS = Collection(
    "districts",
    District,
    "dis",
    keys={"name": Key(lambda d: sort_key(d.name)), "folded": Key(lambda d: fold(d.name))},
    orders=("name",),
)

CENTRES = Collection(
    "centres",
    Centre,
    "cen",
    keys={
        "name": Key(lambda c: sort_key(c.name)),
        "kind": Key(lambda c: c.kind),
        "district_id": Key(lambda c: c.district_id),
        "operator_ids": Key(
            lambda c: [operator.organization_id for operator in c.operators if operator.organization_id], multi=True
        ),
    },
    orders=("name",),
)

PARTNERSHIPS = Collection(
    "partnerships",
    Partnership,
    "par",
    keys={
        "name": Key(lambda p: sort_key(p.name)),
        "kind": Key(lambda p: p.kind),
        "district_id": Key(lambda p: p.district_id),
        "member_ids": Key(lambda p: p.member_ids, multi=True),
    },
    orders=("name",),
)

PROJECTS = Collection(
    "projects",
    Project,
    "prj",
    keys={
        "name": Key(lambda p: sort_key(p.name)),
        "folded": Key(lambda p: fold(p.name)),
        "participant_ids": Key(lambda p: [*p.partner_ids, *((p.leader_id,) if p.leader_id else ())], multi=True),
    },
    orders=("name",),
)

ALL = (DISTRICTS, ORGANIZATIONS, CENTRES, PARTNERSHIPS, PROJECTS)
