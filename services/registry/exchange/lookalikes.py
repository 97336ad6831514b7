"""Rows whose name an organisation has already, or nearly: told, not refused, because a file may know better.

New ones, those that get another name or come back into the register, and those that lose what told them apart.
"""

from services.registry.amendments.rules import new_names
from services.registry.exchange.protocol import Row, RowWarning
from services.registry.organisations import names
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.submissions.rules import ALIASES, became_another, likeness, telling_apart
from shared.contracts.lifecycle import Likeness
from shared.contracts.organisations import OrganizationStatus
from shared.store.port import In, Query, Transaction

NAMES, LOOKED_AT, COMPARED, SHOWN = 20, 50, 100, 5
"""How many names of a row are looked at, how many records are read for each piece of one and compared, and told."""


async def lookalikes(
    tx: Transaction, row: Row, known: StoredOrganization | None, new: StoredOrganization
) -> list[RowWarning]:
    """A warning, if there are such: the likeliest first. `known` is the record before, where there is one."""
    called = _called(known, new)
    if not called:
        return []
    keys = [names.same_words(called), *(some for name in called[:ALIASES] for some in names.near(name))]
    pages = await tx.find_each([Query(ORGANIZATIONS, (In("likeness", some),), limit=LOOKED_AT) for some in keys])
    there = {one.id: one for page in pages for one in page if one.id != new.id}
    alike = [
        (list(Likeness).index(why), one.id, one.name)
        for one in list(there.values())[:COMPARED]
        if (why := _likeness(known, new, one)) is not None
    ]
    if not alike:
        return []
    ids = tuple(id_ for _, id_, _ in sorted(alike))[:SHOWN]
    shown = ", ".join(f"{id_} „{there[id_].name}”" for id_ in ids) + (" …" if len(alike) > SHOWN else "")
    return [
        RowWarning(
            row=row.number,
            column="name",
            code="LOOKS_ALIKE",
            pl=f"{'nowa organizacja' if known is None else 'organizacja'} {new.id}, a podobną nazwę ma już: {shown}",
            en=f"{'a new' if known is None else 'the'} organisation {new.id}, and a name like it has already: {shown}",
            ids=ids,
        )
    ]


def _called(known: StoredOrganization | None, new: StoredOrganization) -> tuple[str, ...]:
    """The names to look for: of what was there all along only the new ones, unless it lost what told it apart."""
    if known is None or _comes_back(known, new) or telling_apart(known) != telling_apart(new):
        return (new.name, *new.aliases)[:NAMES]
    return _new_names(known, new)


def _likeness(known: StoredOrganization | None, new: StoredOrganization, other: StoredOrganization) -> Likeness | None:
    if known is None or _comes_back(known, new):
        return likeness((new.name, *new.aliases)[:NAMES], other)
    why = likeness(_new_names(known, new), other)
    return Likeness.SAME_NAME if why is None and became_another(known, new, other) else why


def _new_names(known: StoredOrganization, new: StoredOrganization) -> tuple[str, ...]:
    return tuple(new_names(known, {"name": new.name, "aliases": new.aliases}).values())[:NAMES]


def _comes_back(known: StoredOrganization, new: StoredOrganization) -> bool:
    """While it was away, its name was anybody's."""
    gone = (OrganizationStatus.REJECTED, OrganizationStatus.DISSOLVED)
    return known.status in gone and new.status not in gone
