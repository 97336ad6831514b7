"""Names compared: what is left of one without its legal form, and keys by which near ones are found.

Names with at most `most` edits between them share a piece: cut one into `most + 1` pieces, and at least one of them is
untouched and stands at most `most` signs away from its place. So pieces, with the length and place they belong to, are
keys of an index that misses no near name and seldom gives a far one (the PassJoin method). The numbers in a name belong
to its keys, because names that differ in a number are not near.

Near are also names of the same words in other forms, or abbreviated (`inflected`). They share how their words begin.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from unicodedata import normalize

from services.registry.organisations import abbreviations
from shared.polish import fold

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
# what names say of the form, in all the cases and short forms that occur in them; folded
_FORM_WORDS = frozenset(
    _WORD.findall(
        """
        fundacja fundacji stowarzyszenie stowarzyszenia stowarzyszen zwykle zwykly zwyklego zwiazek zwiazku
        ochotnicza ochotniczej ochotniczych straz strazy pozarna pozarnej pozarnych osp
        uczniowski uczniowskiego sportowy sportowego klub klubu uks ks
        spoldzielnia spoldzielni socjalna socjalnej kolo kola gospodyn wiejskich kgw
        sp z o oo spzoo spolka przedsiebiorstwo spoleczne
        """
    )
)
# what is cut short in writing, not spelt by initials
_CUT_SHORT = {
    "stow": "stowarzyszenie",
    "stowarz": "stowarzyszenie",
    "tow": "towarzystwo",
    "fund": "fundacja",
    "spoldz": "spółdzielnia",
    "zw": "związek",
    "osr": "ośrodek",
    "przedsz": "przedszkole",
    "szk": "szkoła",
    "podst": "podstawowa",
    "sw": "święty",
}
_LINKING = frozenset(["a", "i", "im", "imienia", "na", "nr", "oraz", "w", "we"])
_BEGINNING = 3
"""By so many letters the forms of one word begin alike."""
_WORDS = 30
"""Names of more words are compared by their letters alone."""
_SHORT = 5
_LONG = 12


def in_full(name: str) -> str:
    """The folded words, with single blanks between them: punctuation and case do not count."""
    return " ".join(_WORD.findall(fold(name)))


@lru_cache(maxsize=4_000)
def inflected(name: str) -> tuple[tuple[str, ...], ...]:
    """The words that tell, each by the roots that its forms share, or by its abbreviation.

    Without those that only link or say the legal form; of a name made of nothing else, all of them.
    """
    text = " ".join(_CUT_SHORT.get(fold(word), word) for word in _WORD.findall(normalize("NFC", name)))
    words = abbreviations.shortened(text)
    telling = [roots for word, roots in words if fold(word) not in _FORM_WORDS | _LINKING]
    return tuple(telling or (roots for _, roots in words))


def plain(name: str) -> str:
    """The same without words that only say the legal form; of a name made of nothing else, all of it."""
    words = [fold(_CUT_SHORT.get(word, word)) for word in _WORD.findall(fold(name))]
    return " ".join([word for word in words if word not in _FORM_WORDS] or words)


def in_order(name: str) -> str:
    """The plain words by the alphabet: the same for the same words in another order."""
    return " ".join(sorted(plain(name).split()))


def keys(names: Iterable[str]) -> Iterator[str]:
    """What an organisation with these names is found by."""
    for name in names:
        yield f"={in_order(name)}"
        yield from _beginnings(name)
        yield from _pieces(name)


def same_words(names: Iterable[str]) -> list[str]:
    """The keys of organisations whose names have the same plain words, in whatever order."""
    return list(dict.fromkeys(f"={in_order(name)}" for name in names))


def near(name: str) -> list[list[str]]:
    """The keys of organisations that may have a name near to this one, by what they share: how all words
    begin, or a piece.

    To be looked up apart: a piece that very many share must not crowd out those who share another.
    """
    text, numbers = _joined(name), _numbers(name)
    most = _edits_allowed(len(text))
    found: dict[int, dict[str, None]] = {}
    for length in range(len(text) - most, len(text) + most + 1):
        allowed = _edits_allowed(length)
        for number, (start, end) in enumerate(_cuts(length, allowed) if allowed else ()):
            for shift in range(-allowed, allowed + 1):
                piece = text[start + shift : end + shift] if start + shift >= 0 else ""
                if len(piece) == end - start:
                    found.setdefault(number, {})[f"{length}:{number}:{piece}:{numbers}"] = None
    return [some for some in (_beginnings(name), *map(list, found.values())) if some]


def are_near(one: str, other: str) -> bool:
    """One or two misprints apart, by length, or the same words in other forms; names that differ in a number are not
    the same name misspelt."""
    if _have_the_same_words(one, other):
        return True
    first, second = _joined(one), _joined(other)
    most = min(_edits_allowed(len(first)), _edits_allowed(len(second)))
    return _numbers(one) == _numbers(other) and edits(first, second, most) <= most


def edits(one: str, other: str, most: int) -> int:
    """How many signs must be put in, left out or changed to make one of the other; `most + 1` for any more.

    Only what differs is looked at, and of the table only the cells within `most` of its diagonal: a long name costs
    little more than a short one.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    one, other = _without_common_ends(one, other)
    far = most + 1
    above = {place: place for place in range(min(most, len(other)) + 1)}
    for at, sign in enumerate(one, start=1):
        row: dict[int, int] = {}
        for place in range(max(at - most, 0), min(at + most, len(other)) + 1):
            changed = above.get(place - 1, far) + (place > 0 and sign != other[place - 1])
            row[place] = min(above.get(place, far) + 1, row.get(place - 1, far) + 1, changed)
        if min(row.values(), default=far) > most:
            return far
        above = row
    return min(above.get(len(other), far), far)


