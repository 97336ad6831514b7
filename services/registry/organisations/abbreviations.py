"""Abbreviations by which organisations are known: who searches for one finds those that write it out, and the reverse.

A name that writes out the words is indexed under the abbreviation, too, and a name with the abbreviation under the
words, each in any form. To add one, add a line, and raise the `edition` of the key `roots` in `collections.py`.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from shared.polish import words

# abbreviation: what it stands for; where that differs from place to place, one after the other
_MEANINGS = """
CIS: Centrum Integracji Społecznej
DOSL: Dzielnicowy Ośrodek Społeczności Lokalnej
DPS: Dom Pomocy Społecznej
GOPS: Gminny Ośrodek Pomocy Społecznej
JOWES: Jurajski Ośrodek Wsparcia Ekonomii Społecznej
KGW: Koło Gospodyń Wiejskich
KIS: Klub Integracji Społecznej
KS: Klub Sportowy
LKS: Ludowy Klub Sportowy
LZS: Ludowy Zespół Sportowy
MOPS: Miejski Ośrodek Pomocy Społecznej
NGO: Organizacja Pozarządowa
OSL: Ośrodek Społeczności Lokalnej
OSP: Ochotnicza Straż Pożarna
PCK: Polski Czerwony Krzyż
PKPS: Polski Komitet Pomocy Społecznej
PTTK: Polskie Towarzystwo Turystyczno-Krajoznawcze
PZW: Polski Związek Wędkarski
ROD: Rodzinny Ogród Działkowy
TPD: Towarzystwo Przyjaciół Dzieci
UKS: Uczniowski Klub Sportowy
UM: Urząd Miasta, Urząd Miejski
UTW: Uniwersytet Trzeciego Wieku
WOPR: Wodne Ochotnicze Pogotowie Ratunkowe
WTZ: Warsztat Terapii Zajęciowej
ZAZ: Zakład Aktywności Zawodowej
ZHP: Związek Harcerstwa Polskiego
ZHR: Związek Harcerstwa Rzeczypospolitej
"""
# also words or names of their own: taken for the abbreviation only where capitals set them apart
_WORDS_TOO = frozenset(("cis", "kis", "rod", "um"))
_WORD = re.compile(r"\w+")

type Phrase = tuple[frozenset[str], ...]


def _phrase(text: str) -> Phrase:
    return tuple(frozenset(roots) for roots in words(text))


_PHRASES: dict[str, list[Phrase]] = {
    abbreviation.lower(): [_phrase(meaning) for meaning in meanings.split(",")]
    for abbreviation, meanings in (line.split(":") for line in _MEANINGS.strip().split("\n"))
}

# the phrases that may begin with a word of this root
_BY_FIRST: dict[str, list[tuple[str, Phrase]]] = {}
for _abbreviation, _phrases in _PHRASES.items():
    for _one in _phrases:
        for _root in _one[0]:
            _BY_FIRST.setdefault(_root, []).append((_abbreviation, _one))


def searched(text: str) -> list[tuple[str, ...]]:
    """For each word of a search the keys of which one must be there."""
    found = []
    for word in _WORD.findall(normalize("NFC", text)):
        for roots in words(word):
            # "ród" is no abbreviation, whoever leaves out the accent may mean one
            called = word.lower()
            found.append((*roots, _key(called)) if called in _PHRASES else roots)
    return found


def keys(names: Iterable[str]) -> tuple[str, ...]:
    """What an organisation with these names is found by."""
    return tuple(dict.fromkeys(key for name in names for key in _keys(name)))


def _keys(name: str) -> Iterator[str]:
    known = words(name)
    for roots in known:
        yield from roots
    for place in range(len(known)):
        for abbreviation, _ in _written_out(known, place):
            yield _key(abbreviation)
    for abbreviation in _abbreviations(name):
        for phrase in _PHRASES[abbreviation]:
            for any_of in phrase:
                yield from sorted(any_of)


def shortened(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each word with the roots it is known by; one key for an abbreviation, and for all the words it stands for."""
    given = _WORD.findall(normalize("NFC", name.casefold()))
    known, short = words(name), frozenset(_abbreviations(name))
    found: list[tuple[str, tuple[str, ...]]] = []
    place = 0
    while place < len(known):
        # the longest: who says "Uczniowski Klub Sportowy" does not mean "Klub Sportowy"
        abbreviation, length = max(_written_out(known, place), key=lambda one: one[1], default=("", 1))
        if not abbreviation and given[place] in short:
            abbreviation = given[place]
        found.append((abbreviation, (_key(abbreviation),)) if abbreviation else (given[place], known[place]))
        place += length
    return found


def _written_out(known: list[tuple[str, ...]], place: int) -> Iterator[tuple[str, int]]:
    """The abbreviations whose words begin here, and how many words they are."""
    for abbreviation, phrase in dict.fromkeys(one for root in known[place] for one in _BY_FIRST.get(root, ())):
        following = known[place : place + len(phrase)]
        if len(following) == len(phrase) and all(map(frozenset.intersection, phrase, following)):
            yield abbreviation, len(phrase)


def _abbreviations(name: str) -> Iterator[str]:
    for word in _WORD.findall(normalize("NFC", name)):
        called = word.lower()
        if called in _PHRASES and (called not in _WORDS_TOO or (word.isupper() and not name.isupper())):
            yield called


def _key(abbreviation: str) -> str:
    # no root begins so: "UM" is not found by what merely has the root
    return f"#{abbreviation}"
