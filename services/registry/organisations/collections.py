"""Organisations as the registry stores them, and by which keys they are found."""

from services.registry.organisations import abbreviations, names
from shared.contracts.organisations import Organization, OrganizationStatus
from shared.polish import fold, sort_key
from shared.store.port import Collection, Key


class StoredOrganization(Organization, frozen=True, kw_only=True):
    """With what is never sent: who put it forward (the subject of a token)."""

    submitted_by: str | None = None


def _identifier(name: str) -> Key[StoredOrganization]:
    # a rejected submission does not keep others from using the number
    return Key(lambda o: None if o.status is OrganizationStatus.REJECTED else getattr(o, name), unique=True)


def _likeness(organization: StoredOrganization) -> tuple[str, ...]:
    # nor does one keep others from using its name
    if organization.status is OrganizationStatus.REJECTED:
        return ()
    return tuple(names.keys((organization.name, *organization.aliases)))


ORGANIZATIONS = Collection(
    "organizations",
    StoredOrganization,
    "org",
    keys={
        "name": Key(lambda o: sort_key(o.name), edition=1),
        "created": Key(lambda o: o.created_at),
        "folded": Key(lambda o: fold(o.name)),
        "roots": Key(lambda o: abbreviations.keys((o.name, *o.aliases)), multi=True, edition=2),
        "likeness": Key(_likeness, multi=True, edition=1),
        "legal_form": Key(lambda o: o.legal_form),
        "fields": Key(lambda o: o.fields, multi=True),
        "public_benefit": Key(lambda o: o.public_benefit),
        "status": Key(lambda o: o.status),
        "submitted_by": Key(lambda o: o.submitted_by),
        "krs": _identifier("krs"),
        "nip": _identifier("nip"),
        "regon": _identifier("regon"),
        "district_ids": Key(lambda o: o.district_ids, multi=True),
        "parent_id": Key(lambda o: o.parent_id),
        "operator_id": Key(lambda o: o.operator_id),
        "founder_ids": Key(lambda o: o.founder_ids, multi=True),
    },
    orders=("name", "-created"),
    counted=("status", "legal_form", "public_benefit", "fields", "district_ids"),
    narrowing=("roots",),
)
