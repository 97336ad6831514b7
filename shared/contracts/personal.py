"""No PESEL number anywhere: a person's number must not come in with a text, whoever sends it.

Looked for in every text that comes in, without regard to its field, so that no new field can be forgotten. Other
numbers are not mistaken for it: they have another length (KRS, NIP, REGON, bank accounts), a plus (telephones), a check
digit that does not fit, or a day of birth that nobody has. Sums of money and ids hold digits by chance and are passed
over.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from stdnum.exceptions import ValidationError
from stdnum.pl import pesel

FOUND = "A PESEL number"
"""How the message starts by which `invalid` and `explain` know it."""

_CANDIDATE = re.compile(r"^\d+\.\d{2}$|[a-z]{3}_[0-9a-z]{26}|(?<![\d+])(\d{6}[ \u00a0-]?\d{5})(?!\d)")
_EARLIEST = date(1900, 1, 1)


def holds_personal_number(text: str) -> bool:
    return any(match[1] is not None and _is_pesel(match[1]) for match in _CANDIDATE.finditer(text))


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


def _is_pesel(candidate: str) -> bool:
    digits = "".join(str(unicodedata.decimal(sign)) for sign in candidate if sign.isdecimal())
    try:
        born = pesel.get_birth_date(pesel.validate(digits))
    except ValidationError:
        return False
    return _EARLIEST <= born <= datetime.now(UTC).date()
