"""Submitting an organisation and deciding on it: load, decide, put, tell."""

from collections.abc import Mapping
from itertools import zip_longest

import msgspec

from services.registry.organisations import commands as organisations
from services.registry.organisations import names
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import Step, sourced, stepped
from services.registry.submissions import rules
from services.registry.submissions.collections import LIKELY_DUPLICATES, NAME_CLAIMS
from shared.clock import now, today
from shared.contracts.lifecycle import LikelyDuplicate, Likeness
from shared.contracts.organisations import OrganizationStatus, ReviewOrganization, SubmitOrganization
from shared.contracts.people import Viewer
from shared.ids import id_of, new_id
from shared.service.replacing import come_in_turn
from shared.service.writing import changed
from shared.store.port import Eq, In, Query, Transaction

SAME_LOOKED_AT, NEAR_LOOKED_AT, KEPT = 100, 200, 20
"""How many of the same name and how many per piece of a name are compared, and how many likely ones are kept."""


COMPARED = 150
"""Of so many records a submission's names are compared with."""


async def submit_organization(
    tx: Transaction, viewer: Viewer | None, command: SubmitOrganization
) -> StoredOrganization:
    """Anybody may, signed in or not. It waits for review, with identifiers checked and no double in the register."""
    rules.identifiers_are_valid(command)
    regon = rules.unpadded(command.regon) if command.regon else None
    for field, number in (("krs", command.krs), ("nip", command.nip), ("regon", regon)):
        if number is not None:
            await number_is_free(tx, field, number)
    likely = await likely_duplicates(tx, command, rules.called(command))
    await organisations.districts_exist(tx, command.district_ids)
    moment = now()
    values = msgspec.structs.asdict(command) | {"regon": regon}
    organization = StoredOrganization(
        **values,
        id=new_id("org"),
        version=1,
        created_at=moment,
        updated_at=moment,
        status=OrganizationStatus.SUBMITTED,
        submitted_by=viewer.subject if viewer is not None else None,
        provenance=sourced((), [name for name, value in values.items() if value], "submission", today()),
    )
    await tx.put(ORGANIZATIONS, organization)
    await changed(tx, "registry", "submitted", organization, organization.district_ids)
    await mark(tx, organization, likely)
    return organization


async def review_organization(tx: Transaction, viewer: Viewer, command: ReviewOrganization) -> StoredOrganization:
    rules.may_review(viewer)
    organization = await organisations.existing(tx, command.id, viewer)
    rules.can_be_reviewed(organization, command)
    step = Step.PUBLISHED if command.publish else Step.REJECTED
    # of a publication everybody would read it
    reason = None if command.publish else command.reason
    return await organisations.replaced(
        tx,
        organization,
        step,
        status=OrganizationStatus.PUBLISHED if command.publish else OrganizationStatus.REJECTED,
        decision_reason=reason,
        provenance=stepped(organization.provenance, viewer, step, today(), reason),
    )


async def number_is_free(tx: Transaction, field: str, number: str, own_id: str | None = None) -> None:
    """Asked before the unique index would answer, so that the refusal can name the field."""
    for other in await tx.find(Query(ORGANIZATIONS, (Eq(field, number),), limit=1)):
        if other.id != own_id:
            raise rules.number_is_taken(field, other)


async def likely_duplicates(
    tx: Transaction, asked: rules.Asked, names_by_field: Mapping[str, str], own_id: str | None = None
) -> list[tuple[StoredOrganization, Likeness]]:
    """Those whose name is alike, the likeliest first. Raises Refused when one is surely the same organisation."""
    called = tuple(names_by_field.values())
    for key in names.same_words(called):
        await _claim(tx, key)
    same = await tx.find(Query(ORGANIZATIONS, (In("likeness", names.same_words(called)),), limit=SAME_LOOKED_AT))
    for other in same:
        if other.id != own_id:
            rules.is_another(asked, other, names_by_field)
    queries = [Query(ORGANIZATIONS, (In("likeness", keys),), limit=NEAR_LOOKED_AT) for keys in _near(called)]
    near = [other for page in await tx.find_each(queries) for other in page]
    # of names made to be near to one another there could be thousands
    others = {other.id: other for other in (*same, *near)[:COMPARED] if other.id != own_id}
    found = {other.id: (other, rules.likeness(called, other)) for other in others.values()}
    alike = [(other, likeness) for other, likeness in found.values() if likeness is not None]
    return sorted(alike, key=lambda pair: (list(Likeness).index(pair[1]), pair[0].id))[:KEPT]


async def stays_told_apart(tx: Transaction, before: StoredOrganization, would_be: StoredOrganization) -> None:
    """Asked of every change of what tells organisations of one name apart. Raises Refused."""
    was, is_ = rules.telling_apart(before), rules.telling_apart(would_be)
    if was == is_:
        return
    field = next(name for name in is_ if was[name] != is_[name])
    keys = names.same_words(rules.called(would_be).values())
    for key in keys:
        await _claim(tx, key)
    for other in await tx.find(Query(ORGANIZATIONS, (In("likeness", keys),), limit=SAME_LOOKED_AT)):
        if other.id != before.id and rules.became_another(before, would_be, other):
            raise rules.no_longer_told_apart(field, other)


async def mark(
    tx: Transaction, organization: StoredOrganization, likely: list[tuple[StoredOrganization, Likeness]]
) -> None:
    """For reviewers: which others it may be. What was marked before stays as it is."""
    moment = now()
    for other, likeness in likely:
        pairs = [
            id_of("dup", f"{one} {two}") for one, two in ((organization.id, other.id), (other.id, organization.id))
        ]
        if await tx.get_many(LIKELY_DUPLICATES, pairs):
            continue
        found = LikelyDuplicate(
            id=pairs[0],
            version=1,
            created_at=moment,
            updated_at=moment,
            organization_id=organization.id,
            other_id=other.id,
            likeness=likeness,
        )
        await tx.put(LIKELY_DUPLICATES, found)


def _near(called: tuple[str, ...]) -> list[list[str]]:
    """Keys of near names, the first pieces of all names together, then the second, then the third."""
    by_piece = zip_longest(*(names.near(name) for name in called), fillvalue=())
    return [list(dict.fromkeys(key for keys in some for key in keys)) for some in by_piece]


async def _claim(tx: Transaction, key: str) -> None:
    """Two who submit one name at once write one record: the second sees what the first left."""
    await come_in_turn(tx, NAME_CLAIMS, key)
