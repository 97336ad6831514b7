"""Entries of the public-benefit list. By which keys they are found."""

from shared.contracts.benefit import PublicBenefitEntry
from shared.ids import id_of
from shared.polish import fold, sort_key
from shared.store.port import Collection, Key

BENEFITS = Collection(
    "benefits",
    PublicBenefitEntry,
    "pbe",
    keys={
        "name": Key(lambda e: sort_key(e.name), edition=1),
        "year": Key(lambda e: e.tax_year),
        "folded": Key(lambda e: fold(e.name)),
        "organization_id": Key(lambda e: e.organization_id),
        "status": Key(lambda e: e.status),
    },
    orders=("name", "-year"),
)


def entry_id(organization_id: str, tax_year: int) -> str:
    """One entry per organisation and year: its id is made of the two, so there cannot be a second."""
    return id_of("pbe", f"{organization_id}\n{tax_year}")
