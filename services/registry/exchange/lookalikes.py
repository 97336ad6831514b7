"""New rows whose name an organisation has already, or nearly: told, not refused, because a file may know better."""

from services.registry.exchange.protocol import Row, RowWarning
from services.registry.organisations import names
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.submissions.rules import ALIASES, likeness
from shared.contracts.lifecycle import Likeness
from shared.store.port import In, Query, Transaction

NAMES, LOOKED_AT, COMPARED, SHOWN = 20, 50, 100, 5
"""How many names of a row are looked at, how many records are read for each piece of one and compared, and told."""


async def lookalikes(tx: Transaction, row: Row, new: StoredOrganization) -> list[RowWarning]:
    """A warning, if there are such: the likeliest first."""
    called = (new.name, *new.aliases)[:NAMES]
    keys = [names.same_words(called), *(some for name in called[:ALIASES] for some in names.near(name))]
    pages = await tx.find_each([Query(ORGANIZATIONS, (In("likeness", some),), limit=LOOKED_AT) for some in keys])
    there = {one.id: one for page in pages for one in page if one.id != new.id}
    alike = [
        (list(Likeness).index(why), one.id, one.name)
        for one in list(there.values())[:COMPARED]
        if (why := likeness(called, one)) is not None
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
            pl=f"nowa organizacja {new.id}, a podobną nazwę ma już: {shown}",
            en=f"a new organisation, {new.id}, and a name like it has already: {shown}",
            ids=ids,
        )
    ]
