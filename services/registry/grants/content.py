"""Schedule and budget of a small grant's offer: as sound as those of an offer in a call, and of this very offer."""

from services.registry.grants.collections import organizations
from services.registry.law.rules import ACT
from services.registry.offers import content
from shared.contracts.calls import CallTask
from shared.contracts.grants import SmallGrant
from shared.contracts.money import grosze
from shared.contracts.refusals import Refused


def task_of_small_grant(grant: SmallGrant) -> CallTask:
    """What is offered, in the terms of a task in a call: at most what was asked for, within the task's days."""
    return CallTask(
        id=grant.id,
        title=grant.title,
        mode=grant.mode,
        field=grant.field,
        amount=grant.amount,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
    )


def is_sound(grant: SmallGrant) -> None:
    if grant.content is None:
        return
    _is_of_this_offer(grant)
    content.is_sound(grant.content, task_of_small_grant(grant), organizations(grant))


def _is_of_this_offer(grant: SmallGrant) -> None:
    """What people comment on is one thing: the offer and its budget speak of the same task and the same money."""
    said = grant.content
    if said is None:
        return
    if said.title != grant.title:
        raise _differs("title", grant.title, grant.title)
    for field, own, stated in (("grant", said.grant, grant.amount), ("total", said.total, grant.total_cost)):
        if grosze(own) != grosze(stated):
            raise _differs(field, f"{stated} zł", f"{stated} PLN")


def _differs(field: str, pl: str, en: str) -> Refused:
    return Refused(
        "CONTENT_DIFFERS",
        pl=f"Oferta mówi: {pl}. Harmonogram i kosztorys muszą mówić to samo; popraw jedno albo drugie.",
        en=f"The offer says: {en}. Its schedule and budget have to say the same; mend one or the other.",
        field=f"content.{field}",
        legal_basis=f"art. 14 ust. 1 {ACT}",
    )
