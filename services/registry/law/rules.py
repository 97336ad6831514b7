"""What the law limits, from which day on; pure decisions, no store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from shared.clock import midnight
from shared.contracts.law import LegalSetting, Limit, Unit
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.ids import id_of

ACT = "ustawy z dnia 24 kwietnia 2003 r. o działalności pożytku publicznego i o wolontariacie"

UNITS: Mapping[Limit, Unit] = {
    Limit.CORRECTION_DECIDED_WITHIN: Unit.WORKING_DAYS,
    Limit.SMALL_GRANT_AMOUNT: Unit.GROSZE,
    Limit.SMALL_GRANT_TASK_DAYS: Unit.DAYS,
    Limit.SMALL_GRANT_PUBLISHED_WITHIN: Unit.WORKING_DAYS,
    Limit.SMALL_GRANT_COMMENT_DAYS: Unit.DAYS,
    Limit.SMALL_GRANTS_OF_ORGANIZATION: Unit.GROSZE,
    Limit.SMALL_GRANTS_SHARE: Unit.PERCENT,
    Limit.CALL_OFFER_DAYS: Unit.DAYS,
    Limit.TASK_REPORT_DAYS: Unit.DAYS,
    Limit.AGREEMENT_YEARS: Unit.YEARS,
    Limit.PUBLIC_BENEFIT_SHARE: Unit.BASIS_POINTS,
}


@dataclass(frozen=True)
class Provision:
    """A limit as it stood on some day, and the article that says so."""

    value: int
    legal_basis: str
    valid_from: date


# Both articles as they stand since the amendment of 22 January 2010. What came before is not kept: no procedure of
# that time is run here.
_SINCE = date(2010, 3, 12)
STATUTE: Mapping[Limit, tuple[Provision, ...]] = {
    # no act sets it
    Limit.CORRECTION_DECIDED_WITHIN: (Provision(10, "zobowiązanie miasta (nie z ustawy)", date(2019, 1, 1)),),
    Limit.SMALL_GRANT_AMOUNT: (Provision(1_000_000, f"art. 19a ust. 1 pkt 1 {ACT}", _SINCE),),
    Limit.SMALL_GRANT_TASK_DAYS: (Provision(90, f"art. 19a ust. 1 pkt 2 {ACT}", _SINCE),),
    Limit.SMALL_GRANT_PUBLISHED_WITHIN: (Provision(7, f"art. 19a ust. 3 {ACT}", _SINCE),),
    Limit.SMALL_GRANT_COMMENT_DAYS: (Provision(7, f"art. 19a ust. 4 {ACT}", _SINCE),),
    Limit.SMALL_GRANTS_OF_ORGANIZATION: (Provision(2_000_000, f"art. 19a ust. 6 {ACT}", _SINCE),),
    Limit.SMALL_GRANTS_SHARE: (Provision(20, f"art. 19a ust. 7 {ACT}", _SINCE),),
    Limit.CALL_OFFER_DAYS: (Provision(21, f"art. 13 ust. 1 {ACT}", _SINCE),),
    Limit.TASK_REPORT_DAYS: (Provision(30, f"art. 18 ust. 1 {ACT}", _SINCE),),
    Limit.AGREEMENT_YEARS: (Provision(5, f"art. 16 ust. 3 {ACT}", _SINCE),),
    # of the tax year's cut-off: no organisation had the status before 2004
    Limit.PUBLIC_BENEFIT_SHARE: (
        Provision(100, f"art. 27 ust. 1 {ACT}", date(2004, 1, 1)),
        Provision(150, f"art. 27 ust. 1 {ACT}", date(2022, 1, 1)),
    ),
}


def setting_id(name: Limit, valid_from: date) -> str:
    """One record per name and day, so that two operators cannot both be right."""
    return id_of("law", f"{name} {valid_from}")


def whole(entered: Sequence[LegalSetting]) -> list[LegalSetting]:
    """All limits, built in and entered, each with its last day: the day before the next one of its name begins."""
    known = {one.id: one for name in STATUTE for one in _built_in(name)} | {one.id: one for one in entered}
    found: list[LegalSetting] = []
    for name in STATUTE:
        rows = sorted((one for one in known.values() if one.name is name), key=lambda one: one.valid_from)
        for row, later in zip(rows, [*rows[1:], None], strict=True):
            last = later.valid_from - timedelta(days=1) if later else None
            found.append(msgspec.structs.replace(row, valid_until=last))
    return found


def _built_in(name: Limit) -> list[LegalSetting]:
    return [
        LegalSetting(
            id=setting_id(name, one.valid_from),
            version=1,
            created_at=midnight(one.valid_from),
            updated_at=midnight(one.valid_from),
            name=name,
            value=one.value,
            unit=UNITS[name],
            valid_from=one.valid_from,
            legal_basis=one.legal_basis,
            built_in=True,
        )
        for one in STATUTE[name]
    ]


def in_force(entered: LegalSetting | None, name: Limit, day: date) -> Provision:
    """The later of what was entered and what is built in. `entered` is the last one that began by that day."""
    known = [provision for provision in STATUTE[name] if provision.valid_from <= day]
    if entered is not None:
        known.append(Provision(entered.value, entered.legal_basis, entered.valid_from))
    if not known:
        raise Refused(
            "LAW_UNKNOWN",
            pl=f"Nie wiadomo, jaki limit {name} obowiązywał {day}: system zna prawo od {STATUTE[name][0].valid_from}.",
            en=f"The limit {name} that held on {day} is not known: the law is known here from "
            f"{STATUTE[name][0].valid_from} on.",
        )
    # of two from the same day the entered one comes last, and holds
    return sorted(known, key=lambda provision: provision.valid_from)[-1]


LEAST = 1
"""A limit of nothing would stop a procedure; an abolished one is a matter of its rules."""
MOST: Mapping[Unit, int] = {
    Unit.GROSZE: 2_000_000_000,
    Unit.DAYS: 3_660,
    Unit.WORKING_DAYS: 366,
    Unit.PERCENT: 100,
    Unit.YEARS: 50,
    Unit.BASIS_POINTS: 10_000,
}


def is_sensible(name: Limit, value: int) -> None:
    """A misprint in a limit would stop every procedure that reads it."""
    unit = UNITS[name]
    if not LEAST <= value <= MOST[unit]:
        raise Refused(
            "LIMIT_OUT_OF_RANGE",
            pl=f"Limit {name} może wynosić od {LEAST} do {MOST[unit]} ({unit}).",
            en=f"The limit {name} can be from {LEAST} to {MOST[unit]} ({unit}).",
            field="value",
        )


def is_not_past(valid_from: date, today: date) -> None:
    """Nothing is entered or corrected for a day that has been: what was decided then was decided by the law as it stood
    here. A change of the law that is entered late holds from the day of entry on."""
    if valid_from < today:
        raise Refused(
            "LIMIT_IN_THE_PAST",
            pl=f"Limit wpisuje się od dziś ({today}) albo od późniejszego dnia: wcześniejsze sprawy już rozstrzygnięto "
            "według limitu, jaki tu wtedy był.",
            en=f"A limit is entered from today ({today}) or a later day on: earlier matters were decided by the limit "
            "that was here then.",
            field="validFrom",
        )


def may_set(viewer: Viewer) -> None:
    if not viewer.has(Role.OPERATOR):
        raise Refused(
            "FORBIDDEN",
            pl="Limity prawa wpisuje operator systemu.",
            en="Limits of law are entered by an operator of the system.",
            status=403,
        )