def _have_the_same_words(one: str, other: str) -> bool:
    """In whatever forms and order."""
    if not _beginnings(one) or _beginnings(one) != _beginnings(other):
        return False
    first, second = inflected(one), inflected(other)
    return all(
        any(_beginning(word) == _beginning(same) and not set(word).isdisjoint(same) for same in theirs)
        for mine, theirs in ((first, second), (second, first))
        for word in mine
    )


def _beginnings(name: str) -> list[str]:
    """The key that names of the same words share; none for a name of very many words, or of no word."""
    words = inflected(name)
    return [f"~{' '.join(sorted(map(_beginning, words)))}"] if 0 < len(words) <= _WORDS else []


def _beginning(word: tuple[str, ...]) -> str:
    """An abbreviation and a word of many stems by themselves, a number in full, of other words the first letters."""
    first = min(word)
    return first[1 : 1 + _BEGINNING] if first[0] == "~" and not first[1:].isdigit() else first


def _alike(one: str, other: str) -> int:
    """At how many places, from the start, the two have the same sign."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


@lru_cache(maxsize=4_000)
def _joined(name: str) -> str:
    # without blanks: "Alter natywa" is one edit from nothing
    return plain(name).replace(" ", "")


def _edits_allowed(length: int) -> int:
    """In a short name one other letter makes another name."""
    return 0 if length < _SHORT else 1 if length < _LONG else 2


@lru_cache(maxsize=4_000)
def _numbers(name: str) -> str:
    return " ".join(_NUMBER.findall(plain(name)))


def _pieces(name: str) -> Iterator[str]:
    text, numbers = _joined(name), _numbers(name)
    allowed = _edits_allowed(len(text))
    if allowed:
        for number, (start, end) in enumerate(_cuts(len(text), allowed)):
            yield f"{len(text)}:{number}:{text[start:end]}:{numbers}"


def _cuts(length: int, most: int) -> list[tuple[int, int]]:
    parts = most + 1
    return [(length * part // parts, length * (part + 1) // parts) for part in range(parts)]
