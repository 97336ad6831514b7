"""Entering a limit of law."""

from services.registry.law import rules
from services.registry.law.collections import LEGAL_SETTINGS
from shared import clock
from shared.contracts.law import LegalSetting, SetLegalSetting
from shared.contracts.people import Viewer
from shared.ids import id_of
from shared.service.writing import changed
from shared.store.port import Transaction


async def set_legal_setting(tx: Transaction, viewer: Viewer, command: SetLegalSetting) -> LegalSetting:
    rules.may_set(viewer)
    rules.is_sensible(command.name, command.value)
    # one record per name and day, so that two operators cannot both be right
    id_ = id_of("law", f"{command.name} {command.valid_from}")
    earlier = await tx.get(LEGAL_SETTINGS, id_)
    moment = clock.now()
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
    await changed(tx, "registry", "set", setting)
    return setting
