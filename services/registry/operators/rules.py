"""Who may enter centres, and that two never run one at a time; pure decisions, no store."""

from datetime import date, timedelta

import msgspec

from shared.contracts.centres import AssignOperator, Operator
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
    known = [day for operator in operators for day in (operator.period.since, operator.period.until) if day]
    if known and since <= max(known):
        raise Refused(
            "PERIODS_OVERLAP",
            pl=f"W dniu {max(known)} ośrodek prowadził ktoś inny; podaj późniejszy dzień.",
            en=f"On {max(known)} somebody else ran the centre; give a later day.",
            field="since",
        )


def ended_the_day_before(operators: tuple[Operator, ...], since: date) -> tuple[Operator, ...]:
    """Whoever runs it now runs it until the day before. Earlier ends that no source knows stay unknown."""
    if not operators or operators[-1].period.until is not None:
        return operators
    last = operators[-1]
    period = msgspec.structs.replace(last.period, until=since - timedelta(days=1))
    return (*operators[:-1], msgspec.structs.replace(last, period=period))
