"""No PESEL number anywhere: a person's number must not come in with a text, whoever sends it.

Looked for in every text that comes in, without regard to its field, so that no new field can be forgotten; and in
whatever way people write it: with blanks, dashes, strokes or points between its digits, in digits of another script,
with signs between that are not seen.

Other numbers are not mistaken for it: they have another length (KRS, NIP, REGON, bank accounts), a form of their own
(telephones, days, hours, sums, signs of cases), a check digit that does not fit, or a day of birth that nobody has.
Where digits in a row are more than eleven, only those are looked at that stand in groups as a PESEL number does. Ids
hold digits by chance and are passed over.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from stdnum.exceptions import ValidationError
from stdnum.pl import pesel

from shared.contracts.unseen import UNSEEN

FOUND = "A PESEL number"
"""How the message starts by which `invalid` and `explain` know it."""

_LENGTH = 11
_EARLIEST = date(1900, 1, 1)
_GROUPS = frozenset(
    {
        (11,),
        (6, 5),
        (2, 2, 2, 5),
        (2, 2, 2, 2, 3),
        (2, 2, 2, 3, 2),
        (6, 2, 3),
        (6, 3, 2),
        (3, 3, 3, 2),
        (3, 3, 2, 3),
        (4, 4, 3),
        (1,) * 11,
    }
)
"""How the digits are grouped where others stand beside them; alone they may be in any groups."""
# " - ", " / " and "\r\n" are three signs or two; more than that parts one number from the next
_BETWEEN = r"[\s\-\u2010-\u2015\u2212\u2043./\\_()\u00b7\u2022]{0,3}"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{{_LENGTH - 1},}}")
_GROUP = re.compile(r"\d+")
# asked first, because it is quick: the century is told by the month, to which an even ten is added
_DAY_OF_BIRTH = re.compile(r"\d\d(?:[02468]\d|[13579][012])(?:[012]\d|3[01])")
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_NOT_WRITTEN = re.compile(f"[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f{_MARKS}{UNSEEN}]")
_YEAR, _HOUR = r"(?:19|20)\d\d", r"(?:[01]?\d|2[0-3])\.[0-5]\d"
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")
_OTHERS = re.compile(
    "|".join(
        (
            # a Polish telephone with its country's number: none starts with 0, 10 or 11
            r"(?<!\d)(?:\+|00) ?48\)?[ -]?\(?(?:1[2-9]|[2-9]\d)(?:[ ()-]{0,2}\d){7}(?!\d)",
            rf"(?<!\d){_YEAR}([./-])\d\d\1\d\d(?!\d)",  # a day
            rf"(?<!\d)\d\d?([./-])\d\d?\2{_YEAR}(?!\d)",
            rf"(?<!\d){_YEAR} ?[/\u2013-] ?{_YEAR}(?!\d)",  # years of school
            rf"(?<!\d){_HOUR} ?[\u2013-] ?{_HOUR}(?!\d)",  # hours
            rf"(?<!\d)(?<!\d\.)\d{{3,4}}\.\d{{1,4}}(?:\.\d{{1,3}})?\.{_YEAR}(?!\d)",  # the sign of a case
            r"(?<![\d.])\d{1,9}\.\d\d(?!\.?\d)",  # a sum
            r"(?<!\d)(?<!\d[ .])\d{1,3}(?: \d{3}){1,2}\.\d\d(?!\.?\d)",
        )
    )
)


def holds_personal_number(text: str) -> bool:
    if len(text) < _LENGTH and text.isascii():
        return False
    plain = _plain(text)
    for match in _DIGITS.finditer(plain):
        # what else the digits may be is asked only where there is a doubt: it takes longer
        if _may_be(match[0]):
            before = plain[max(match.start() - 2, 0) : match.start()]
            left = _OTHERS.sub("x", before + match[0])
            if any(_may_be(part[0]) for part in _DIGITS.finditer(left)):
                return True
    return False


def check_text(text: str, path: str) -> None:
    """Raises msgspec.ValidationError naming the place, and not the number."""
    if holds_personal_number(text):
        raise msgspec.ValidationError(f"{FOUND} - at `{path}`")


def check_texts(value: Any, path: str = "$") -> None:
    """The same for everything in a record."""
    match value:
        case str():
            check_text(value, path)
        case msgspec.Struct():
            for field in msgspec.structs.fields(value):
                check_texts(getattr(value, field.name), f"{path}.{field.encode_name}")
        case list() | tuple():
            for place, part in enumerate(value):
                check_texts(part, f"{path}[{place}]")
        case dict():
            for name, part in value.items():
                check_text(str(name), path)
                check_texts(part, f"{path}.{name}")


def _plain(text: str) -> str:
    """As it is read aloud: every digit one of the ten, nothing that is not seen, no ids."""
    if not text.isascii():
        text = _NOT_WRITTEN.sub("", unicodedata.normalize("NFKC", text))
    if not text.isascii():
        text = "".join(_digit(sign) for sign in text)
    return _ID.sub("x", text) if "_" in text else text


def _digit(sign: str) -> str:
    """Also of signs that are numbers in a circle and have no plain form."""
    return sign if sign.isascii() else str(unicodedata.digit(sign, sign))


def _may_be(digits: str) -> bool:
    return any(_is_pesel(candidate) for candidate in set(_candidates(digits)))


def _candidates(digits: str) -> Iterator[str]:
    groups = _GROUP.findall(digits)
    sizes = tuple(map(len, groups))
    if sum(sizes) == _LENGTH:
        yield "".join(groups)
        return
    for start, size in enumerate(sizes):
        for shape in _SHAPES.get(size, ()):
            if sizes[start : start + len(shape)] == shape:
                yield "".join(groups[start : start + len(shape)])


_SHAPES = {first: tuple(shape for shape in _GROUPS if shape[0] == first) for first in {shape[0] for shape in _GROUPS}}


def _is_pesel(digits: str) -> bool:
    if not _DAY_OF_BIRTH.match(digits):
        return False
    try:
        born = pesel.get_birth_date(pesel.validate(digits))
    except ValidationError:
        return False
    return _EARLIEST <= born <= datetime.now(UTC).date()
