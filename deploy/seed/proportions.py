"""How many organisations of each form there are in a register of a given size.

The city published, for 22 October 2019: 931 entities, 78 of them with public-benefit status, and the counts of seven
legal forms, 417 together. Of the other 514 it says nothing. Here they are what the seed itself holds (offices, units
and other bodies) and, for the rest, forms that a city of this size has beside those: ordinary associations, clubs and
circles outside the court register, church bodies, companies not for profit, unions of associations.
"""

from collections.abc import Mapping

from shared.contracts.organisations import LegalForm

PUBLISHED_TOTAL = 931
PUBLISHED_PUBLIC_BENEFIT = 78
PUBLISHED: Mapping[LegalForm, int] = {
    LegalForm.FOUNDATION: 223,
    LegalForm.ASSOCIATION: 37,
    LegalForm.VOLUNTEER_FIRE_BRIGADE: 20,
    LegalForm.FIRE_BRIGADE_UNION: 3,
    LegalForm.SPORTS_CLUB: 47,
    LegalForm.STUDENT_SPORTS_CLUB: 73,
    LegalForm.SOCIAL_COOPERATIVE: 14,
}
# Per hundred of what is left. OTHER comes last and takes what rounding leaves.
_REST: Mapping[LegalForm, int] = {
    LegalForm.ORDINARY_ASSOCIATION: 40,
    LegalForm.CHURCH_ENTITY: 12,
    LegalForm.COMPANY: 8,
    LegalForm.ASSOCIATION_UNION: 2,
    LegalForm.OTHER: 38,
}
SMALLEST = 100
"""Below this the seed alone has more of some forms than their share."""


def scaled(published: int, total: int) -> int:
    return (2 * published * total + PUBLISHED_TOTAL) // (2 * PUBLISHED_TOTAL)


def missing(total: int, seeded: Mapping[LegalForm, int]) -> dict[LegalForm, int]:
    """How many of each form to invent, so that with the seed there are `total`, in the published proportions."""
    if total < SMALLEST:
        raise ValueError(f"at least {SMALLEST} organisations: the seed alone has {sum(seeded.values())}")
    wanted = {form: max(0, scaled(count, total) - seeded.get(form, 0)) for form, count in PUBLISHED.items()}
    left = total - sum(seeded.values()) - sum(wanted.values())
    rest = {form: left * share // 100 for form, share in _REST.items()}
    rest[LegalForm.OTHER] += left - sum(rest.values())
    return wanted | rest
