"""How much may be granted: to one organisation in a year, and in a year altogether. Sums are whole grosze.

How the act is read here (art. 19a):
- The cap of an organisation is on what is handed over to it in a calendar year (ust. 6), the cap of a year on what is
  granted of the grants planned for a budget year (ust. 7), which is a calendar year, too. When an offer came is no
  matter: one of December that is decided in January counts for the new year. What is decided in December and paid in
  January counts for the new year as well; the decision says so by its `budget_year`.
- A joint offer counts whole for each that makes it (ust. 1 with art. 14 ust. 2 and 5): the act does not divide it, and
  each answers for all of it. For the year it counts once.
- An organisation is its record: it keeps its account under a new name.
"""

from datetime import date

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


def budget_year(grant: SmallGrant, command: DecideSmallGrant, today: date) -> int:
    """This year, or the next one where the task still goes on in it."""
    year = command.budget_year or today.year
    if year != today.year and not (year == today.year + 1 and grant.ends_on.year >= year):
        raise Refused(
            "BUDGET_YEAR_WRONG",
            pl=f"Pieniądze przekazuje się w roku decyzji ({today.year}) albo w następnym, jeśli zadanie wtedy trwa.",
            en=f"The money is handed over in the year of the decision ({today.year}), or in the next if the task goes "
            "on in it.",
            field="budgetYear",
            legal_basis=f"art. 19a ust. 6 i 7 {ACT}",
        )
    return year


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
