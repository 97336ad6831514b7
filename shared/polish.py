"""Polish text: folding for search, stems for inflection, keys for alphabetical order."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_ALPHABET = "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż"
# q, v and x are foreign letters with a place of their own between the Polish ones
_ORDER = {letter: chr(ord("A") + place) for place, letter in enumerate("aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż")}
_ORDER |= {digit: digit for digit in "0123456789"} | {" ": " "}
_POLISH = frozenset(_ALPHABET)
_STEMMER = snowballstemmer.stemmer("polish")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower case without diacritics: "Łódź" becomes "lodz". Also `ł`, which Unicode does not decompose."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def stems(text: str) -> tuple[str, ...]:
    """All roots of the words of a text, each once: what a search is compared with."""
    return tuple(dict.fromkeys(root for word in words(text) for root in word))


def words(text: str) -> list[tuple[str, ...]]:
    """For each word of a text the roots it is known by; a search finds what has one of them for every word.

    There are several, because a word typed without diacritics is stemmed differently ("seniorow" is no Polish form):
    the root of its folded stem, of the stem of the folded word, and of the folded word itself; and that of a word whose
    form it is, though its stem is another (`_FAMILIES`).
    """
    return [_known_by(word) for word in _WORD.findall(unicodedata.normalize("NFC", text.casefold()))]


def _known_by(word: str) -> tuple[str, ...]:
    """The roots of one word in lower case."""
    roots = _roots(word)
    return tuple(dict.fromkeys((*roots, *(_FAMILY[root] for root in roots if root in _FAMILY))))


@lru_cache(maxsize=20_000)
def _roots(word: str) -> tuple[str, ...]:
    folded = fold(word)
    stems = (_steady(fold(_STEMMER.stemWord(word))), _steady(_STEMMER.stemWord(folded)), folded)
    return tuple(dict.fromkeys(_root(stem) for stem in stems))


def _steady(stem: str) -> str:
    """What the stemmer leaves standing: the e that comes and goes (ośrodek, ośrodka) and the Latin -um (centrum)."""
    if len(stem) > 4 and stem.endswith("ek"):
        return f"{stem[:-2]}k"
    return stem.removesuffix("um") if len(stem) > 5 else stem


_ENDING = re.compile(r"(?<=\w{4})(?:iami|ami|iach|ach|iom|om|owie|iow|ow|ie|[aeiouy])$")
_SOFTENED = ((re.compile(r"(?<=\w{3})rz$"), "r"), (re.compile(r"(?<=\w{3}[ainoy])c$"), "k"))
_CHANGING_VOWEL = re.compile(r"(?<=\w{3})[eo](?=[bcdfghjklmnprstwz]$)")


def _root(stem: str) -> str:
    """Without the ending, with the last consonant hard (seniorzy, senior; strażacy, strażak), and without the e or o
    before it, which comes and goes or changes (źródło, źródeł; przyjaciel, przyjaciół). Marked: it is no word."""
    root = _ENDING.sub("", stem)
    for soft, hard in _SOFTENED:
        root = soft.sub(hard, root)
    return "~" + _CHANGING_VOWEL.sub("", root)


# forms of one word with several stems, and adjectives that names use for it; each line goes by its first word
_FAMILIES = """
uczeń uczniowie uczniów uczniowski
dziecko dzieci dziećmi
człowiek ludzie ludzi ludziom
mieszkaniec mieszkańcy mieszkańców
niepełnosprawny niepełnosprawność
harcerz harcerze harcerski harcerstwo
zwierzę zwierzęta zwierząt
brat bracia braci braćmi
ojciec ojcowie ojców
chłopiec chłopcy chłopców
ksiądz księża księży
pies psy psów psom
oko oczy oczu oczami oczyma
ręka ręce rękami rękoma
wieś wsi wsiom
tydzień tygodnie tygodni
dzień dni dniom
dom domów
las lasów
kot kotów
syn synów
Białystok Białegostoku Białymstoku
"""
_FAMILY = {
    root: "+" + fold(line.split()[0])
    for line in _FAMILIES.casefold().split("\n")
    for word in line.split()
    for form in (word, fold(word))
    for root in _roots(form)
}


_DIGITS = re.compile(r"[0-9]+")


def sort_key(text: str) -> str:
    """A text that sorts by code points as the original sorts by the Polish alphabet (ą after a, ł after l).

    Case and punctuation do not count; numbers come before letters, and among themselves by value (nr 7, nr 54); foreign
    diacritics are folded. Whoever changes this raises the `edition` of the keys that are made by it.
    """
    key: list[str] = []
    for sign in unicodedata.normalize("NFC", text.casefold()):
        if sign in _POLISH:
            key.append(_ORDER[sign])
        else:
            key.extend(_ORDER[part] for part in fold(sign) if part in _ORDER)
    return _DIGITS.sub(_by_value, " ".join("".join(key).split()))


def _by_value(number: re.Match[str]) -> str:
    """Led by its length: of two numbers the shorter is the lesser. A nine says that the length goes on."""
    digits = number[0].lstrip("0")
    nines, rest = divmod(len(digits), 9)
    return "9" * nines + str(rest) + digits
