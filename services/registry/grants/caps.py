"""How much may be granted: to one organisation in a year, and in a year altogether. Sums are whole grosze."""

from services.registry.law.rules import ACT, Provision
from shared.contracts.grants import DecideSmallGrant, SmallGrant
from shared.contracts.money import grosze, money
from shared.contracts.refusals import Refused


def granted_amount(grant: SmallGrant, command: DecideSmallGrant) -> int:
    """In grosze: what was asked for, or the lower sum that was decided."""
    decided = grosze(command.amount or grant.amount)
    if not 0 < decided <= grosze(grant.amount):
        raise Refused(
            "AMOUNT_ABOVE_ASKED",
            pl=f"Przyznać można najwyżej tyle, ile wynosi oferta: {grant.amount} zł, i więcej niż zero.",
            en=f"At most what was asked for can be granted, {grant.amount} PLN, and more than nothing.",
            field="amount",
        )
    return decided


def organisation_stays_within(earlier: int, decided: int, limit: Provision) -> None:
    if earlier + decided > limit.value:
        left = max(limit.value - earlier, 0)
        raise Refused(
            "ORGANIZATION_CAP_REACHED",
            pl=f"Organizacja może dostać w roku najwyżej {money(limit.value)} zł w małych grantach; "
            f"zostało {money(left)} zł.",
            en=f"An organisation can get at most {money(limit.value)} PLN a year in small grants; "
            f"{money(left)} PLN is left.",
            field="amount",
            legal_basis=limit.legal_basis,
            status=409,
        )


def year_stays_within(planned: int, earlier: int, decided: int, limit: Provision) -> None:
    cap = planned * limit.value // 100
    if earlier + decided > cap:
        raise Refused(
            "YEAR_CAP_REACHED",
            pl=f"Małe granty to najwyżej {limit.value}% dotacji planowanych na rok, czyli {money(cap)} zł; "
            f"zostało {money(max(cap - earlier, 0))} zł.",
            en=f"Small grants are at most {limit.value}% of the year's planned grants, {money(cap)} PLN; "
            f"{money(max(cap - earlier, 0))} PLN is left.",
            field="amount",
            legal_basis=limit.legal_basis,
            status=409,
        )


def plan_holds_what_was_granted(planned: int, granted: int, limit: Provision) -> None:
    """A plan cannot be lowered below what makes the year's decided small grants lawful."""
    if granted > planned * limit.value // 100:
        raise Refused(
            "PLAN_BELOW_GRANTED",
            pl=f"Przyznano już {money(granted)} zł w małych grantach, więcej niż {limit.value}% takiego planu.",
            en=f"{money(granted)} PLN is granted in small grants already, more than {limit.value}% of such a plan.",
            field="planned",
            legal_basis=limit.legal_basis,
        )


def no_plan(year: int) -> Refused:
    return Refused(
        "NO_GRANT_PLAN",
        pl=f"Nie ma planu dotacji na {year} rok; najpierw trzeba go wpisać, bo od niego zależy limit.",
        en=f"There is no plan of grants for {year}; it has to be entered first, for the cap depends on it.",
        legal_basis=f"art. 19a ust. 7 {ACT}",
    )
