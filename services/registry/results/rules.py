"""Which offers a call may fund, and with how much; pure decisions, no store."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.registry.calls.rules import takes_offers
from services.registry.evaluations.collections import StoredOfferEvaluations
from services.registry.law.rules import ACT
from shared.contracts.calls import Call, CallStatus, Offer, OfferStatus, PublishResults
from shared.contracts.money import grosze, money
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current

NAMED_AT_MOST = 20
"""Ids in one message: enough to work through, and the message stays one."""


def can_be_decided(call: Call, command: PublishResults, moment: datetime) -> None:
    version_is_current(call.version, command.expected_version)
    if call.status is not CallStatus.ANNOUNCED:
        raise Refused(
            "ALREADY_DECIDED",
            pl="Wyniki tego konkursu już opublikowano.",
            en="The results of this call are published already.",
            status=409,
        )
    if takes_offers(call, moment):
        raise Refused(
            "CALL_STILL_OPEN",
            pl=f"Oferty można składać do końca dnia {call.offers_until}.",
            en=f"Offers can be made until the end of {call.offers_until}.",
            status=409,
        )


def none_is_left_open(offers: Sequence[Offer]) -> None:
    """Every offer is through its formal evaluation."""
    waiting = [offer for offer in offers if offer.status in (OfferStatus.SUBMITTED, OfferStatus.TO_CORRECT)]
    if waiting:
        raise Refused(
            "OFFERS_WAITING",
            pl=f"Oceny formalnej nie zakończono dla ofert: {', '.join(offer.id for offer in waiting[:5])}.",
            en=f"The formal evaluation is not over for the offers {', '.join(offer.id for offer in waiting[:5])}.",
            status=409,
        )


def all_are_evaluated(call: Call, offers: Sequence[Offer], sheets: Mapping[str, StoredOfferEvaluations]) -> None:
    """Every offer that was accepted formally has the evaluations which the call asks for, funded or not."""
    made = {id_: len(sheet.evaluations) for id_, sheet in sheets.items()}
    waiting = [
        offer.id
        for offer in offers
        if offer.status is OfferStatus.ACCEPTED and made.get(offer.id, 0) < call.evaluations_per_offer
    ]
    if waiting:
        named = ", ".join(waiting[:NAMED_AT_MOST])
        more = len(waiting) - NAMED_AT_MOST
        raise Refused(
            "EVALUATIONS_WAITING",
            pl=f"Przed wynikami każda przyjęta oferta musi mieć co najmniej {call.evaluations_per_offer} "
            f"ocen(y) komisji; czekają: {named}{f' i jeszcze {more}' if more > 0 else ''}.",
            en=f"Before the results every accepted offer needs at least {call.evaluations_per_offer} evaluation(s) by "
            f"the committee; these wait: {named}{f' and {more} more' if more > 0 else ''}.",
            legal_basis=f"art. 15 ust. 1 {ACT}",
            status=409,
        )


def grants(
    call: Call,
    command: PublishResults,
    offers: Mapping[str, Offer],
    sheets: Mapping[str, StoredOfferEvaluations],
) -> dict[str, int]:
    """The funded offers' grants in grosze: evaluated offers only, none above what it asked, within each task."""
    given: dict[str, int] = {}
    of_task: defaultdict[str, int] = defaultdict(int)
    for place, funded in enumerate(command.funded):
        offer = offers.get(funded.offer_id)
        if offer is None or offer.status is not OfferStatus.ACCEPTED or funded.offer_id in given:
            raise Refused(
                "NOT_AN_ACCEPTED_OFFER",
                pl="Dotację może dostać tylko oferta z tego konkursu przyjęta w ocenie formalnej, i to raz.",
                en="Only an offer of this call that was accepted formally can be funded, and once.",
                field=f"funded.{place}.offerId",
            )
        sheet = sheets.get(offer.id)
        if sheet is None or not sheet.evaluations:
            raise Refused(
                "NOT_EVALUATED",
                pl="Tej oferty nikt nie ocenił merytorycznie; bez oceny nie może dostać dotacji.",
                en="Nobody has evaluated this offer on its merit; without that it cannot be funded.",
                field=f"funded.{place}.offerId",
                legal_basis=f"art. 15 ust. 1 {ACT}",
            )
        amount = grosze(funded.grant)
        if not 0 < amount <= grosze(offer.content.grant):
            raise Refused(
                "GRANT_ABOVE_OFFER",
                pl=f"Oferta prosi o {offer.content.grant} zł; przyznać można najwyżej tyle, i więcej niż zero.",
                en=f"The offer asks for {offer.content.grant} PLN; at most that can be granted, more than nothing.",
                field=f"funded.{place}.grant",
            )
        given[offer.id] = amount
        of_task[offer.task_id] += amount
    for task in call.tasks:
        if of_task[task.id] > grosze(task.amount):
            raise Refused(
                "CALL_AMOUNT_EXCEEDED",
                pl=f"Na zadanie „{task.title}” jest {task.amount} zł, a dotacje to razem {money(of_task[task.id])} zł.",
                en=f'There is {task.amount} PLN for the task "{task.title}"; the grants for it make '
                f"{money(of_task[task.id])} PLN.",
                field="funded",
            )
    return given


def average(sheet: StoredOfferEvaluations | None) -> str | None:
    """The evaluators' average with two places, halves up; None where there is no evaluation."""
    if sheet is None or not sheet.evaluations:
        return None
    count = len(sheet.evaluations)
    hundredths = (200 * sum(one.total for one in sheet.evaluations) + count) // (2 * count)
    return money(hundredths)
