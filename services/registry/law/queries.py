"""How limits of law are read: by everybody, and by the procedures that they bind."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.registry.law import rules
from services.registry.law.collections import ENTERED_MAX, LEGAL_SETTINGS
from shared.contracts.law import LegalSetting, LegalSettingFilter, Limit
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import (
    Collection,
    Condition,
    Eq,
    Query,
    Range,
    Reader,
    Tally,
    check,
    equal,
    key_values,
    position,
    scalar,
)


async def provision(reader: Reader, name: Limit, day: date) -> rules.Provision:
    """The limit as it stood on the day; read inside the transaction that it binds."""
    until = Range("valid_from", lt=day + timedelta(days=1))
    entered = await reader.find(Query(LEGAL_SETTINGS, (Eq("name", name), until), "-valid_from", limit=1))
    return rules.in_force(entered[0] if entered else None, name, day)


class WholeLaw:
    """Reads LEGAL_SETTINGS as a store does: what is entered, from the store, between what is built in.

    There are some dozens of limits: they are filtered and ordered here, by the same keys as stored ones.
    """

    def __init__(self, store: Reader) -> None:
        self._store = store

    async def _all(self) -> list[LegalSetting]:
        return rules.whole(await self._store.find(Query(LEGAL_SETTINGS, limit=ENTERED_MAX)))

    async def get_many(self, _: Collection[Any], ids: Sequence[str]) -> list[LegalSetting]:
        return [one for one in await self._all() if one.id in ids]

    async def find(self, query: Query[LegalSetting]) -> list[LegalSetting]:
        check(query)
        found = sorted(_holding(await self._all(), query.where), key=lambda one: position(query, one))
        if (query.order or "").startswith("-"):
            found.reverse()
        if query.after is not None:
            found = [one for one in found if _is_after(query, one)]
        return found[: query.limit]

    async def find_each(self, queries: Sequence[Query[LegalSetting]]) -> list[list[LegalSetting]]:
        return [await self.find(query) for query in queries]

    async def count(self, _: Collection[Any], where: tuple[Condition, ...] = ()) -> int:
        return len(_holding(await self._all(), where))

    async def tally(
        self, collection: Collection[Any], keys: tuple[str, ...], where: tuple[Condition, ...] = ()
    ) -> Tally:
        if keys:
            raise ValueError("limits of law have no facets")
        return Tally(await self.count(collection, where), {})


def _is_after(query: Query[LegalSetting], one: LegalSetting) -> bool:
    here: Any = position(query, one)
    return bool(here < query.after if (query.order or "").startswith("-") else here > query.after)


def _holding(settings: list[LegalSetting], where: tuple[Condition, ...]) -> list[LegalSetting]:
    return [one for one in settings if all(_holds(one, condition) for condition in where)]


def _holds(setting: LegalSetting, condition: Condition) -> bool:
    value: Any = key_values(LEGAL_SETTINGS, setting)[condition.key]
    match condition:
        case Eq(_, wanted):
            return bool(value == scalar(wanted))
        case Range(_, ge, lt):
            return (ge is None or value >= scalar(ge)) and (lt is None or value < scalar(lt))
    raise TypeError(f"the law is not filtered by {type(condition).__name__}")


def _settings(asked: LegalSettingFilter, _: Viewer | None) -> tuple[Condition, ...]:
    where = equal(name=asked.name)
    if asked.as_of is not None:
        where += [Range("valid_from", lt=asked.as_of + timedelta(days=1)), Range("ends", ge=asked.as_of)]
    return tuple(where)


LISTINGS = (Listing(LEGAL_SETTINGS, LegalSetting, LegalSettingFilter, _settings, read_from=WholeLaw),)
