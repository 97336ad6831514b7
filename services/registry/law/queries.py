"""How limits of law are read: by everybody, and by the procedures that they bind."""

from datetime import date, timedelta

from services.registry.law import rules
from services.registry.law.collections import LEGAL_SETTINGS
from services.registry.law.whole import WholeLaw
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
    where = equal(name=asked.name)
    if asked.as_of is not None:
        where += [Range("valid_from", lt=asked.as_of + timedelta(days=1)), Range("ends", ge=asked.as_of)]
    return tuple(where)


LISTINGS = (Listing(LEGAL_SETTINGS, LegalSetting, LegalSettingFilter, _settings, read_from=WholeLaw),)
