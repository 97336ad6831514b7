"""That what a command refers to is there. Read in the command's own transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from services.registry.centres.collections import DISTRICTS
from services.registry.organisations.collections import ORGANIZATIONS
from shared.contracts.organisations import OrganizationStatus
from shared.contracts.refusals import Refused
from shared.store.port import Collection, Transaction

_NAMES = {
    "districts": ("DISTRICT", "dzielnicy", "district"),
    "partnerships": ("PARTNERSHIP", "partnerstwa", "partnership"),
    "projects": ("PROJECT", "projektu", "project"),
    "practices": ("PRACTICE", "dobrej praktyki ani pomysłu", "good practice or idea"),
    "agreements": ("AGREEMENT", "umowy", "agreement"),
    "cooperations": ("COOPERATION", "zapisu współpracy", "record of cooperation"),
    "addressagreements": ("ADDRESS_AGREEMENT", "umowy o adres", "agreement on an address"),
    "centres": ("CENTRE", "ośrodka", "centre"),
}


def unknown(code: str, pl: str, en: str, field: str) -> Refused:
    return Refused(
        f"UNKNOWN_{code}",
        pl=f"Nie ma {pl} o tym identyfikatorze.",
        en=f"There is no {en} with this id.",
        field=field,
    )


async def stored[E: Any](
    tx: Transaction,
    collection: Collection[E],
    id_: str,
    field: str = "id",
    seen: Callable[[E], bool] = lambda _: True,
) -> E:
    """What is there and may be seen: of the rest nobody learns whether it is there."""
    found = await tx.get(collection, id_)
    if found is None or not seen(found):
        raise unknown(*_NAMES[collection.name], field)
    return found


async def exist(tx: Transaction, collection: Collection[Any], ids: Sequence[str], field: str) -> None:
    """All of them; the first that is missing is named by its place."""
    found = {one.id for one in await tx.get_many(collection, tuple(dict.fromkeys(ids)))}
    for place, id_ in enumerate(ids):
        if id_ not in found:
            raise unknown(*_NAMES[collection.name], f"{field}.{place}")


async def districts_exist(tx: Transaction, ids: Sequence[str], field: str = "districtIds") -> None:
    await exist(tx, DISTRICTS, ids, field)


async def are_published(tx: Transaction, ids: Sequence[str], fields: Sequence[str]) -> None:
    """Organisations of the public register; `fields` names where each stands in the input."""
    found = await tx.get_many(ORGANIZATIONS, tuple(dict.fromkeys(ids)))
    published = {one.id for one in found if one.status is OrganizationStatus.PUBLISHED}
    for id_, field in zip(ids, fields, strict=True):
        if id_ not in published:
            raise unknown("ORGANIZATION", "opublikowanej organizacji", "published organisation", field)


async def is_published(tx: Transaction, id_: str, field: str) -> None:
    await are_published(tx, (id_,), (field,))
