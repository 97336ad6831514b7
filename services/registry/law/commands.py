"""Entering a limit of law."""

from services.registry.law import rules
from services.registry.law.collections import ENTERED_MAX, LEGAL_SETTINGS
from shared import clock
from shared.contracts.law import LegalSetting, SetLegalSetting
from shared.contracts.people import Viewer
from shared.service.writing import changed
from shared.store.port import Eq, Query, Transaction


async def set_legal_setting(tx: Transaction, viewer: Viewer, command: SetLegalSetting) -> LegalSetting:
    rules.may_set(viewer)
    rules.is_sensible(command.name, command.value)
    moment = clock.now()
    rules.is_not_past(command.valid_from, clock.local(moment).date())
    id_ = rules.setting_id(command.name, command.valid_from)
    earlier = await tx.get(LEGAL_SETTINGS, id_)
    setting = LegalSetting(
        id=id_,
        version=earlier.version + 1 if earlier else 1,
        created_at=earlier.created_at if earlier else moment,
        updated_at=clock.after(earlier.updated_at) if earlier else moment,
        name=command.name,
        value=command.value,
        unit=rules.UNITS[command.name],
        valid_from=command.valid_from,
        legal_basis=command.legal_basis,
    )
    await tx.put(LEGAL_SETTINGS, setting)
    # the one before it now has a last day
    of_name = await tx.find(Query(LEGAL_SETTINGS, (Eq("name", command.name),), limit=ENTERED_MAX))
    rows = {one.id: one for one in rules.whole(of_name) if one.name is command.name}
    await changed(tx, "registry", "set", setting, [one for one in rows if one != id_])
    return rows[id_]
