"""What a person sent, in the form in which it is kept: a valid command, made tidy, and valid still.

Every command passes here, and every value of a file: a PESEL number in any text of them is refused.

Commands are checked before they are tidied: until their texts are known to be bounded, nothing is done with them.
"""

import re
import sys
import unicodedata
from datetime import date, datetime
from typing import Any

import msgspec

from shared.contracts.base import Command
from shared.contracts.personal import check_text

YEARS = range(1900, 2200)
"""Outside of them a day is a misprint, and arithmetic with days and time zones leaves the calendar."""
MARKS_MAX = 10
"""Combining signs in a row: more are no writing of any language, and putting them in order takes long."""

_COMBINING = "".join(chr(point) for point in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(point)))
_TOO_MANY_MARKS = re.compile(f"[{_COMBINING}]{{{MARKS_MAX + 1}}}")


def tidied[C: Command](command: C) -> C:
    """Texts without blanks around them and composed (NFC), so that equal names are equal. Raises
    msgspec.ValidationError naming the field."""
    plain = tidy(msgspec.to_builtins(command, builtin_types=(date, datetime)), "$")
    return msgspec.convert(plain, type(command))


def check_years(value: Any, path: str = "$") -> None:
    """Raises msgspec.ValidationError naming the first field whose day or instant is outside of YEARS."""
    match value:
        case msgspec.Struct():
            for field in msgspec.structs.fields(value):
                check_years(getattr(value, field.name), f"{path}.{field.encode_name}")
        case tuple():
            for place, part in enumerate(value):
                check_years(part, f"{path}[{place}]")
        case date() if value.year not in YEARS:
            raise msgspec.ValidationError(f"Expected a year from {YEARS.start} to {YEARS.stop - 1} - at `{path}`")


def tidy(value: Any, path: str = "$") -> Any:
    """The same for plain values, as they come out of a file. Raises msgspec.ValidationError naming the place."""
    match value:
        case str():
            if _TOO_MANY_MARKS.search(value):
                raise msgspec.ValidationError(f"Expected at most {MARKS_MAX} combining signs in a row - at `{path}`")
            text = unicodedata.normalize("NFC", value).strip()
            check_text(text, path)
            return text
        case list() | tuple():
            return [tidy(part, f"{path}[{place}]") for place, part in enumerate(value)]
        case dict():
            return {name: tidy(part, f"{path}.{name}") for name, part in value.items()}
        case date():
            check_years(value, path)
    return value
