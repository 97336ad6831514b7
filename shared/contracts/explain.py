"""What a validator says of a value, in words for the person who sent it, in Polish and English."""

import re

_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    (r"Expected `str` of length >= 1$", "nie może być puste", "must not be empty"),
    (r"Expected `str` of length <= (\d+)", "najwyżej {0} znaków", "at most {0} characters"),
    (r"Expected `array` of length <= (\d+)", "najwyżej {0} pozycji", "at most {0} items"),
    (r"Expected `array` of length >= 1$", "nie może być puste", "must not be empty"),
    (r"Expected `array` of length >= (\d+)", "co najmniej {0} pozycji", "at least {0} items"),
    (r"Expected `int` >= (-?\d+)", "co najmniej {0}", "at least {0}"),
    (r"Expected `int` <= (-?\d+)", "najwyżej {0}", "at most {0}"),
    (r"Expected a year from (\d+) to (\d+)", "rok od {0} do {1}", "a year from {0} to {1}"),
    (
        r"Expected at most (\d+) combining",
        "najwyżej {0} znaków łączących z rzędu",
        "at most {0} combining signs in a row",
    ),
    (
        r"A PESEL number",
        "zawiera numer PESEL; usuń go, bo danych osobowych się tu nie podaje",
        "holds a PESEL number; take it out, for personal data do not belong here",
    ),
    (r"Object missing required field `(\w+)`", "brak wymaganego pola „{0}”", 'the required field "{0}" is missing'),
    (r"Object contains unknown field `(.*)`", "nieznane pole „{0}”", 'the field "{0}" is not known'),
    (r"Invalid enum value (.*)", "nie ma takiej wartości: {0}", "there is no such value: {0}"),
    (r"Invalid RFC3339 .*|Expected `(?:date|datetime)`, .*", "to nie jest data (RFC 3339)", "not a date (RFC 3339)"),
    (
        r"Expected `datetime` with a timezone component",
        "brak strefy czasowej, np. +01:00 albo Z",
        "the time zone is missing, e.g. +01:00 or Z",
    ),
    (r"Expected `str` matching regex '\^\[a-z\]\{3\}_.*", "to nie jest identyfikator", "not an id"),
    (
        r"Expected `str` matching regex '\^\[0-9\]\{(\d+)\}\$.*",
        "ma mieć {0} cyfr i nic więcej",
        "{0} digits, nothing else",
    ),
    (
        r"Expected `str` matching regex '\^\(0\|\[1-9\]\[0-9\]\{0,11\}\).*",
        "kwotę pisz cyframi, z kropką i groszami, np. 10000.00",
        "write an amount in digits, with a point and two places, as in 10000.00",
    ),
    (
        r"Expected `str` matching regex '(.*)'",
        "zawiera niedozwolone znaki albo nie ma wymaganej postaci",
        "holds signs that are not allowed, or is not of the required form",
    ),
    (r"Expected `(.*)`, got `(.*)`", "oczekiwano {0}, a jest {1}", "expected {0}, got {1}"),
)
_COMPILED = [(re.compile(pattern, re.DOTALL), pl, en) for pattern, pl, en in _EXPLANATIONS]


def explain(what: str) -> tuple[str, str]:
    """In Polish and in English; what is not known here is passed on as the validator said it."""
    for pattern, pl, en in _COMPILED:
        if match := pattern.match(what):
            return pl.format(*match.groups()), en.format(*match.groups())
    return what, what
