"""Changing an organisation's record: load, decide, put, tell. Corrections that are applied go the same way."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.registry.amendments import rules
from services.registry.amendments.collections import HIERARCHIES
from services.registry.organisations import commands as organisations
from services.registry.organisations.collections import ORGANIZATIONS, StoredOrganization
from services.registry.organisations.rules import (
    PUBLIC,
    STAFF,
    acting,
    asked_values,
    can_be_updated,
    client_name,
    may_update,
    sourced,
)
from services.registry.submissions.commands import likely_duplicates, mark, number_is_free, stays_told_apart
from shared.clock import today
from shared.contracts.lifecycle import UpdateOrganization
from shared.contracts.people import Role, Viewer
from shared.service.replacing import come_in_turn
from shared.service.writing import version_is_current
from shared.store.port import Transaction


async def update_organization(tx: Transaction, viewer: Viewer, command: UpdateOrganization) -> StoredOrganization:
    values = asked_values(command)
    may_update(viewer, command.id, [client_name(name) for name in values])
    organization = await organisations.existing(tx, command.id, viewer)
    version_is_current(organization.version, command.expected_version)
    can_be_updated(organization, viewer)
    role = acting(viewer, (*STAFF, Role.REPRESENTATIVE))
    return await amended(tx, organization, values, "updated", "update", role)


async def amended(
    tx: Transaction,
    organization: StoredOrganization,
    values: Mapping[str, Any],
    verb: str,
    source: str,
    role: Role | None,
    decision_id: str | None = None,
) -> StoredOrganization:
    """The record with these values, by whatever way they came: one set of rules, and the source of each field."""
    values = rules.cleaned(values)
    rules.are_sound(organization.id, values)
    rules.points_are_few(values.get("contact_points") or ())
    would_be = msgspec.structs.replace(organization, **values)
    rules.benefit_ends_after_it_began(would_be)
    rules.benefit_fits_its_days(organization, would_be, today())
    for field in ("krs", "nip", "regon"):
        if values.get(field) is not None:
            await number_is_free(tx, field, values[field], organization.id)
    await organisations.districts_exist(tx, values.get("district_ids", ()))
    await _relatives_exist(tx, values)
    if values.get("parent_id") is not None:
        await alone(tx)
        above = await ancestors(tx, values["parent_id"], {})
        rules.is_no_circle(organization.id, above)
        rules.is_not_too_deep(above)
    given_names = rules.new_names(organization, values)
    likely = []
    if given_names:
        likely = await likely_duplicates(tx, would_be, given_names, organization.id)
    await stays_told_apart(tx, organization, would_be)
    provenance = sourced(organization.provenance, values, source, today(), decision_id, role)
    written = await organisations.replaced(tx, organization, verb, **values, provenance=provenance)
    await mark(tx, written, likely)
    return written


async def _relatives_exist(tx: Transaction, values: Mapping[str, Any]) -> None:
    for name, field in rules.RELATIVES.items():
        wanted = rules.ids(values.get(name))
        known = {other.id for other in await tx.get_many(ORGANIZATIONS, wanted) if other.status in PUBLIC}
        for place, id_ in enumerate(wanted):
            if id_ not in known:
                raise rules.unknown_relative(field if isinstance(values[name], str) else f"{field}.{place}")


async def ancestors(tx: Transaction, id_: str, instead: Mapping[str, str | None]) -> list[str]:
    """The organisation itself and all above it, LEVELS_MAX of them at most: a circle that is there has no end.

    `instead` are parents that are about to be written.
    """
    line: list[str] = []
    at: str | None = id_
    while at is not None and at not in line and len(line) < rules.LEVELS_MAX:
        line.append(at)
        if at in instead:
            at = instead[at]
        else:
            above = await tx.get(ORGANIZATIONS, at)
            at = above.parent_id if above is not None else None
    return line


async def alone(tx: Transaction) -> None:
    """Of all changes of parents at once only one goes through, and the next ones decide on what it left."""
    await come_in_turn(tx, HIERARCHIES, "organizations")
