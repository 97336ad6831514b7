"""How limits of law are read: by everybody, and by the procedures that they bind."""

from datetime import date, timedelta

from services.registry.law import rules
from services.registry.law.collections import LEGAL_SETTINGS
from shared.contracts.law import LegalSetting, LegalSettingFilter, Limit
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, Eq, Query, Range, Reader, equal


async def provision(reader: Reader, name: Limit, day: date) -> rules.Provision:
    """The limit as it stood on the day; read inside the transaction that it binds."""
    until = Range("valid_from", lt=day + timedelta(days=1))
    entered = await reader.find(Query(LEGAL_SETTINGS, (Eq("name", name), until), "-valid_from", limit=1))
    return rules.in_force(entered[0] if entered else None, name, day)


def _settings(asked: LegalSettingFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return tuple(equal(name=asked.name))


LISTINGS = (Listing(LEGAL_SETTINGS, LegalSetting, LegalSettingFilter, _settings),)
