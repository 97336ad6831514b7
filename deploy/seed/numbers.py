"""Identifiers for invented organisations: right check digits, and no two alike in one run.

They are spread over their range by a step that has no divisor in common with it: every position gives another number,
without remembering those already given.
"""

from collections.abc import Iterator

from stdnum.pl import nip, regon

_RANGE = 1_000_000
_STEP = 618_033
_TAX_OFFICES = ("573", "949")
_STATISTICAL_OFFICES = ("15", "24", "36", "38", "52")


def krs_numbers(seed: int) -> Iterator[str]:
    for position in range(_RANGE):
        yield f"{1 + int(_spread(position, seed)):010d}"


def nip_numbers(seed: int) -> Iterator[str]:
    for office in _TAX_OFFICES:
        for position in range(_RANGE):
            body = office + _spread(position, seed)
            # With 0 in its place, the sum is the check digit itself; where that is 10, the number is not given out.
            check = nip.checksum(body + "0")
            if check < 10:
                yield f"{body}{check}"


def regon_numbers(seed: int) -> Iterator[str]:
    for office in _STATISTICAL_OFFICES:
        for position in range(_RANGE):
            body = office + _spread(position, seed)
            yield body + regon.calc_check_digit(body)


def _spread(position: int, seed: int) -> str:
    return f"{(position * _STEP + seed) % _RANGE:06d}"
