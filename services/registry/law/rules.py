"""What the law limits, from which day on; pure decisions, no store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts.law import LegalSetting, Limit, Unit
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused

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
    Limit.TASK_REPORT_DAYS: (Provision(30, f"art. 18 {ACT}", _SINCE),),
    Limit.AGREEMENT_YEARS: (Provision(5, f"art. 16 ust. 3 {ACT}", _SINCE),),
}


def in_force(entered: LegalSetting | None, name: Limit, day: date) -> Provision:
    """The later of what was entered and what is built in. `entered` is the last one that began by that day."""
    known = [provision for provision in STATUTE[name] if provision.valid_from <= day]
    if entered is not None:
        known.append(Provision(entered.value, entered.legal_basis, entered.valid_from))
    if not known:
        raise Refused(
            "LAW_UNKNOWN",
            pl=f"Nie wiadomo, jaki limit {name} obowiązywał {day}; operator może go wpisać.",
            en=f"The limit {name} that held on {day} is not known; an operator can enter it.",
        )
    # of two from the same day the entered one comes last, and holds
    return sorted(known, key=lambda provision: provision.valid_from)[-1]


MOST: Mapping[Unit, int] = {
    Unit.GROSZE: 2_000_000_000,
    Unit.DAYS: 3_660,
    Unit.WORKING_DAYS: 366,
    Unit.PERCENT: 100,
    Unit.YEARS: 50,
}


def is_sensible(name: Limit, value: int) -> None:
    """A misprint in a limit would stop every procedure that reads it."""
    unit = UNITS[name]
    if value > MOST[unit]:
        raise Refused(
            "LIMIT_OUT_OF_RANGE",
            pl=f"Limit {name} może wynosić najwyżej {MOST[unit]} ({unit}).",
            en=f"The limit {name} can be {MOST[unit]} ({unit}) at most.",
            field="value",
        )


def may_set(viewer: Viewer) -> None:
    if not viewer.has(Role.OPERATOR):
        raise Refused(
            "FORBIDDEN",
            pl="Limity prawa wpisuje operator systemu.",
            en="Limits of law are entered by an operator of the system.",
            status=403,
        )
