"""Names of invented organisations, with the fields of activity that they speak of.

Each form has a few patterns; each pattern goes through all combinations of its words before any comes back. At the
real size of the register no two names are alike; at a hundred times that size some are, as among real organisations.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from math import prod
from string import Formatter

from deploy.seed.words import CLUBS, GARDENS, LOVERS, PATRONS, PLACES, PURPOSES, SAINTS, SCHOOLS, SPORTS, TITLES
from shared.contracts.organisations import Field, LegalForm

_WORDS: dict[str, Sequence[str]] = {
    "title": TITLES,
    "purpose": tuple(PURPOSES),
    "lovers": tuple(LOVERS),
    "patron": PATRONS,
    "saint": SAINTS,
    "place": PLACES,
    "club": CLUBS,
    "sport": SPORTS,
    "school": SCHOOLS,
    "garden": GARDENS,
}
_STEP = 7919  # a prime greater than any list is long, so it has no divisor in common with their product
_FIELDS = PURPOSES | LOVERS

_USUAL_FIELD = {
    LegalForm.VOLUNTEER_FIRE_BRIGADE: Field.LABOUR_MARKET_SOCIAL_AFFAIRS,
    LegalForm.FIRE_BRIGADE_UNION: Field.LABOUR_MARKET_SOCIAL_AFFAIRS,
    LegalForm.SPORTS_CLUB: Field.SPORT_TOURISM_RECREATION_HOBBY,
    LegalForm.STUDENT_SPORTS_CLUB: Field.SPORT_TOURISM_RECREATION_HOBBY,
    LegalForm.SOCIAL_COOPERATIVE: Field.LABOUR_MARKET_SOCIAL_AFFAIRS,
    LegalForm.CHURCH_ENTITY: Field.LABOUR_MARKET_SOCIAL_AFFAIRS,
    LegalForm.COMPANY: Field.ECONOMY,
}
_PATTERNS: dict[LegalForm, Sequence[str]] = {
    LegalForm.FOUNDATION: (
        "Fundacja „{title}”",
        "Fundacja {purpose} „{title}”",
        "Fundacja {purpose} im. {patron}",
    ),
    LegalForm.ASSOCIATION: (
        "Stowarzyszenie {purpose} „{title}”",
        "Stowarzyszenie {lovers} „{title}”",
        "Stowarzyszenie {purpose} {place}",
    ),
    LegalForm.ORDINARY_ASSOCIATION: (
        "Stowarzyszenie zwykłe „{title}”",
        "Stowarzyszenie zwykłe {lovers} {place}",
        "Stowarzyszenie zwykłe {lovers} „{title}”",
    ),
    LegalForm.ASSOCIATION_UNION: ("Związek Stowarzyszeń „{title}”",),
    LegalForm.VOLUNTEER_FIRE_BRIGADE: ("Ochotnicza Straż Pożarna {place}",),
    LegalForm.FIRE_BRIGADE_UNION: ("Związek Ochotniczych Straży Pożarnych – Oddział {place}",),
    LegalForm.SPORTS_CLUB: (
        "Klub Sportowy „{club}” {place}",
        "Częstochowski Klub {sport} „{club}”",
        "Klub {sport} „{club}” {place}",
    ),
    LegalForm.STUDENT_SPORTS_CLUB: ("Uczniowski Klub Sportowy „{club}” przy {school}",),
    LegalForm.SOCIAL_COOPERATIVE: ("Spółdzielnia Socjalna „{title}”",),
    LegalForm.CHURCH_ENTITY: ("Parafialny Zespół Caritas przy parafii pw. {saint} {place}",),
    LegalForm.COMPANY: ("Przedsiębiorstwo Społeczne „{title}” sp. z o.o.",),
    LegalForm.OTHER: (
        "Koło Gospodyń Wiejskich „{title}” {place}",
        "Klub Seniora „{title}”",
        "Rodzinny Ogród Działkowy „{garden}” {place}",
        "Rada Rodziców przy {school} im. {patron}",
    ),
}


def names(form: LegalForm, seed: int) -> Iterator[tuple[str, Field | None]]:
    """Names of this form without end."""
    patterns = [(text, [slot for _, slot, _, _ in Formatter().parse(text) if slot]) for text in _PATTERNS[form]]
    for number in count():
        text, slots = patterns[number % len(patterns)]
        combinations = prod(len(_WORDS[slot]) for slot in slots)
        place = (number // len(patterns) * _STEP + seed) % combinations
        words: dict[str, str] = {}
        for slot in slots:
            place, at = divmod(place, len(_WORDS[slot]))
            words[slot] = _WORDS[slot][at]
        field = next((_FIELDS[word] for word in words.values() if word in _FIELDS), _USUAL_FIELD.get(form))
        yield text.format(**words), field
