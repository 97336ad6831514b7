"""What an offer says has to agree with itself and with the task: its schedule, and its budget to the grosz."""

from collections.abc import Sequence

from services.registry.law.rules import ACT
from shared.contracts.calls import CallTask
from shared.contracts.grants import TaskMode
from shared.contracts.money import grosze, money
from shared.contracts.refusals import Refused
from shared.contracts.tasks import OfferContent


def is_sound(content: OfferContent, task: CallTask, organization_ids: Sequence[str]) -> None:
    schedule_is_sound(content, task, organization_ids)
    budget_adds_up(content)
    grant_fits_task(content, task)


def schedule_is_sound(content: OfferContent, task: CallTask, organization_ids: Sequence[str]) -> None:
    """Every action within the task's days. A joint offer says who does what, and everybody does something."""
    for place, action in enumerate(content.schedule):
        if not task.starts_on <= action.starts_on <= action.ends_on <= task.ends_on:
            raise Refused(
                "ACTION_OUTSIDE_TASK",
                pl=f"Działanie musi mieścić się w dniach zadania, od {task.starts_on} do {task.ends_on}.",
                en=f"An action has to be within the days of the task, from {task.starts_on} to {task.ends_on}.",
                field=f"content.schedule.{place}",
            )
        if action.organization_id is not None and action.organization_id not in organization_ids:
            raise Refused(
                "NOT_AN_OFFERER",
                pl="Działanie może wykonać tylko organizacja, która składa ofertę.",
                en="An action can be carried out only by an organisation that makes the offer.",
                field=f"content.schedule.{place}.organizationId",
            )
    if len(organization_ids) > 1:
        doing = {action.organization_id for action in content.schedule}
        if None in doing or len(doing) < len(organization_ids):
            raise Refused(
                "JOINT_OFFER_UNDIVIDED",
                pl="Oferta wspólna wskazuje przy każdym działaniu, kto je wykona, i każda organizacja coś wykonuje.",
                en="A joint offer says of every action who does it, and every organisation does something.",
                field="content.schedule",
                legal_basis=f"art. 14 ust. 3 {ACT}",
            )


def budget_adds_up(content: OfferContent) -> None:
    """Of each position and of the whole: total = grant + own + other; and the positions make up the whole."""
    for place, position in enumerate(content.budget):
        parts = grosze(position.grant) + grosze(position.own) + grosze(position.other)
        if grosze(position.total) != parts:
            raise Refused(
                "POSITION_DOES_NOT_ADD_UP",
                pl=f"Dotacja, środki własne i inne dają w tej pozycji {money(parts)} zł, a nie {position.total} zł.",
                en=f"Grant, own and other funds of this position make {money(parts)} PLN, not {position.total} PLN.",
                field=f"content.budget.{place}.total",
            )
    for name in ("total", "grant", "own", "other"):
        given = getattr(content, name)
        summed = sum(grosze(getattr(position, name)) for position in content.budget)
        if grosze(given) != summed:
            raise Refused(
                "BUDGET_DOES_NOT_ADD_UP",
                pl=f"Pozycje budżetu dają razem {money(summed)} zł, a nie {given} zł.",
                en=f"The positions of the budget make {money(summed)} PLN together, not {given} PLN.",
                field=f"content.{name}",
            )


def grant_fits_task(content: OfferContent, task: CallTask) -> None:
    asked = grosze(content.grant)
    if not 0 < asked <= grosze(task.amount):
        raise Refused(
            "GRANT_ABOVE_TASK",
            pl=f"Dotacja na to zadanie to najwyżej {task.amount} zł, i więcej niż zero.",
            en=f"The grant for this task is at most {task.amount} PLN, and more than nothing.",
            field="content.grant",
        )
    if task.mode is TaskMode.ENTRUSTED and asked != grosze(content.total):
        raise Refused(
            "ENTRUSTED_IS_PAID_IN_FULL",
            pl="Powierzone zadanie finansuje w całości dotacja; budżet nie może mieć innych środków.",
            en="An entrusted task is paid by the grant in full; the budget cannot have other funds.",
            field="content.own",
            legal_basis=f"art. 5 ust. 4 pkt 1 {ACT}",
        )
