"""Who may enter centres, that two never run one at a time, and when one opens and closes; pure, no store."""

from datetime import date, timedelta

import msgspec

from services.registry.days import runs_forward
from shared.contracts.base import Period
from shared.contracts.centres import AssignOperator, Centre, Coverage, Operator
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused


def may_keep(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Ośrodki i ich operatorów zapisuje pracownik urzędu.",
            en="Centres and their operators are entered by an official.",
            status=403,
        )


def operator_is_named(command: AssignOperator) -> None:
    """By id or by name: one of the two."""
    if (command.organization_id is None) == (command.name is None):
        raise Refused(
            "OPERATOR_UNCLEAR",
            pl="Wskaż operatora identyfikatorem organizacji albo nazwą, jednym z dwojga.",
            en="Name the operator by an organisation's id or by a name, one of the two.",
            field="organizationId",
        )


def is_another(operators: tuple[Operator, ...], command: AssignOperator) -> None:
    last = operators[-1] if operators else None
    same = last and (last.organization_id, last.name) == (command.organization_id, command.name)
    if last and same and last.period.until is None:
        raise Refused(
            "ALREADY_OPERATES",
            pl="Ta organizacja już prowadzi ten ośrodek.",
            en="This organisation runs the centre already.",
            field="organizationId",
            status=409,
        )


def no_periods_overlap(operators: tuple[Operator, ...], since: date) -> None:
    """The new period starts after every day on which, as far as is known, another one started or ended."""
    known = [day for operator in operators for day in (operator.period.first, operator.period.until) if day]
    if known and since <= max(known):
        raise Refused(
            "PERIODS_OVERLAP",
            pl=f"W dniu {max(known)} ośrodek prowadził ktoś inny; podaj późniejszy dzień albo cofnij przypisanie, "
            "które się nie zaczęło (takeBackOperator).",
            en=f"On {max(known)} somebody else ran the centre; give a later day, or take back an assignment that has "
            "not begun (takeBackOperator).",
            field="since",
        )


def ended_the_day_before(operators: tuple[Operator, ...], since: date) -> tuple[Operator, ...]:
    """Whoever runs it now runs it until the day before. Earlier ends that no source knows stay unknown."""
    if not operators or operators[-1].period.until is not None:
        return operators
    last = operators[-1]
    period = msgspec.structs.replace(last.period, until=since - timedelta(days=1))
    return (*operators[:-1], msgspec.structs.replace(last, period=period))


def taken_back(operators: tuple[Operator, ...], since: date, today: date) -> tuple[Operator, ...]:
    """Without the last of them, which has not begun. Who would have run it until the day before runs it on."""
    last = operators[-1] if operators else None
    if last is None or last.period.since != since:
        raise Refused(
            "NOT_ASSIGNED",
            pl="Nikt nie jest ostatnim operatorem ośrodka od tego dnia; podaj dzień ostatniego przypisania.",
            en="Nobody is the last operator from this day on; give the day of the last assignment.",
            field="since",
            status=409,
        )
    if since <= today:
        raise Refused(
            "ASSIGNMENT_BEGAN",
            pl=f"Ten operator prowadzi ośrodek od {since}; przypisz następnego (assignOperator).",
            en=f"This operator runs the centre since {since}; assign the next one (assignOperator).",
            field="since",
            status=409,
        )
    earlier = operators[:-1]
    if earlier and earlier[-1].period.until == since - timedelta(days=1):
        period = msgspec.structs.replace(earlier[-1].period, until=None)
        return (*earlier[:-1], msgspec.structs.replace(earlier[-1], period=period))
    return earlier


def is_open(centre: Centre) -> None:
    if centre.existed is not None and centre.existed.until is not None:
        raise Refused(
            "CENTRE_CLOSED",
            pl=f"Ten ośrodek zamknięto {centre.existed.until}.",
            en=f"This centre was closed on {centre.existed.until}.",
            field="id",
            status=409,
        )


def is_not_before_the_opening(centre: Centre, day: date, field: str) -> None:
    opened = centre.existed.first if centre.existed is not None else None
    if opened is not None and day < opened:
        raise Refused(
            "BEFORE_THE_OPENING",
            pl=f"Ośrodek otwarto {opened}; podaj ten dzień albo późniejszy.",
            en=f"The centre was opened on {opened}; give that day or a later one.",
            field=field,
        )


def closes_last(centre: Centre, closed_on: date) -> None:
    """Not before the opening, nor before anybody began to run it or it began to cover a district."""
    periods = [*(one.period for one in centre.operators), *(one.period for one in centre.coverage)]
    if centre.existed is not None:
        periods.append(centre.existed)
    latest = max((day for period in periods for day in (period.first, period.until) if day), default=None)
    if latest is not None and closed_on < latest:
        raise Refused(
            "CLOSED_TOO_EARLY",
            pl=f"Ośrodek działał jeszcze {latest}: wtedy go otwarto albo zmienił się operator lub zasięg.",
            en=f"The centre still worked on {latest}: it was opened then, or its operator or coverage changed.",
            field="closedOn",
        )


def does_not_cover_yet(coverage: tuple[Coverage, ...], district_id: str, since: date) -> None:
    """A centre covers a district once at a time."""
    for other in coverage:
        if other.district_id == district_id and (other.period.last is None or since <= other.period.last):
            raise Refused(
                "ALREADY_COVERED",
                pl="Ośrodek już obejmuje tę dzielnicę w tym czasie.",
                en="The centre covers this district at that time already.",
                field="districtId",
                status=409,
            )


def covers(coverage: tuple[Coverage, ...], district_id: str, until: date) -> Coverage:
    """The coverage that can end: the one that has not ended yet, and did not begin later."""
    for one in coverage:
        if one.district_id == district_id and one.period.until is None:
            runs_forward(one.period.since, until, "until")
            return one
    raise Refused(
        "NOT_COVERED",
        pl="Ośrodek nie obejmuje teraz tej dzielnicy.",
        en="The centre does not cover this district now.",
        field="districtId",
        status=409,
    )


def ended(period: Period, on: date) -> Period:
    """A period that nobody ended yet ends with the centre."""
    return period if period.last is not None else msgspec.structs.replace(period, until=on)
